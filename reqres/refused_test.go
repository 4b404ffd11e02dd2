package reqres_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Nothing of a call that was refused stands in the answer for its error.
func TestRefusedCallsLeaveNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	const bad = "a\nb"
	for name, call := range map[string]func(res *reqres.Response) error{
		"Status":          func(res *reqres.Response) error { return res.Status(99).End() },
		"Set":             func(res *reqres.Response) error { return res.Set("X-A", bad).End() },
		"Append":          func(res *reqres.Response) error { return res.Append("X-A", "good", bad).End() },
		"Append to one":   func(res *reqres.Response) error { return res.Append("X-Kept", "good", bad).End() },
		"Vary":            func(res *reqres.Response) error { return res.Vary("X-Good", "not good").End() },
		"Links":           func(res *reqres.Response) error { return res.Links(map[string]string{"a": "/good", "b": bad}).End() },
		"Link":            func(res *reqres.Response) error { return res.Link("next", "/good", bad).End() },
		"Cookie":          func(res *reqres.Response) error { return res.Cookie("a b", "", reqres.CookieOptions{}).End() },
		"Redirect":        func(res *reqres.Response) error { return res.Redirect("/there", 99) },
		"Redirect to bad": func(res *reqres.Response) error { return res.Status(99).Redirect(bad) },
		"SendStatus":      func(res *reqres.Response) error { return res.SendStatus(99) },
		"SSE":             func(res *reqres.Response) error { return res.Status(99).SSE(nil) },
		"JSON":            func(res *reqres.Response) error { return res.JSON(func() {}) },
		"SendFile": func(res *reqres.Response) error {
			return res.SendFile(file, reqres.FileOptions{Header: http.Header{"X-A": {"good"}, "X-B": {"good", bad}, "X-Kept": {"other"}}})
		},
		"Download": func(res *reqres.Response) error {
			return res.Download(file, "", reqres.FileOptions{Header: http.Header{"X-B": {bad}}})
		},
	} {
		for _, flavor := range []reqres.Flavor{reqres.Express, reqres.NextJS} {
			mux := served.NewMux(t, adapt.Config{ReqRes: reqres.Settings{Flavor: flavor}}, func(r *adapt.Routes) {
				r.ReqRes.GET("/", func(_ *reqres.Request, res *reqres.Response) error {
					return call(res.Set("X-Kept", "1"))
				})
			})
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			h := maps.Clone(w.Header())
			for _, ours := range []string{"Content-Type", "X-Content-Type-Options", "Content-Length"} {
				delete(h, ours)
			}
			if name == "Redirect" && flavor == reqres.NextJS {
				delete(h, "Location") // which Next.js leaves there
			}
			if diff := cmp.Diff(http.Header{"X-Kept": {"1"}}, h); w.Code != 500 || diff != "" {
				t.Errorf("%s, flavor %d: %d (-want +got):\n%s", name, flavor, w.Code, diff)
			}
		}
	}
}

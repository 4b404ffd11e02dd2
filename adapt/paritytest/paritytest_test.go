package paritytest_test

import (
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestMain(m *testing.M) { leak.Main(m) }

// recorder is a testing.TB that keeps what a test reports.
type recorder struct {
	testing.TB
	errors []string
}

func (*recorder) Helper()             {}
func (*recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func get(target string) []*fetch.Request {
	return []*fetch.Request{fetch.NewRequest("GET", target)}
}

func old(f func() (int, string, error)) reqres.Handler {
	return func(_ *reqres.Request, res *reqres.Response) error {
		code, body, err := f()
		if err != nil {
			return err
		}
		return res.Status(code).Type("text/plain; charset=utf-8").Send(body)
	}
}

func next(f func() (int, string, error)) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) {
		code, body, err := f()
		if err != nil {
			return nil, err
		}
		return fetch.Bytes([]byte(body), fetch.Status(code), fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"))
	}
}

func says(code int, body string) func() (int, string, error) {
	return func() (int, string, error) { return code, body, nil }
}

func fails(err error) func() (int, string, error) {
	return func() (int, string, error) { return 0, "", err }
}

func TestVerdicts(t *testing.T) {
	broken := errors.New("the database is gone")
	panics := func() (int, string, error) { panic("boom") }
	flip := 0
	for name, c := range map[string]struct {
		test paritytest.Test
		want string // a part of the only error, "" for none
	}{
		"equal":        {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x"))}, ""},
		"another body": {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "y"))}, "answered differently"},
		"an error and its answer": {paritytest.Test{
			Old: func(_ *reqres.Request, res *reqres.Response) error {
				return res.Status(404).JSON(map[string]string{"error": "none"})
			},
			Next: next(fails(fetch.Errorf(404, "none"))), Want: []int{404},
		}, ""},
		"a panic is no 500":       {paritytest.Test{Old: old(fails(broken)), Next: next(panics), Want: []int{500}}, "panic"},
		"an error is shown":       {paritytest.Test{Old: old(says(200, "x")), Next: next(fails(broken))}, "new returned the error: the database is gone"},
		"both broken":             {paritytest.Test{Old: old(fails(broken)), Next: next(fails(broken)), Want: []int{0}}, "proves nothing"},
		"both broken on purpose":  {paritytest.Test{Old: old(fails(broken)), Next: next(fails(broken)), Want: []int{500}}, ""},
		"both not what is known":  {paritytest.Test{Old: old(says(201, "x")), Next: next(says(201, "x")), Want: []int{200}}, "not with 200"},
		"all refused":             {paritytest.Test{Old: old(says(404, "x")), Next: next(says(404, "x"))}, "every request"},
		"not reached":             {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x")), Requests: get("/y"), Want: []int{404}}, "does not reach"},
		"no requests":             {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x")), Requests: []*fetch.Request{}}, "no Requests"},
		"a wrong request":         {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x")), Requests: get("x")}, "must begin with /"},
		"a pattern that is none":  {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x")), Pattern: "x"}, "paritytest: adapt"},
		"no handler":              {paritytest.Test{Next: next(says(200, "x"))}, "needs an Old and a Next"},
		"a rule that is none":     {paritytest.Test{Old: old(says(200, "x")), Next: next(says(200, "x")), Rules: parity.Rules{Ignore: []string{"?"}}}, "Rules"},
		"a handler that gives up": {paritytest.Test{Old: old(says(200, "x")), Next: func(*fetch.Request) (*fetch.Response, error) { runtime.Goexit(); return nil, nil }}, "goexit"},
		"an old side that changes its mind": {paritytest.Test{
			Old: func(_ *reqres.Request, res *reqres.Response) error {
				flip++
				return res.Status(200 + flip%2).Type("text/plain; charset=utf-8").Send("x")
			},
			Next: next(says(201, "x")),
		}, "disagrees with itself"},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.test
			if p.Method == "" {
				p.Method = "GET"
			}
			if p.Pattern == "" {
				p.Pattern = "/x"
			}
			if p.Requests == nil {
				p.Requests = get("/x")
			}
			r := &recorder{TB: t}
			p.Run(r)
			switch {
			case c.want == "" && len(r.errors) > 0:
				t.Errorf("reports\n%s", strings.Join(r.errors, "\n"))
			case c.want != "" && (len(r.errors) == 0 || !strings.Contains(strings.Join(r.errors, "\n"), c.want)):
				t.Errorf("reports %q, which says nothing of %q", r.errors, c.want)
			}
		})
	}
}

// Each side gets a request of its own, and the table can be used again.
func TestRequestsAreNotShared(t *testing.T) {
	spoil := func(w http.ResponseWriter, r *http.Request) {
		buf := make([]byte, 10)
		n, _ := r.Body.Read(buf)
		fmt.Fprint(w, r.Header.Get("X-A"), r.URL.Path, " ", string(buf[:n]))
		r.Header.Set("X-A", "spoiled")
		r.URL.Path = "/spoiled"
	}
	reqs := []*fetch.Request{fetch.NewRequest("POST", "/x", fetch.RequestHeader("X-A", "a"), fetch.Body([]byte("body")))}
	for range 2 {
		paritytest.Test{
			Method: "POST", Pattern: "/x", Requests: reqs,
			Old:   reqres.FromHTTP(http.HandlerFunc(spoil)),
			Next:  adapt.ToFetch(reqres.FromHTTP(http.HandlerFunc(spoil))),
			Rules: parity.Rules{Ignore: []string{"header.content-type"}},
		}.Run(ignoringStale{t})
	}
}

// ignoringStale leaves out that a rule matches nothing.
type ignoringStale struct{ testing.TB }

func (i ignoringStale) Errorf(format string, args ...any) {
	if !strings.Contains(format, "matches nothing") {
		i.TB.Helper()
		i.TB.Errorf(format, args...)
	}
}

// What is printed for a shell is what was sent.
func TestCurlIsQuoted(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to read it")
	}
	for _, body := range []string{"plain", "it's", "a\nb", "\x00\xff'\\$x", "ü`id`$(id)"} {
		r := &recorder{TB: t}
		paritytest.Test{
			Method: "POST", Pattern: "/x",
			Old: old(says(200, "x")), Next: next(says(200, "y")),
			Requests: []*fetch.Request{fetch.NewRequest("POST", "/x", fetch.Body([]byte(body)))},
		}.Run(r)
		text := strings.Join(r.errors, "\n")
		i, j := strings.Index(text, "curl -i"), strings.LastIndex(text, "\nfetch.NewRequest")
		if i < 0 || j < i {
			t.Fatalf("no command in\n%s", text)
		}
		script := "curl() { while [ \"$1\" != --data-binary ]; do shift; done; printf %s \"$2\" | od -An -tx1; }\n" + text[i:j]
		out, err := exec.Command(bash, "-c", script).Output()
		if err != nil {
			t.Fatal(err)
		}
		want := body
		if k := strings.IndexByte(body, 0); k >= 0 {
			want = body[:k] // a word of a shell cannot have a NUL
		}
		if got := strings.Join(strings.Fields(string(out)), ""); got != fmt.Sprintf("%x", want) {
			t.Errorf("%q is printed as %q", body, got)
		}
	}
}

func TestServers(t *testing.T) {
	mux := func(s string) *adapt.Mux {
		m, err := adapt.New(func(r *adapt.Routes) {
			r.Fetch.GET("/x", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(s + req.Header("X-A")) })
			r.Fetch.GET("/same", func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/x") })
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	paritytest.Servers{Old: mux("a"), Next: mux("a"), Requests: []*fetch.Request{fetch.NewRequest("GET", "/x", fetch.RequestHeader("X-A", "b")), fetch.NewRequest("GET", "/same")}}.Run(t)
	r := &recorder{TB: t}
	paritytest.Servers{Old: mux("a"), Next: mux("b"), Requests: get("/x")}.Run(r)
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "answered differently") {
		t.Errorf("reports %q", r.errors)
	}
	// Where a redirect leads is compared, whatever an http.Client makes of it.
	to := func(location string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(302)
		})
	}
	r = &recorder{TB: t}
	paritytest.Servers{Old: to("http://a b/"), Next: to("http://c d/"), Requests: get("/x")}.Run(r)
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "header.location") {
		t.Errorf("of redirects to what is not a URL it reports %q", r.errors)
	}
}

func FuzzBothShapesReadAlike(f *testing.F) {
	paritytest.Test{
		Method: "POST", Pattern: "/x/:id",
		Old: func(req *reqres.Request, res *reqres.Response) error {
			body, err := req.Text()
			if err != nil {
				return err
			}
			res.Set("Etag", `"1"`)
			return res.Type("text/plain; charset=utf-8").Send(fmt.Sprintf("%q %q %q %q", req.Param("id"), req.Query("q"), req.Header("X-A"), body))
		},
		Next: func(req *fetch.Request) (*fetch.Response, error) {
			body, err := req.Text()
			if err != nil {
				return nil, err
			}
			return fetch.Text(fmt.Sprintf("%q %q %q %q", req.Param("id"), req.Query("q"), req.Header("X-A"), body), fetch.SetHeader("Etag", `"1"`))
		},
		Requests: []*fetch.Request{
			fetch.NewRequest("POST", "/x/1?q=2", fetch.RequestHeader("X-A", "3"), fetch.Body([]byte("4"))),
			fetch.NewRequest("POST", "/x/a%2Fb?q=%zz&q=+"),
		},
	}.Fuzz(f)
}

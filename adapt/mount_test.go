package adapt_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// seen is what a handler behind a prefix is told about the path.
type seen struct{ Path, RawPath, RawQuery, RequestURI string }

// A mounted handler sees just what http.StripPrefix would show it, and under "/" the request
// itself.
func TestB9MountHandsOnWhatWasSent(t *testing.T) {
	var got seen
	record := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = seen{r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI}
	})
	root := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/", record) })
	below := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/old/app", record) })
	strip := http.StripPrefix("/old/app", record)
	for _, path := range []string{
		"/", "/users/1", "/users/", "/users/a%20b", "/users/caf%C3%A9", "/users/%E4%B8%AD", "/users/a%2Fb", "/users/a%25b",
		"/users/%41", "/caf%E9.txt", "/users/a+b", "/users/a:b@c", "/users/[x]", "/users/a|b", "/a^b/%2f", "/a//b", "/x?a=1;b=%zz&c", "/!$&'()*,;=",
	} {
		for _, place := range []struct {
			name, prefix string
			mux, direct  http.Handler
		}{{"/", "", root, record}, {"/old/app", "/old/app", below, strip}} {
			ask := func(h http.Handler) (seen, int) {
				got = seen{}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest("GET", place.prefix+path, nil))
				return got, w.Code
			}
			want, _ := ask(place.direct)
			have, status := ask(place.mux)
			if d := cmp.Diff(want, have); d != "" || status != http.StatusOK {
				t.Errorf("%s under %s: status %d (-StripPrefix +Mount)\n%s", path, place.name, status, d)
			}
		}
	}
}

// However the client spells the prefix, it goes and nothing else does.
func TestMountPrefixInOtherSpellings(t *testing.T) {
	var got *url.URL
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Mount("/caf\u00e9", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.URL }))
	})
	for target, want := range map[string]string{
		"/caf%C3%A9/a%2Fb/": "/a%2Fb/",
		"/caf%C3%A9/":       "/",
		"/caf%C3%A9/./a":    "/./a",
		"/caf%C3%A9/x/../a": "/x/../a",
	} {
		got = nil
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
		if got == nil || got.EscapedPath() != want {
			t.Errorf("%s is handed on as %v, want %s", target, got, want)
		}
	}
}

// What a report gives to paste beside a Mount can be registered: the Mount has a catch-all without
// a name, which no route can have.
func TestFixesBesideAMount(t *testing.T) {
	var (
		h    = http.NotFoundHandler()
		next = func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() }
		old  = func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(204) }
	)
	for _, tt := range []struct {
		wrong func(r *adapt.Routes)
		fix   string
		right func(r *adapt.Routes) // with the fix in place
	}{
		{
			func(r *adapt.Routes) { r.Mount("/app", h); r.Handle("GET", "/app/[...path]", h) },
			`r.Handle("GET", "/app/[[...rest]]", handler)`,
			func(r *adapt.Routes) { r.Mount("/app", h); r.Handle("GET", "/app/[[...rest]]", h) },
		},
		{
			func(r *adapt.Routes) { r.Mount("/app", h); r.ReqRes.GET("/app/[[...path]]", old) },
			`r.ReqRes.Take("GET", "/app/[[...rest]]", handler)`,
			func(r *adapt.Routes) { r.Mount("/app", h); r.ReqRes.Take("GET", "/app/[[...rest]]", old) },
		},
		{
			func(r *adapt.Routes) { r.Mount("/", h); r.Fetch.Any("/*path", next) },
			`r.Migrate("ANY", "/[[...rest]]", reqres.FromHTTP(old), next)`,
			func(r *adapt.Routes) { r.Migrate("ANY", "/[[...rest]]", reqres.FromHTTP(h), next) },
		},
		{
			func(r *adapt.Routes) { r.Mount("/app", h); r.Migrate("GET", "/app/*path", old, next) },
			"Give the Migrate the pattern /app/[[...rest]].",
			func(r *adapt.Routes) { r.Mount("/app", h); r.Migrate("GET", "/app/[[...rest]]", old, next) },
		},
	} {
		_, err := adapt.New(tt.wrong)
		c, ok := errors.AsType[*adapt.CollisionError](err)
		if !ok || c.Fix != tt.fix {
			t.Errorf("%v\nhas not the fix %s", err, tt.fix)
			continue
		}
		if _, err := adapt.New(tt.right); err != nil {
			t.Errorf("the fix %s leads to\n%v", tt.fix, err)
		}
	}
}

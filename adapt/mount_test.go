package adapt_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// seen is what a handler behind a prefix is told about the path.
type seen struct{ Path, RawPath, RawQuery, RequestURI string }

// A mounted handler sees just what http.StripPrefix would show it, and under "/" the request itself.
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

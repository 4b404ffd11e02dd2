package adapt_test

// Every mistake that a registration can make: each alone, with its line, and all of them in one
// error.

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

var (
	sure      = served.Says("x")
	old       = served.OldSays("x")
	nilFetch  = fetch.Handler(nil)
	nilReqRes = reqres.Handler(nil)
	nilHTTP   = http.HandlerFunc(nil)
)

// mistakes are lines that are wrong, each on a line of its own, and what is reported for them.
var mistakes = []struct {
	register func(r *adapt.Routes)
	want     []string
}{
	{func(r *adapt.Routes) { r.Fetch.GET("/a1", nil) }, []string{"GET /a1 has a nil handler"}},
	{func(r *adapt.Routes) { r.ReqRes.GET("/a2", nil) }, []string{"GET /a2 has a nil handler"}},
	{func(r *adapt.Routes) { r.Handle("GET", "/a3", nil) }, []string{"GET /a3 has a nil handler"}},
	{func(r *adapt.Routes) { r.Handle("GET", "/a4", nilHTTP) }, []string{"GET /a4 has a nil handler"}},
	{func(r *adapt.Routes) { r.Handle("GET", "/a5", nilFetch) }, []string{"GET /a5 has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/a6", adapt.ToFetch(nil)) }, []string{"GET /a6 has a nil handler"}},
	{func(r *adapt.Routes) { r.ReqRes.GET("/a7", adapt.ToReqRes(nil)) }, []string{"GET /a7 has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/a8", fetch.FromHTTP(nil)) }, []string{"GET /a8 has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/a9", fetch.FromHTTP(nilHTTP)) }, []string{"GET /a9 has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/b1", fetch.FromHTTP(nilReqRes)) }, []string{"GET /b1 has a nil handler"}},
	{func(r *adapt.Routes) { r.ReqRes.GET("/b2", reqres.FromHTTP(nilHTTP)) }, []string{"GET /b2 has a nil handler"}},
	{func(r *adapt.Routes) { r.Mount("/b3", nil) }, []string{"ANY /b3/[[...mounted]] has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.Take("GET", "/b4", nil) }, []string{"GET /b4 has a nil handler"}},
	{func(r *adapt.Routes) { r.Fetch.Route("/b5", fetch.Methods{}) }, []string{"ANY /b5 has a nil handler"}},
	{func(r *adapt.Routes) { r.ReqRes.Route("/b6", reqres.Methods{}) }, []string{"ANY /b6 has a nil handler"}},
	{func(r *adapt.Routes) { r.Migrate("GET", "/b7", nil, nil) }, []string{"Migrate GET /b7 needs an old and a new handler, and one is nil"}},
	{func(r *adapt.Routes) { r.Migrate("GET", "/b8", nil, sure) }, []string{"Migrate GET /b8 needs an old and a new handler, and one is nil"}},
	{func(r *adapt.Routes) { r.Migrate("GET", "/b9", old, nil) }, []string{"Migrate GET /b9 needs an old and a new handler, and one is nil"}},
	{func(r *adapt.Routes) { r.Migrate("GET", "/c1", reqres.FromHTTP(nilHTTP), sure) }, []string{"Migrate GET /c1 needs an old and a new handler, and one is nil"}},

	{func(r *adapt.Routes) { r.ReqRes.GET("no slash", old) }, []string{`pattern "no slash", offset 0: a pattern begins with a slash`}},
	{func(r *adapt.Routes) { r.Fetch.GET("/[[id]]", sure) }, []string{`pattern "/[[id]]", offset 1: "[[id]]" is an optional parameter`}},
	{func(r *adapt.Routes) { r.Fetch.On("BAD METHOD", "/c2", sure) }, []string{`"BAD METHOD" is not an HTTP method`}},
	{func(r *adapt.Routes) { r.Fetch.On("", "/c3", sure) }, []string{`"" is not an HTTP method`}},
	{func(r *adapt.Routes) { r.Fetch.On("A B", "c4", nil) }, []string{`pattern "c4", offset 0: a pattern begins with a slash`, `"A B" is not an HTTP method`, "A B c4 has a nil handler"}},

	{func(r *adapt.Routes) { r.Use(nil) }, []string{"Use was given nil middleware"}},
	{func(r *adapt.Routes) { r.Use(served.PassHTTP, nil) }, []string{"Use was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseFetch(nil) }, []string{"UseFetch was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseReqRes(nil) }, []string{"UseReqRes was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseFetch(adapt.ToFetchMiddleware(nil)) }, []string{"UseFetch was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseReqRes(adapt.ToReqResMiddleware(nil)) }, []string{"UseReqRes was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseBoth(nil, served.PassReqRes) }, []string{"UseBoth was given nil middleware"}},
	{func(r *adapt.Routes) { r.UseBoth(served.PassFetch, nil) }, []string{"UseBoth was given nil middleware"}},
	{func(r *adapt.Routes) { r.OnHead(nil) }, []string{"OnHead was given a nil function"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/c5", sure); r.Use(nil) }, []string{"Use was given nil middleware", "Use comes after a route of its scope"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/c6", sure); r.UseBoth(served.PassFetch, served.PassReqRes) }, []string{"UseBoth comes after a route of its scope, registered at routes_test.go:"}},
	{func(r *adapt.Routes) { r.Guard(nil) }, []string{"Guard was given nil middleware"}},
	{func(r *adapt.Routes) { r.With(nil).Fetch.GET("/d1", sure) }, []string{"With was given nil middleware"}},
	{func(r *adapt.Routes) { r.Fetch.With(nil).GET("/d2", sure) }, []string{"With was given nil middleware"}},
	{func(r *adapt.Routes) { r.ReqRes.With(served.PassReqRes, nil) }, []string{"With was given nil middleware"}},
	{func(r *adapt.Routes) { r.WithGuard(nil) }, []string{"WithGuard was given nil middleware"}},
	{func(r *adapt.Routes) { r.With().Use(served.PassHTTP) }, []string{"Use on what With returned, which is for single routes"}},
	{func(r *adapt.Routes) { r.With().UseFetch(served.PassFetch) }, []string{"UseFetch on what With returned"}},
	{func(r *adapt.Routes) { r.With().UseReqRes(served.PassReqRes) }, []string{"UseReqRes on what With returned"}},
	{func(r *adapt.Routes) { r.With().UseBoth(served.PassFetch, served.PassReqRes) }, []string{"UseBoth on what With returned"}},
	{func(r *adapt.Routes) { r.WithGuard(passGuard).Guard(passGuard) }, []string{"Guard on what WithGuard returned"}},
	{func(r *adapt.Routes) { r.With().With().OnHead(func(*http.Request, int, http.Header) {}) }, []string{"OnHead on what With returned"}},
	{func(r *adapt.Routes) { r.OnEnd(nil) }, []string{"OnEnd was given a nil function"}},
	{func(r *adapt.Routes) { r.With().OnEnd(func(adapt.Ended) {}) }, []string{"OnEnd on what With returned"}},
	{func(r *adapt.Routes) { r.Fetch.GET("/d3", sure); r.Guard(passGuard) }, []string{"Guard comes after a route of its scope"}},
	{func(r *adapt.Routes) { r.With().Fetch.GET("/d4", sure); r.Guard(passGuard) }, []string{"Guard comes after a route of its scope"}},

	{func(r *adapt.Routes) { r.Mount("m/", http.NotFoundHandler()) }, []string{`the prefix "m/" of a mount must begin with /`}},
	{func(r *adapt.Routes) { r.Scope(adapt.Scope{Prefix: "p"}, func(*adapt.Routes) {}) }, []string{`the prefix "p" of a scope must begin with /`}},
	{func(r *adapt.Routes) { r.Scope(adapt.Scope{Prefix: "p"}, nilRoute) }, []string{`the prefix "p" of a scope must begin with /`, "GET /p/c7 has a nil handler"}},
	{func(r *adapt.Routes) { r.Scope(adapt.Scope{Prefix: "p"}, nil) }, []string{`the prefix "p" of a scope must begin with /`, "Scope was given a nil function"}},
	{func(r *adapt.Routes) { r.Scope(adapt.Scope{}, nil) }, []string{"Scope was given a nil function"}},
	{func(r *adapt.Routes) { canary(r, func(r *adapt.Routes) { r.Migrate("GET", "/c8", old, sure) }) }, []string{"Migrate GET /c8: "}},
}

// nilRoute is a mistake inside a scope.
func nilRoute(r *adapt.Routes) { r.Fetch.GET("/c7", nil) }

// canary is a scope whose plan needs a key that it does not have.
func canary(r *adapt.Routes, routes func(*adapt.Routes)) {
	r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.5}}}, routes)
}

// reported are the mistakes in an error of New, without their lines, which must be line if that is
// not 0.
func reported(t *testing.T, err error, line int) (texts []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	for text := range strings.Lines(err.Error()) {
		parts := strings.SplitN(strings.TrimSpace(text), ": ", 3)
		site := "routes_test.go:"
		if line != 0 {
			site += fmt.Sprint(line)
		}
		if len(parts) != 3 || parts[0] != "adapt" || !strings.HasPrefix(parts[1], site) {
			t.Fatalf("not located at %s: %s", site, text)
		}
		texts = append(texts, parts[2])
	}
	return texts
}

func TestMistakes(t *testing.T) {
	var all []string
	for _, m := range mistakes {
		file, line := runtime.FuncForPC(reflect.ValueOf(m.register).Pointer()).FileLine(reflect.ValueOf(m.register).Pointer())
		_, err := adapt.New(m.register)
		if len(m.want) > 1 && strings.Contains(m.want[1], "/c7") {
			line = 0 // that one is elsewhere
		}
		got := reported(t, err, line)
		if len(got) != len(m.want) {
			t.Errorf("%s:%d: reported %q, want %q", filepath.Base(file), line, got, m.want)
			continue
		}
		for i, want := range m.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s:%d: reported %q, want %q", filepath.Base(file), line, got[i], want)
			}
		}
		all = append(all, got...)
	}
	var routes []func(*adapt.Routes)
	for _, m := range mistakes {
		routes = append(routes, m.register)
	}
	_, err := adapt.New(routes...)
	if diff := cmp.Diff(all, reported(t, err, 0)); diff != "" {
		t.Errorf("all at once (-want +got):\n%s", diff)
	}
	if !errors.Is(err, migrate.ErrNoKey) {
		t.Error("a canary without a key is not ErrNoKey")
	}
}

func TestMistakesOfNew(t *testing.T) {
	_, err := adapt.New(nil, func(r *adapt.Routes) {
		r.Fetch.GET("/twice", sure)
		r.Fetch.GET("/twice", sure)
		r.Fetch.GET("/none", nil)
	})
	if n := len(slices.Collect(adapt.Collisions(err))); n != 1 {
		t.Errorf("%d collisions, want 1", n)
	}
	for _, want := range []string{"adapt: routes_test.go:", "New was given a nil function", "GET /none has a nil handler", "GET /twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

// A table that is refused runs no constructor of middleware.
func TestRefusedTablesComposeNothing(t *testing.T) {
	ran := false
	for _, wrong := range []func(r *adapt.Routes){
		func(r *adapt.Routes) { r.Fetch.GET("/b", nil) },
		func(r *adapt.Routes) { r.ReqRes.GET("/:id", old) },
	} {
		_, err := adapt.New(func(r *adapt.Routes) {
			r.Use(func(http.Handler) http.Handler { ran = true; panic("a constructor runs") })
			r.Fetch.GET("/:id", sure)
			wrong(r)
		})
		if err == nil || ran {
			t.Errorf("New returned %v, and a constructor ran: %v", err, ran)
		}
	}
}

// Middleware that returns no handler is a mistake of its line, told once.
func TestMiddlewareWithoutAHandler(t *testing.T) {
	for _, use := range []func(r *adapt.Routes){
		func(r *adapt.Routes) { r.Use(func(http.Handler) http.Handler { return nil }) },
		func(r *adapt.Routes) { r.Use(func(http.Handler) http.Handler { return nilHTTP }) },
		func(r *adapt.Routes) { r.UseFetch(func(fetch.Handler) fetch.Handler { return nil }) },
		func(r *adapt.Routes) { r.UseReqRes(func(reqres.Handler) reqres.Handler { return nil }) },
		func(r *adapt.Routes) { r.UseBoth(func(fetch.Handler) fetch.Handler { return nil }, served.PassReqRes) },
	} {
		_, err := adapt.New(func(r *adapt.Routes) {
			use(r)
			r.Fetch.GET("/a", sure)
			r.Migrate("GET", "/b", old, sure)
		})
		got := reported(t, err, 0)
		if len(got) != 1 || !strings.HasPrefix(got[0], "the middleware given to Use") || !strings.HasSuffix(got[0], "returned a nil handler") {
			t.Errorf("reported %q", got)
		}
	}
}

package adapt_test

// The verbs of both faces. Each is registered alone, so that one that registers another method is
// seen.

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestVerbs(t *testing.T) {
	next, old := served.Says("here"), served.OldSays("here")
	std := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("here")) })
	tests := []struct {
		name     string
		register func(r *adapt.Routes)
		shape    adapt.Shape
		methods  []string // as registered
	}{
		{"Fetch.GET", func(r *adapt.Routes) { r.Fetch.GET("/", next) }, adapt.ShapeFetch, []string{"GET"}},
		{"Fetch.HEAD", func(r *adapt.Routes) { r.Fetch.HEAD("/", next) }, adapt.ShapeFetch, []string{"HEAD"}},
		{"Fetch.POST", func(r *adapt.Routes) { r.Fetch.POST("/", next) }, adapt.ShapeFetch, []string{"POST"}},
		{"Fetch.PUT", func(r *adapt.Routes) { r.Fetch.PUT("/", next) }, adapt.ShapeFetch, []string{"PUT"}},
		{"Fetch.PATCH", func(r *adapt.Routes) { r.Fetch.PATCH("/", next) }, adapt.ShapeFetch, []string{"PATCH"}},
		{"Fetch.DELETE", func(r *adapt.Routes) { r.Fetch.DELETE("/", next) }, adapt.ShapeFetch, []string{"DELETE"}},
		{"Fetch.OPTIONS", func(r *adapt.Routes) { r.Fetch.OPTIONS("/", next) }, adapt.ShapeFetch, []string{"OPTIONS"}},
		{"Fetch.Any", func(r *adapt.Routes) { r.Fetch.Any("/", next) }, adapt.ShapeFetch, []string{"ANY"}},
		{"Fetch.On", func(r *adapt.Routes) { r.Fetch.On("PURGE", "/", next) }, adapt.ShapeFetch, []string{"PURGE"}},
		{"Fetch.Take", func(r *adapt.Routes) { r.Fetch.Take("PUT", "/", next) }, adapt.ShapeFetch, []string{"PUT"}},
		{"Fetch.Route", func(r *adapt.Routes) { r.Fetch.Route("/", fetch.Methods{PATCH: next, DELETE: next}) }, adapt.ShapeFetch, []string{"PATCH", "DELETE"}},
		{"Fetch.Route of all", func(r *adapt.Routes) {
			r.Fetch.Route("/", fetch.Methods{GET: next, HEAD: next, POST: next, PUT: next, PATCH: next, DELETE: next, OPTIONS: next})
		}, adapt.ShapeFetch, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}},
		{"ReqRes.GET", func(r *adapt.Routes) { r.ReqRes.GET("/", old) }, adapt.ShapeReqRes, []string{"GET"}},
		{"ReqRes.HEAD", func(r *adapt.Routes) { r.ReqRes.HEAD("/", old) }, adapt.ShapeReqRes, []string{"HEAD"}},
		{"ReqRes.POST", func(r *adapt.Routes) { r.ReqRes.POST("/", old) }, adapt.ShapeReqRes, []string{"POST"}},
		{"ReqRes.PUT", func(r *adapt.Routes) { r.ReqRes.PUT("/", old) }, adapt.ShapeReqRes, []string{"PUT"}},
		{"ReqRes.PATCH", func(r *adapt.Routes) { r.ReqRes.PATCH("/", old) }, adapt.ShapeReqRes, []string{"PATCH"}},
		{"ReqRes.DELETE", func(r *adapt.Routes) { r.ReqRes.DELETE("/", old) }, adapt.ShapeReqRes, []string{"DELETE"}},
		{"ReqRes.OPTIONS", func(r *adapt.Routes) { r.ReqRes.OPTIONS("/", old) }, adapt.ShapeReqRes, []string{"OPTIONS"}},
		{"ReqRes.Any", func(r *adapt.Routes) { r.ReqRes.Any("/", old) }, adapt.ShapeReqRes, []string{"ANY"}},
		{"ReqRes.On", func(r *adapt.Routes) { r.ReqRes.On("PURGE", "/", old) }, adapt.ShapeReqRes, []string{"PURGE"}},
		{"ReqRes.Take", func(r *adapt.Routes) { r.ReqRes.Take("PUT", "/", old) }, adapt.ShapeReqRes, []string{"PUT"}},
		{"ReqRes.Route", func(r *adapt.Routes) { r.ReqRes.Route("/", reqres.Methods{PATCH: old, DELETE: old}) }, adapt.ShapeReqRes, []string{"PATCH", "DELETE"}},
		{"ReqRes.Route of all", func(r *adapt.Routes) {
			r.ReqRes.Route("/", reqres.Methods{GET: old, HEAD: old, POST: old, PUT: old, PATCH: old, DELETE: old, OPTIONS: old})
		}, adapt.ShapeReqRes, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}},
		{"Handle", func(r *adapt.Routes) { r.Handle("LOCK", "/", std) }, adapt.ShapeHTTP, []string{"LOCK"}},
		{"Migrate", func(r *adapt.Routes) { r.Migrate("PUT", "/", old, next) }, adapt.ShapeFetch, []string{"PUT"}},
	}
	for _, tt := range tests {
		mux := served.NewMux(t, adapt.Config{}, tt.register)
		var registered []string
		for route := range mux.Routes() {
			registered = append(registered, route.Method)
			if route.Shape != tt.shape || !strings.HasPrefix(route.Source, "faces_test.go:") {
				t.Errorf("%s registers %v", tt.name, route)
			}
		}
		if diff := cmp.Diff(tt.methods, registered); diff != "" {
			t.Errorf("%s registers (-want +got):\n%s", tt.name, diff)
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "LOCK"} {
			serves := slices.Contains(tt.methods, method) || slices.Contains(tt.methods, "ANY") || method == "HEAD" && slices.Contains(tt.methods, "GET")
			want := 405
			switch {
			case serves:
				want = 200
			case method == "OPTIONS":
				want = 204
			}
			got := served.Ask(t, mux, method, "/")
			if got.Status != want || serves && method != "HEAD" && got.Body != "here" {
				t.Errorf("%s: %s is answered with %d %q, want %d", tt.name, method, got.Status, got.Body, want)
			}
		}
	}
}

// The methods of one Route have handlers of their own.
func TestRouteKeepsHandlersApart(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.Route("/fetch", fetch.Methods{
			GET: served.Says("GET"), HEAD: served.Says("HEAD"), POST: served.Says("POST"), PUT: served.Says("PUT"),
			PATCH: served.Says("PATCH"), DELETE: served.Says("DELETE"), OPTIONS: served.Says("OPTIONS"),
		})
		r.ReqRes.Route("/reqres", reqres.Methods{
			GET: served.OldSays("GET"), HEAD: served.OldSays("HEAD"), POST: served.OldSays("POST"), PUT: served.OldSays("PUT"),
			PATCH: served.OldSays("PATCH"), DELETE: served.OldSays("DELETE"), OPTIONS: served.OldSays("OPTIONS"),
		})
	})
	for _, path := range []string{"/fetch", "/reqres"} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if got := served.Ask(t, mux, method, path).Body; got != method {
				t.Errorf("%s %s is served by the handler of %s", method, path, got)
			}
		}
	}
}

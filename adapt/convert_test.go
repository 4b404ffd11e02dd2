package adapt_test

// The conversions of handlers and of middleware, in both directions.

import (
	"fmt"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestConversionsOfNil(t *testing.T) {
	if adapt.ToFetch(nil) != nil || adapt.ToReqRes(nil) != nil {
		t.Error("the conversion of a nil handler is not nil")
	}
	if adapt.ToFetchMiddleware(nil) != nil || adapt.ToReqResMiddleware(nil) != nil {
		t.Error("the conversion of nil middleware is not nil")
	}
	if fetch.FromHTTP(nil) != nil || reqres.FromHTTP(nil) != nil {
		t.Error("FromHTTP of nil is not nil")
	}
}

// Converted middleware runs once, around the handler, sees its answer and changes it, whichever way
// it goes.
func TestConvertedMiddleware(t *testing.T) {
	var saw []string
	inReqRes := func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			saw = append(saw, "before "+req.Path())
			err := next(req, res.Set("X-Mw", "reqres"))
			saw = append(saw, fmt.Sprint("after ", res.StatusCode()))
			return err
		}
	}
	inFetch := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			saw = append(saw, "before "+req.Path())
			res, err := next(req)
			saw = append(saw, fmt.Sprint("after ", res.Status()))
			return res.WithHeader("X-Mw", "fetch"), err
		}
	}
	next := fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("x", fetch.Status(201)) })
	old := reqres.Handler(func(_ *reqres.Request, res *reqres.Response) error { return res.Status(201).Send("x") })
	tests := []struct {
		name, mw string
		register func(r *adapt.Routes)
	}{
		{"ToFetchMiddleware around fetch", "reqres", func(r *adapt.Routes) { r.Fetch.GET("/x", adapt.ToFetchMiddleware(inReqRes)(next)) }},
		{"ToFetchMiddleware around a conversion", "reqres", func(r *adapt.Routes) { r.Fetch.GET("/x", adapt.ToFetchMiddleware(inReqRes)(adapt.ToFetch(old))) }},
		{"ToFetchMiddleware of a scope", "reqres", func(r *adapt.Routes) {
			r.UseFetch(adapt.ToFetchMiddleware(inReqRes))
			r.ReqRes.GET("/x", old)
		}},
		{"ToReqResMiddleware around reqres", "fetch", func(r *adapt.Routes) { r.ReqRes.GET("/x", adapt.ToReqResMiddleware(inFetch)(old)) }},
		{"ToReqResMiddleware around a conversion", "fetch", func(r *adapt.Routes) { r.ReqRes.GET("/x", adapt.ToReqResMiddleware(inFetch)(adapt.ToReqRes(next))) }},
		{"ToReqResMiddleware of a scope", "fetch", func(r *adapt.Routes) {
			r.UseReqRes(adapt.ToReqResMiddleware(inFetch))
			r.Fetch.GET("/x", next)
		}},
		{"there and back", "fetch", func(r *adapt.Routes) {
			r.UseFetch(adapt.ToFetchMiddleware(adapt.ToReqResMiddleware(inFetch)))
			r.Fetch.GET("/x", next)
		}},
	}
	for _, tt := range tests {
		saw = nil
		got := served.Ask(t, served.NewMux(t, adapt.Config{}, tt.register), "GET", "/x")
		if got.Status != 201 || got.Body != "x" || got.Header.Get("X-Mw") != tt.mw {
			t.Errorf("%s: answered %+v", tt.name, got)
		}
		if fmt.Sprint(saw) != "[before /x after 201]" {
			t.Errorf("%s: the middleware saw %q", tt.name, saw)
		}
	}
}

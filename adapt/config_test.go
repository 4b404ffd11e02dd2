package adapt_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

var (
	errNoRow   = errors.New("no row")
	errNoRight = errors.New("no right")
)

// mapped is how a service renders the errors of its domain: in each of the ways that it has.
var mapped = map[string]func(c *adapt.Config, calls *atomic.Int64) func(r *adapt.Routes){
	"ErrorResponse": func(c *adapt.Config, calls *atomic.Int64) func(r *adapt.Routes) {
		c.ErrorResponse = func(_ *fetch.Request, err error) *fetch.Response {
			calls.Add(1)
			switch {
			case errors.Is(err, errNoRow):
				return fetch.Must(fetch.Text("mapped none", fetch.Status(404)))
			case errors.Is(err, errNoRight):
				return fetch.Must(fetch.Text("mapped right", fetch.Status(403)))
			}
			return nil
		}
		return func(*adapt.Routes) {}
	},
	"OnError": func(_ *adapt.Config, calls *atomic.Int64) func(r *adapt.Routes) {
		return func(r *adapt.Routes) { r.UseReqRes(mapsErrors(calls)) }
	},
	"OnError around fetch middleware": func(_ *adapt.Config, calls *atomic.Int64) func(r *adapt.Routes) {
		return func(r *adapt.Routes) { r.UseReqRes(mapsErrors(calls)); r.UseFetch(served.PassFetch) }
	},
	"a response as the error": func(*adapt.Config, *atomic.Int64) func(r *adapt.Routes) { return func(*adapt.Routes) {} },
	"the default":             func(*adapt.Config, *atomic.Int64) func(r *adapt.Routes) { return func(*adapt.Routes) {} },
}

func mapsErrors(calls *atomic.Int64) reqres.Middleware {
	return reqres.OnError(func(err error, _ *reqres.Request, res *reqres.Response) error {
		calls.Add(1)
		switch {
		case errors.Is(err, errNoRow):
			return res.Status(404).Set("Content-Type", "text/plain;charset=UTF-8").Send("mapped none")
		case errors.Is(err, errNoRight):
			return res.Status(403).Set("Content-Type", "text/plain;charset=UTF-8").Send("mapped right")
		}
		return err
	})
}

func failing(way string, err error) (reqres.Handler, fetch.Handler) {
	if way == "a response as the error" {
		status := 404
		if err == errNoRight {
			status = 403
		}
		err = fetch.AsError(fetch.Text("mapped", fetch.Status(status)))
	}
	if way == "the default" {
		status := 404
		if err == errNoRight {
			status = 403
		}
		err = crossfade.Errorf(status, "%w", err)
	}
	return func(*reqres.Request, *reqres.Response) error { return err }, func(*fetch.Request) (*fetch.Response, error) { return nil, err }
}

// D2: the outcome is the status that the client gets, whoever rendered it, and it is rendered once.
func TestD2OutcomeAsRendered(t *testing.T) {
	for way, configure := range mapped {
		for around, use := range map[string]func(r *adapt.Routes){"nothing": func(*adapt.Routes) {}, "fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }} {
			for _, plan := range []migrate.Plan{{}, {Stage: migrate.Canary, Share: 1}, {Stage: migrate.Live}, {Stage: migrate.New}} {
				var log strings.Builder
				var calls atomic.Int64
				c := adapt.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}
				chain := configure(&c, &calls)
				old, next := failing(way, errNoRow)
				var pair *migrate.Pair
				mux := served.NewMux(t, c, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: migrate.Config{Plan: plan, Key: func(*http.Request) (string, bool) { return "k", true }, Shadow: migrate.ShadowConfig{Sample: -1}}}, func(r *adapt.Routes) {
						use(r)
						chain(r)
						pair = r.Migrate("GET", "/x", old, next)
					})
				})
				got := served.Ask(t, mux, "GET", "/x")
				s := pair.Snapshot()
				side := s.New
				if plan.Stage == migrate.Old {
					side = s.Old
				}
				if got.Status != 404 || side[migrate.Refused] != 1 || side[migrate.Failed] != 0 {
					t.Errorf("%s behind %s at %v: %d %q, counted %v", way, around, plan, got.Status, got.Body, side)
				}
				if strings.Contains(log.String(), "ERROR") {
					t.Errorf("%s behind %s at %v: logged\n%s", way, around, plan, log.String())
				}
				if n := calls.Load(); n > 1 {
					t.Errorf("%s behind %s at %v: rendered %d times", way, around, plan, n)
				}
			}
		}
	}
}

// D3: two errors that are rendered differently are never called equal, and two that are rendered
// alike are.
func TestD3ErrorsAreComparedAsRendered(t *testing.T) {
	for way, configure := range mapped {
		for _, same := range []bool{true, false} {
			for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Live} {
				var calls atomic.Int64
				c := adapt.Config{Logger: slog.New(slog.DiscardHandler)}
				chain := configure(&c, &calls)
				old, next := failing(way, errNoRow)
				if !same {
					_, next = failing(way, errNoRight)
				}
				var pair *migrate.Pair
				mux := served.NewMux(t, c, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: stage}, Shadow: migrate.ShadowConfig{Control: -1, MaxSchedLatency: -1}}}, func(r *adapt.Routes) {
						chain(r)
						pair = r.Migrate("GET", "/x", old, next)
					})
				})
				answer := served.Ask(t, mux, "GET", "/x")
				s := pair.Snapshot()
				for deadline := time.Now().Add(20 * time.Second); s.Compared == 0 && time.Now().Before(deadline); s = pair.Snapshot() {
					time.Sleep(time.Millisecond)
				}
				if s.Compared != 1 || (s.Mismatch == 0) != same {
					t.Errorf("%s, the same error: %v, at %v: %d compared, %d differ at %v; the client got %d", way, same, stage, s.Compared, s.Mismatch, s.Places, answer.Status)
				}
			}
		}
	}
}

// A response that is returned as an error is one at every stage and behind every chain: error handlers
// see it, and a failure is in the log.
func TestD2ResponseAsError(t *testing.T) {
	all := reqres.OnError(func(_ error, _ *reqres.Request, res *reqres.Response) error { return res.Status(499).Send("handled") })
	for around, use := range map[string]func(r *adapt.Routes){
		"nothing": func(*adapt.Routes) {}, "fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) },
		"OnError":        func(r *adapt.Routes) { r.UseReqRes(all) },
		"OnError, fetch": func(r *adapt.Routes) { r.UseReqRes(all); r.UseFetch(served.PassFetch) },
		"fetch, OnError": func(r *adapt.Routes) { r.UseFetch(served.PassFetch); r.UseReqRes(all) },
	} {
		for _, status := range []int{200, 409, 502} {
			for _, plan := range []migrate.Plan{{}, {Stage: migrate.Canary, Share: 1}, {Stage: migrate.Live}, {Stage: migrate.New}} {
				var log strings.Builder
				next := func(*fetch.Request) (*fetch.Response, error) {
					return nil, fetch.AsError(fetch.Text("mapped", fetch.Status(status)))
				}
				mux := served.NewMux(t, adapt.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: migrate.Config{Plan: plan, Key: func(*http.Request) (string, bool) { return "k", true }, Shadow: migrate.ShadowConfig{Sample: -1}}}, func(r *adapt.Routes) {
						use(r)
						r.Migrate("POST", "/x", adapt.ToReqRes(next), next)
					})
				})
				want := status
				if strings.Contains(around, "OnError") {
					want = 499
				}
				if got := served.Ask(t, mux, "POST", "/x"); got.Status != want || strings.Contains(log.String(), "ERROR") != (want >= 500) {
					t.Errorf("%d behind %s at %v: %d %s, logged %q", status, around, plan, got.Status, got.Body, log.String())
				}
			}
		}
	}
}

// An error handler that neither answers nor returns an error leaves a failure, and so does a handler;
// it is the same on both sides, whatever stands around.
func TestD3NoAnswer(t *testing.T) {
	nothing := reqres.OnError(func(error, *reqres.Request, *reqres.Response) error { return nil })
	oldFails, newFails := failing("the default", errNoRow)
	for around, use := range map[string]func(r *adapt.Routes){
		"nothing": func(*adapt.Routes) {}, "fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) },
		"all": func(r *adapt.Routes) {
			r.UseFetch(served.PassFetch)
			r.UseReqRes(served.PassReqRes)
			r.Use(served.PassHTTP)
		},
	} {
		for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Live, migrate.New} {
			var pairs []*migrate.Pair
			mux := served.NewMux(t, adapt.Config{Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
				r.Scope(adapt.Scope{Migration: served.Patient(stage)}, func(r *adapt.Routes) {
					use(r)
					pairs = append(pairs, r.Migrate("GET", "/none", func(*reqres.Request, *reqres.Response) error { return nil }, func(*fetch.Request) (*fetch.Response, error) { return nil, nil }))
					r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
						r.UseReqRes(nothing)
						pairs = append(pairs, r.Migrate("GET", "/handler", oldFails, newFails))
					})
				})
			})
			for _, path := range []string{"/none", "/handler"} {
				if got := served.Ask(t, mux, "GET", path); got.Status != 500 {
					t.Errorf("%s behind %s at %v: %d %s", path, around, stage, got.Status, got.Body)
				}
			}
			if err := mux.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			for _, pair := range pairs {
				s := pair.Snapshot()
				if s.Mismatch != 0 || s.Old[migrate.Failed]+s.New[migrate.Failed] == 0 || stage == migrate.Shadow && s.Compared != 1 {
					t.Errorf("%s behind %s at %v: %d compared, differ at %v, old %v, new %v", s.Name, around, stage, s.Compared, s.Places, s.Old, s.New)
				}
			}
		}
	}
}

// D4: what is logged names the handler that ran, and its side.
func TestD4TheLogNamesTheHandlerThatRan(t *testing.T) {
	for _, stage := range []migrate.Stage{migrate.Old, migrate.New} {
		var log strings.Builder
		mux := served.NewMux(t, adapt.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}, func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: stage}}}, func(r *adapt.Routes) {
				r.Migrate("GET", "/x", oldSideFails, newSideFails)
			})
		})
		served.Ask(t, mux, "GET", "/x")
		name, side := "oldSideFails", "side=old"
		if stage == migrate.New {
			name, side = "newSideFails", "side=new"
		}
		if diff := cmp.Diff([]bool{true, true}, []bool{strings.Contains(log.String(), name), strings.Contains(log.String(), side)}); diff != "" {
			t.Errorf("at %v:\n%s", stage, log.String())
		}
	}
}

func oldSideFails(*reqres.Request, *reqres.Response) error { return errNoRow }

func newSideFails(*fetch.Request) (*fetch.Response, error) { return nil, errNoRow }

// A body is parsed before the handler for those alone that were written in the mutable shape: what
// another makes of a body is its own business.
func TestBodiesOfOtherHandlersAreNotParsedFirst(t *testing.T) {
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		fmt.Fprint(w, string(b), err)
	})
	inFetch := func(req *fetch.Request) (*fetch.Response, error) {
		s, err := req.Text()
		return fetch.Text(fmt.Sprint(s, err))
	}
	inReqRes := func(req *reqres.Request, res *reqres.Response) error { return res.Send("ran") }
	c := adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}
	for name, use := range map[string]func(*adapt.Routes){
		"reqres":                    func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes) },
		"fetch, reqres":             func(r *adapt.Routes) { r.UseFetch(served.PassFetch); r.UseReqRes(served.PassReqRes) },
		"reqres, fetch":             func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes); r.UseFetch(served.PassFetch) },
		"net/http, reqres":          func(r *adapt.Routes) { r.Use(served.PassHTTP); r.UseReqRes(served.PassReqRes) },
		"reqres, net/http":          func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes); r.Use(served.PassHTTP) },
		"reqres, as fetch":          func(r *adapt.Routes) { r.UseFetch(adapt.ToFetchMiddleware(served.PassReqRes)) },
		"fetch, as reqres":          func(r *adapt.Routes) { r.UseReqRes(adapt.ToReqResMiddleware(served.PassFetch)) },
		"net/http, fetch as reqres": func(r *adapt.Routes) { r.Use(served.PassHTTP); r.UseReqRes(adapt.ToReqResMiddleware(served.PassFetch)) },
	} {
		mux := served.NewMux(t, c, func(r *adapt.Routes) {
			use(r)
			r.Mount("/mount", read)
			r.Legacy("/legacy", adapt.App{Name: "app", Handler: read})
			r.Handle("POST", "/http", read)
			r.ReqRes.POST("/from", reqres.FromHTTP(read))
			r.Fetch.POST("/in-fetch", fetch.FromHTTP(read))
			r.Fetch.POST("/fetch", inFetch)
			r.ReqRes.POST("/converted", adapt.ToReqRes(inFetch))
			r.Migrate("POST", "/migrated", reqres.FromHTTP(read), inFetch)
			r.ReqRes.POST("/reqres", inReqRes)
			r.Fetch.POST("/there", adapt.ToFetch(inReqRes))
			r.Fetch.POST("/wrapped", served.PassFetch(adapt.ToFetch(inReqRes)))
			r.Migrate("POST", "/old", inReqRes, inFetch)
		})
		for path, want := range map[string]int{
			"/mount/x": 200, "/legacy/x": 200, "/http": 200, "/from": 200, "/in-fetch": 200, "/fetch": 200, "/converted": 200, "/migrated": 200,
			"/reqres": 400, "/there": 400, "/wrapped": 400, "/old": 400,
		} {
			req := httptest.NewRequest("POST", path, strings.NewReader("{bad"))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, req)
			if w.Code != want || want == 200 && w.Body.String() != "{bad<nil>" {
				t.Errorf("%s behind %s: %d %s, want %d", path, name, w.Code, w.Body, want)
			}
		}
	}
}

// An error that has become a response which cannot be sent is answered as without ErrorResponse: of
// a handler of Next.js by its text, beside the headers that it has set.
func TestErrorResponseThatCannotBeSent(t *testing.T) {
	c := adapt.Config{
		ReqRes: reqres.Settings{Flavor: reqres.NextJS},
		Logger: slog.New(slog.DiscardHandler),
		ErrorResponse: func(*fetch.Request, error) *fetch.Response {
			res, _ := fetch.Text("x")
			return res.WithHeader("not a name", "v")
		},
	}
	mux := served.NewMux(t, c, func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("X-A", "1")
			return errors.New("boom")
		})
	})
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	want, got := "500 map[X-A:[1]] Internal Server Error", fmt.Sprint(w.Code, " ", w.Header(), " ", w.Body)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

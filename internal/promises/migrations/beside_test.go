package migrations_test

// A pair with nothing around it is entered in the shape of new. Where new fails, old is entered
// beside it: the client gets what old answers alone, to the byte, whatever new was, had read and had
// done to what it got.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestOldBesideNew(t *testing.T) {
	type local struct{}
	olds := map[string]reqres.Handler{
		"JSON with a tag": func(_ *reqres.Request, res *reqres.Response) error { return res.JSON(map[string]int{"old": 1}) },
		"what it reads": func(req *reqres.Request, res *reqres.Response) error {
			body, err := req.Text()
			if err != nil {
				return err
			}
			return res.Send(fmt.Sprint(body, req.Get("X-Who"), req.Context().Value(local{}), res.Locals()["new"], req.Route(), req.HTTP().Header))
		},
		"headers of the connection": func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Keep-Alive", "1").Set("Connection", "X-Hop").Set("X-Hop", "1").Send("old")
		},
		"an error, with headers": func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("X-Old", "1").Cookie("old", "1", reqres.CookieOptions{})
			return reqres.Errorf(409, "old refuses")
		},
		"a failure": func(*reqres.Request, *reqres.Response) error { return errors.New("broken") },
		"a panic":   func(*reqres.Request, *reqres.Response) error { panic("old") },
		"no answer": func(*reqres.Request, *reqres.Response) error { return nil },
		"half an answer": func(_ *reqres.Request, res *reqres.Response) error {
			_, _ = io.WriteString(res.Set("Content-Length", "9"), "half")
			return nil
		},
		"flushes and trailers": reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			_, _ = io.WriteString(w, r.Header.Get("X-Who"))
			_ = http.NewResponseController(w).Flush()
			_, _ = io.Copy(w, r.Body)
			w.Header().Set("X-Sum", "1")
		})),
		"a connection of its own": reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				http.Error(w, err.Error(), 500)
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 299 Mine\r\nContent-Length: 3\r\nConnection: close\r\n\r\nold")
			conn.Close()
		})),
	}
	news := map[string]fetch.Handler{
		"that declines": func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline },
		"that has collected the body": func(req *fetch.Request) (*fetch.Response, error) {
			if _, err := req.Text(); err != nil {
				return nil, err
			}
			return nil, migrate.ErrDecline
		},
		"that has read a form that is none": func(req *fetch.Request) (*fetch.Response, error) {
			_, _ = req.Form()
			return nil, migrate.ErrDecline
		},
		"that has read a stream": func(req *fetch.Request) (*fetch.Response, error) {
			_, err := io.Copy(io.Discard, req.Reader())
			return nil, errors.Join(migrate.ErrDecline, err)
		},
		"that changes what it has of the request": func(req *fetch.Request) (*fetch.Response, error) {
			req.URL().Path = "/new"
			adapt.Locals(req.Context())["other"] = 1
			_ = req.WithHeader("X-Who", "new").WithContext(context.WithValue(req.Context(), local{}, "new"))
			return nil, migrate.ErrDecline
		},
		"of net/http": fetch.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Who", "new")
			r.URL.Path, r.Method, r.Host = "/new", "PUT", "new"
			w.Header().Set("X-New", "1")
			panic(migrate.ErrDecline) // a panic of a safe method; of a POST it is the answer
		})),
	}
	for _, flavor := range []reqres.Flavor{reqres.Express, reqres.NextJS} {
		config := adapt.Config{ReqRes: reqres.Settings{Flavor: flavor}}
		for oldName, old := range olds {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				t.Run(fmt.Sprint(oldName, "/", method, "/flavor ", flavor), func(t *testing.T) {
					request := fmt.Sprint(method, " /p HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Who: client\r\n\r\n")
					if method == "POST" {
						request = post("/p", "body")
					}
					alone := served.NewMux(t, config, func(r *adapt.Routes) { r.ReqRes.On(method, "/p", old) })
					want := wire(t, served.Serve(t, alone, false), request)
					for newName, next := range news {
						if method == "POST" && newName == "of net/http" {
							continue // it may have done something
						}
						stage := migrate.Plan{Stage: migrate.Live}
						if flavor == reqres.Express && method == "GET" {
							stage = migrate.Plan{Stage: migrate.Canary, Share: 1}
						}
						conf := migrate.Config{Plan: stage, Guard: migrate.GuardConfig{Off: true}, Shadow: migrate.ShadowConfig{Sample: -1},
							Key: func(r *http.Request) (string, bool) { return r.Pattern, true }}
						var pair *migrate.Pair
						mux := served.NewMux(t, config, func(r *adapt.Routes) {
							r.Scope(adapt.Scope{Migration: conf}, func(r *adapt.Routes) { pair = r.Migrate(method, "/p", old, next) })
						})
						if diff := cmp.Diff(want, wire(t, served.Serve(t, mux, false), request)); diff != "" {
							t.Errorf("new %s, %v (-old alone +old beside new)\n%s", newName, stage, diff)
						}
						s := await(t, pair, func(s migrate.Snapshot) bool { return served.Total(s.Old) > 0 })
						if n := served.Total(s.Old); n != 1 || s.Fallbacks[migrate.FallbackRun] != 1 {
							t.Errorf("new %s, %v: old has run %d times, fallbacks %v", newName, stage, n, served.Counted(s.Fallbacks))
						}
					}
				})
			}
		}
	}
}

// A new side that is a conversion sends its own head, without what describes a connection.
func TestConvertedNewSendsItsHead(t *testing.T) {
	hop := func(_ *reqres.Request, res *reqres.Response) error {
		return res.Set("Keep-Alive", "1").Set("Connection", "X-Hop").Set("X-Hop", "1").Send("new")
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.ReqRes.GET("/native", hop)
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Live)}, func(r *adapt.Routes) {
			r.Migrate("GET", "/pair", served.OldSays("old"), adapt.ToFetch(hop))
		})
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Live)}, func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler { return next })
			r.Migrate("GET", "/behind", served.OldSays("old"), adapt.ToFetch(hop))
		})
	})
	want := served.Ask(t, mux, "GET", "/native")
	for _, path := range []string{"/pair", "/behind"} {
		if d := cmp.Diff(want, served.Ask(t, mux, "GET", path)); d != "" {
			t.Errorf("%s (-native +got)\n%s", path, d)
		}
	}
	if want.Header["X-Hop"] != nil || want.Body != "new" {
		t.Errorf("a native handler answers %+v", want)
	}
}

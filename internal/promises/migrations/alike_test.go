package migrations_test

// What a comparison makes of two sides that come to the same answer in different ways, and of two
// that do not: errors by every way in which a service renders them, and answers by every way in which
// an http.Handler writes them.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
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

var errGone = errors.New("gone")

// coded is an error of somebody else's that has a status.
type coded int

func (c coded) Error() string   { return "secret detail" }
func (c coded) StatusCode() int { return int(c) }

func oldFails(err error) reqres.Handler {
	return func(*reqres.Request, *reqres.Response) error { return err }
}

func newFails(err error) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return nil, err }
}

func TestD3WaysToOneAnswer(t *testing.T) {
	gone := func(_ *fetch.Request, err error) *fetch.Response {
		if errors.Is(err, errGone) {
			return fetch.Must(fetch.JSON("gone", fetch.Status(410)))
		}
		return nil
	}
	goneAsText := reqres.OnError(func(err error, _ *reqres.Request, res *reqres.Response) error {
		if errors.Is(err, errGone) {
			return res.Status(410).Send("gone")
		}
		return err
	})
	plain := func(w http.ResponseWriter, code int, text string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(code)
		io.WriteString(w, text)
	}
	over := func(f func(w http.ResponseWriter, r *http.Request)) reqres.Handler {
		return reqres.FromHTTP(http.HandlerFunc(f))
	}
	sums := func(sum string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			plain(w, 200, "ok")
			w.Header().Set("X-Sum", sum)
			w.Header().Set(http.TrailerPrefix+"X-Late", sum)
		}
	}
	for _, c := range []struct {
		rule   string
		config adapt.Config
		use    func(*adapt.Routes)
		old    reqres.Handler
		next   fetch.Handler
		same   bool
		fails  bool // new does: at Live old answers for it, and nothing is compared
	}{
		{"an error wrapped once more", adapt.Config{}, nil, oldFails(crossfade.Errorf(404, "no")), newFails(fmt.Errorf("more: %w", crossfade.Errorf(404, "no"))), true, false},
		{"a joined error", adapt.Config{}, nil, oldFails(crossfade.Errorf(404, "no")), newFails(errors.Join(errors.New("x"), crossfade.Errorf(404, "no"))), true, false},
		{"a foreign status", adapt.Config{}, nil, oldFails(coded(404)), newFails(coded(404)), true, false},
		{"a foreign status against its text", adapt.Config{}, nil, oldFails(coded(404)), newFails(crossfade.Errorf(404, "Not Found")), true, false},
		{"two causes of one 500", adapt.Config{}, nil, oldFails(errors.New("a")), newFails(errors.New("b")), true, true},
		{"fields against none", adapt.Config{}, nil, oldFails(crossfade.Invalid(map[string]string{"a": "b"})), newFails(crossfade.Errorf(400, "invalid")), false, false},
		{"a header of an error", adapt.Config{}, nil,
			func(_ *reqres.Request, res *reqres.Response) error {
				res.Set("Retry-After", "7").Cookie("a", "b", crossfade.CookieOptions{})
				return crossfade.Errorf(429, "slow")
			},
			newFails(crossfade.WithHeader(crossfade.WithHeader(crossfade.Errorf(429, "slow"), "Retry-After", "7"), "Set-Cookie", "a=b; Path=/")), true, false},
		{"a header that the error of new lacks", adapt.Config{}, nil,
			func(_ *reqres.Request, res *reqres.Response) error {
				res.Set("Retry-After", "7")
				return crossfade.Errorf(429, "slow")
			}, newFails(crossfade.Errorf(429, "slow")), false, false},
		{"a type that old has set before it failed", adapt.Config{}, nil,
			func(_ *reqres.Request, res *reqres.Response) error {
				res.Type("html").Status(201)
				return crossfade.Errorf(404, "no")
			}, newFails(crossfade.Errorf(404, "no")), true, false},
		{"mapped by ErrorResponse", adapt.Config{ErrorResponse: gone}, nil, oldFails(errGone), newFails(fmt.Errorf("x: %w", errGone)), true, false},
		{"mapped for one side alone", adapt.Config{ErrorResponse: gone}, nil, oldFails(errGone), newFails(errors.New("other")), false, true},
		{"mapped by ErrorResponse to what new returns", adapt.Config{ErrorResponse: gone, Answers: adapt.Standard}, nil, oldFails(errGone),
			func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON("gone", fetch.Status(410)) }, true, false},
		{"mapped by OnError to what new returns", adapt.Config{}, func(r *adapt.Routes) { r.UseReqRes(goneAsText) }, oldFails(errGone),
			func(*fetch.Request) (*fetch.Response, error) { return fetch.HTML("gone", fetch.Status(410)) }, true, false},
		{"mapped by OnError, the outer one", adapt.Config{}, func(r *adapt.Routes) {
			r.UseReqRes(goneAsText, reqres.OnError(func(err error, _ *reqres.Request, _ *reqres.Response) error { return fmt.Errorf("x: %w", err) }))
		}, oldFails(errGone), newFails(errGone), true, false},
		{"OnError behind ErrorResponse", adapt.Config{ErrorResponse: gone}, func(r *adapt.Routes) {
			r.UseReqRes(reqres.OnError(func(error, *reqres.Request, *reqres.Response) error { return errGone }))
		}, oldFails(errors.New("a")), newFails(errors.New("b")), true, false},
		{"a response as an error", adapt.Config{}, nil,
			func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/login") }, newFails(fetch.AsError(fetch.Redirect("/login"))), true, false},
		{"nothing answered", adapt.Config{}, nil, func(*reqres.Request, *reqres.Response) error { return nil }, newFails(errors.New("x")), true, true},
		{"an http.Handler that says how long", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "2")
				plain(w, 200, "ok")
			}), served.Says("ok"), true, false},
		{"an http.Handler that flushes", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) {
				plain(w, 200, "o")
				w.(http.Flusher).Flush()
				io.WriteString(w, "k")
			}), served.Says("ok"), true, false},
		{"a flush of something else", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) {
				plain(w, 200, "o")
				w.(http.Flusher).Flush()
				io.WriteString(w, "K")
			}), served.Says("ok"), false, false},
		{"early hints", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Link", "</a.css>")
				w.WriteHeader(103)
				w.Header().Del("Link")
				plain(w, 200, "ok")
			}), served.Says("ok"), true, false},
		{"a header after the head", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) { plain(w, 200, "ok"); w.Header().Set("X-Late", "1") }), served.Says("ok"), true, false},
		{"a second status", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) { plain(w, 200, "ok"); w.WriteHeader(500) }), served.Says("ok"), true, false},
		{"http.Error against Errorf", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 404) }), newFails(crossfade.Errorf(404, "no")), false, false},
		{"http.Error against its words", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 404) }),
			func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Text("no\n", fetch.Status(404), fetch.SetHeader("X-Content-Type-Options", "nosniff"))
			}, true, false},
		{"http.Redirect against fetch.Redirect's head", adapt.Config{Answers: adapt.Standard}, nil,
			over(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/a")
				w.WriteHeader(302)
			}),
			func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/a") }, true, false},
		{"a guessed type", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }), served.Says("ok"), true, false},
		{"trailers against none", adapt.Config{}, nil, over(sums("1")), served.Says("ok"), false, false},
		{"trailers", adapt.Config{}, nil, over(sums("1")), fetch.FromHTTP(http.HandlerFunc(sums("1"))), true, false},
		{"trailers behind middleware", adapt.Config{}, func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }, over(sums("1")), fetch.FromHTTP(http.HandlerFunc(sums("1"))), true, false},
		{"other trailers behind middleware", adapt.Config{}, func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }, over(sums("1")), fetch.FromHTTP(http.HandlerFunc(sums("2"))), false, false},
		{"trailers of a converted handler", adapt.Config{}, nil, over(sums("1")), adapt.ToFetch(over(sums("1"))), true, false},
		{"other trailers", adapt.Config{}, nil, over(sums("1")), fetch.FromHTTP(http.HandlerFunc(sums("2"))), false, false},
		{"hop by hop", adapt.Config{}, nil,
			over(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Connection", "close")
				plain(w, 200, "ok")
			}), served.Says("ok"), true, false},
		{"the context's error", adapt.Config{}, nil, oldFails(context.Canceled), newFails(context.DeadlineExceeded), true, true},
	} {
		for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Canary, migrate.Live} {
			t.Run(fmt.Sprint(c.rule, "/", stage), func(t *testing.T) {
				config := served.Patient(stage)
				if stage == migrate.Canary {
					config.Plan.Share = 0
				}
				c.config.Logger = slog.New(slog.DiscardHandler)
				var pair *migrate.Pair
				mux := served.NewMux(t, c.config, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
						if c.use != nil {
							c.use(r)
						}
						pair = r.Migrate("GET", "/x", c.old, c.next)
					})
				})
				got := served.Ask(t, mux, "GET", "/x")
				s := settled(t, pair)
				if c.fails && stage == migrate.Live {
					if s.Shadows.Skipped[migrate.SkipServerBroke] != 1 || s.Fallbacks[migrate.FallbackRun] != 1 {
						t.Errorf("old did not answer for new: %v, skipped %v", served.Counted(s.Fallbacks), served.Counted(s.Shadows.Skipped))
					}
					return
				}
				if s.Compared != 1 || (s.Mismatch == 0) != c.same {
					t.Errorf("%d compared, %d differ at %v: %v skipped %v; the client got %v", s.Compared, s.Mismatch, s.Places,
						served.Counted(s.Shadows.Results), served.Counted(s.Shadows.Skipped), got)
				}
			})
		}
	}
}

// What a side is counted as is what its client gets, also where that is not an error any more, or
// where the answer to an error has a fault of its own. What middleware between the pair and the client
// makes of an error comes too late: it has not run when the side is judged.
func TestD2WhatErrorsAreCountedAs(t *testing.T) {
	responds := func(res *fetch.Response, _ error) adapt.Config {
		return adapt.Config{ErrorResponse: func(*fetch.Request, error) *fetch.Response { return res }}
	}
	handled := func(handle func(error, *reqres.Request, *reqres.Response) error) func(*adapt.Routes) {
		return func(r *adapt.Routes) { r.UseReqRes(reqres.OnError(handle)) }
	}
	replaced := func(by error) func(*adapt.Routes) {
		return func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) {
					if res, err := next(req); err == nil {
						return res, nil
					}
					return nil, by
				}
			})
		}
	}
	refused, broken := crossfade.Errorf(404, "no"), errors.New("broken")
	for _, c := range []struct {
		rule   string
		config adapt.Config
		use    func(*adapt.Routes)
		err    error
		status int
		want   migrate.Outcome
	}{
		{"an answer", responds(fetch.Text("sorry")), nil, broken, 200, migrate.Answered},
		{"a redirect", responds(fetch.Redirect("/login")), nil, broken, 302, migrate.Answered},
		{"a refusal", responds(fetch.Text("no", fetch.Status(404))), nil, broken, 404, migrate.Refused},
		{"a failure", responds(fetch.Text("no", fetch.Status(503))), nil, refused, 503, migrate.Failed},
		{"nothing of its own", responds(nil, nil), nil, refused, 404, migrate.Refused},
		{"an answer that cannot be sent", responds(fetch.Must(fetch.Text("no")).WithHeader("a b", ""), nil), nil, refused, 500, migrate.Failed},
		{"an error's answer that cannot be sent", adapt.Config{}, nil, fetch.AsError(fetch.Must(fetch.Text("no")).WithHeader("a b", ""), nil), 500, migrate.Failed},
		{"a foreign refusal", adapt.Config{}, nil, coded(404), 404, migrate.Refused},
		{"a foreign failure", adapt.Config{}, nil, coded(503), 503, migrate.Failed},
		{"a foreign status that is none of an error", adapt.Config{}, nil, coded(200), 500, migrate.Failed},
		{"OnError's answer", adapt.Config{}, handled(func(_ error, _ *reqres.Request, res *reqres.Response) error { return res.SendStatus(403) }), broken, 403, migrate.Refused},
		{"OnError's error", adapt.Config{}, handled(func(error, *reqres.Request, *reqres.Response) error { return refused }), broken, 404, migrate.Refused},
		{"nothing of OnError", adapt.Config{}, handled(func(error, *reqres.Request, *reqres.Response) error { return nil }), refused, 500, migrate.Failed},
		{"OnError panics", adapt.Config{}, handled(func(error, *reqres.Request, *reqres.Response) error { panic("x") }), refused, 500, migrate.Panicked},
		{"middleware makes it a refusal, too late", adapt.Config{}, replaced(refused), broken, 404, migrate.Failed},
		{"middleware makes it a failure, too late", adapt.Config{}, replaced(broken), refused, 500, migrate.Refused},
	} {
		for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.New} {
			t.Run(fmt.Sprint(c.rule, "/", stage), func(t *testing.T) {
				c.config.Logger = slog.New(slog.DiscardHandler)
				var pair *migrate.Pair
				mux := served.NewMux(t, c.config, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: served.Patient(stage)}, func(r *adapt.Routes) {
						if c.use != nil {
							c.use(r)
						}
						pair = r.Migrate("GET", "/x", oldFails(c.err), newFails(c.err))
					})
				})
				got := served.Ask(t, mux, "GET", "/x")
				s := pair.Snapshot()
				counted := s.Old
				if stage == migrate.New {
					counted = s.New
				}
				if diff := cmp.Diff(map[migrate.Outcome]uint64{c.want: 1}, served.Counted(counted)); diff != "" || got.Status != c.status {
					t.Errorf("the client got %d, want %d; counted (-want +got):\n%s", got.Status, c.status, diff)
				}
			})
		}
	}
}

// settled waits until the pair has no shadow under way.
func settled(t *testing.T, pair *migrate.Pair) migrate.Snapshot {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		s := pair.Snapshot()
		if s.Shadows.Offered > 0 && s.Shadows.Reserved+s.Shadows.Running == 0 {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("the shadows do not end: %+v", s.Shadows)
		}
	}
}

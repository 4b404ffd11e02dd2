package migrations_test

// New fails at every point of an answer, over real servers: the client gets one answer, of one side
// as a whole, or sees that it broke.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// cutOff is how an answer looks that broke after some bytes.
const cutOff = "cut off"

func TestFallbackAtEveryPointOfTheAnswer(t *testing.T) {
	const limit = 1000 // of a body that is kept for old
	marked := func(body string, code int) (*fetch.Response, error) {
		return fetch.Text(body, fetch.Status(code), fetch.SetHeader("X-New", "1"), fetch.SetCookie("new", "1", fetch.CookieOptions{}))
	}
	stream := func(f func(w *fetch.Writer) error, opts ...fetch.ResponseOption) fetch.Handler {
		return func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(f, append(opts, fetch.SetHeader("X-New", "1"), fetch.SetCookie("new", "1", fetch.CookieOptions{}))...)
		}
	}
	reads := func(err error) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			if _, e := io.Copy(io.Discard, req.Reader()); e != nil {
				return nil, e
			}
			return nil, err
		}
	}
	asHTTP := func(f http.HandlerFunc) fetch.Handler { return fetch.FromHTTP(f) }
	broken := errors.New("broken")
	body := func(n int) string { return strings.Repeat("b", n) }
	for _, c := range []struct {
		rule         string
		method, body string
		next         fetch.Handler
		old          string // what old sees of the body, where it answers
		want         string // else a part of the answer, or cutOff
		verdict      migrate.Fallback
		streams      bool // behind fetch middleware nobody sees a stream break
	}{
		{rule: "an error", next: func(*fetch.Request) (*fetch.Response, error) { return nil, broken }, verdict: migrate.FallbackRun},
		{rule: "a panic", next: func(*fetch.Request) (*fetch.Response, error) { panic("x") }, verdict: migrate.FallbackRun},
		{rule: "an answer of 500", next: func(*fetch.Request) (*fetch.Response, error) { return marked("new", 500) }, verdict: migrate.FallbackRun},
		{rule: "an answer that cannot be sent", next: func(*fetch.Request) (*fetch.Response, error) {
			res, err := marked("new", 200)
			if err != nil {
				return nil, err
			}
			return res.WithHeader("X-Bad", "a\r\nb"), nil
		}, verdict: migrate.FallbackRun},
		{rule: "no answer", next: func(*fetch.Request) (*fetch.Response, error) { return nil, nil }, verdict: migrate.FallbackRun},
		{rule: "an error beside a response", next: func(*fetch.Request) (*fetch.Response, error) {
			res, _ := marked("new", 200)
			return res, broken
		}, verdict: migrate.FallbackRun},
		{rule: "a stream that fails before its first byte", streams: true, next: stream(func(*fetch.Writer) error { return broken }), verdict: migrate.FallbackRun},
		{rule: "a stream that panics before its first byte", streams: true, next: stream(func(*fetch.Writer) error { panic("x") }), verdict: migrate.FallbackRun},
		{rule: "a stream that fails after a byte that is not out", streams: true, next: stream(func(w *fetch.Writer) error {
			_, _ = w.WriteString("n")
			return broken
		}), verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "a stream that fails after a flush", streams: true, next: stream(func(w *fetch.Writer) error {
			_, _ = w.WriteString("new")
			_ = w.Flush()
			return broken
		}), verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "a stream that panics after a flush", streams: true, next: stream(func(w *fetch.Writer) error {
			_, _ = w.WriteString("new")
			_ = w.Flush()
			panic("x")
		}), verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "a stream that fails at its last byte", streams: true, next: stream(func(w *fetch.Writer) error {
			_, _ = w.WriteString("ne")
			_ = w.Flush()
			return broken
		}, fetch.SetHeader("Content-Length", "3")), verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "an http.Handler that panics after its head", streams: true, next: asHTTP(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-New", "1")
			w.WriteHeader(200)
			panic("x")
		}), verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "an http.Handler that panics with headers set", next: asHTTP(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-New", "1")
			http.SetCookie(w, &http.Cookie{Name: "new", Value: "1"})
			panic("x")
		}), verdict: migrate.FallbackRun},
		{rule: "an abort", next: func(*fetch.Request) (*fetch.Response, error) { panic(http.ErrAbortHandler) }, verdict: migrate.FallbackCommitted, want: cutOff},
		{rule: "a refusal is an answer", next: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(404, "none") }, want: "none"},

		{rule: "a method that may have done something", method: "POST", body: "b", next: reads(broken), verdict: migrate.FallbackUnsafe, want: "error"},
		{rule: "a decline, nothing read", method: "POST", body: body(limit + 1), verdict: migrate.FallbackRun, old: body(limit + 1),
			next: func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline }},
		{rule: "a decline, a byte read", method: "POST", body: "b", next: reads(migrate.ErrDecline), verdict: migrate.FallbackRun, old: "b"},
		{rule: "a decline, as much read as is kept", method: "POST", body: body(limit), next: reads(migrate.ErrDecline), verdict: migrate.FallbackRun, old: body(limit)},
		{rule: "a decline, a byte more read", method: "POST", body: body(limit + 1), next: reads(migrate.ErrDecline), verdict: migrate.FallbackBody, want: "error"},
		{rule: "a decline that is wrapped", method: "DELETE", verdict: migrate.FallbackRun,
			next: func(*fetch.Request) (*fetch.Response, error) {
				return nil, fmt.Errorf("not mine: %w", migrate.ErrDecline)
			}},
	} {
		for _, stage := range []migrate.Stage{migrate.Canary, migrate.Live} {
			for i, a := range around {
				if c.streams && (i == 1 || i == 4) {
					continue
				}
				t.Run(fmt.Sprint(c.rule, "/", stage, " behind ", a.name), func(t *testing.T) {
					var heads, olds atomic.Int64
					conf := served.Patient(stage)
					conf.Shadow.MaxBody = limit
					var pair *migrate.Pair
					old := func(req *reqres.Request, res *reqres.Response) error {
						olds.Add(1)
						body, err := req.Text()
						if err != nil {
							return err
						}
						return res.Set("X-Old", "1").Cookie("old", "1", reqres.CookieOptions{}).Send("old " + body)
					}
					mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
						r.OnHead(func(*http.Request, int, http.Header) { heads.Add(1) })
						r.Scope(adapt.Scope{Migration: conf}, func(r *adapt.Routes) {
							a.use(r)
							pair = r.Migrate("ANY", "/p/:id", old, c.next)
						})
					})
					alone := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
						r.Scope(adapt.Scope{}, func(r *adapt.Routes) { a.use(r); r.ReqRes.Any("/p/:id", old) })
					})
					request := get("/p/1")
					if c.method != "" {
						request = strings.Replace(post("/p/1", c.body), "POST", c.method, 1)
					}
					got := wire(t, served.Serve(t, mux, false), request)
					if err := mux.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
					s := drained(t, pair)
					want := map[migrate.Fallback]uint64{c.verdict: 1}
					if c.verdict == "" { // new answered
						clear(want)
					}
					if diff := cmp.Diff(want, served.Counted(s.Fallbacks)); diff != "" {
						t.Errorf("verdicts (-want +got)\n%s", diff)
					}
					instead := served.Total(s.Old) // on the request's own goroutine, which leaves out shadows
					if c.verdict == migrate.FallbackRun {
						if want := wire(t, served.Serve(t, alone, false), request); got != want || !strings.HasSuffix(got, "old "+c.old) {
							t.Errorf("old answers instead (-alone +after new failed)\n%s", cmp.Diff(want, got))
						}
						if instead != 1 {
							t.Errorf("old has run %d times", instead)
						}
					} else {
						if instead != 0 || strings.Contains(got, "X-Old") || strings.Contains(got, "old=1") {
							t.Errorf("old has run %d times, and the answer is %q", instead, got)
						}
						if whole := complete(got); whole == (c.want == cutOff) || whole && !strings.Contains(got, c.want) {
							t.Errorf("answered %q, want %q", got, c.want)
						}
					}
					if n := heads.Load(); n > 1 || n == 0 && got != cutOff && got != "" {
						t.Errorf("the head was sent %d times", n)
					}
				})
			}
		}
	}
}

// complete reports whether an answer on the wire is whole.
func complete(answer string) bool {
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.ReadAll(res.Body)
	return err == nil
}

// Where old fails as well, its failure is the answer, and each side's is counted.
func TestBothSidesFail(t *testing.T) {
	for name, old := range map[string]reqres.Handler{
		"an error": func(_ *reqres.Request, res *reqres.Response) error { return fetch.Errorf(503, "old is closed") },
		"a panic":  func(*reqres.Request, *reqres.Response) error { panic("old") },
		"an abort": func(*reqres.Request, *reqres.Response) error { panic(http.ErrAbortHandler) },
		"an answer of 502": func(_ *reqres.Request, res *reqres.Response) error {
			return res.Status(502).Send("old has no upstream")
		},
	} {
		for _, a := range around {
			t.Run(name+" behind "+a.name, func(t *testing.T) {
				mux, pair := migration(t, served.Patient(migrate.Live), "GET", a.use, old, func(*fetch.Request) (*fetch.Response, error) {
					return fetch.Text("new", fetch.Status(500), fetch.SetHeader("X-New", "1"))
				})
				alone := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{}, func(r *adapt.Routes) { a.use(r); r.ReqRes.GET("/p/:id", old) })
				})
				want, got := wire(t, served.Serve(t, alone, false), get("/p/1")), wire(t, served.Serve(t, mux, false), get("/p/1"))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-old alone +after new failed)\n%s", diff)
				}
				s := drained(t, pair)
				if s.New[migrate.Failed] != 1 || served.Total(s.Old) != 1 || s.Old[migrate.Answered] != 0 || s.Fallbacks[migrate.FallbackRun] != 1 {
					t.Errorf("counted %+v", s)
				}
			})
		}
	}
}

// Old is not asked when less than a fifth of the time for the request is left, nor when it was over
// before new began.
func TestNoFallbackAtTheLastMoment(t *testing.T) {
	for i, a := range slices.Concat(around, around) {
		deadline := func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, cancel := context.WithTimeout(r.Context(), 60*time.Millisecond)
				defer cancel()
				if i < len(around) {
					<-ctx.Done()
				}
				next.ServeHTTP(w, r.WithContext(ctx))
			})
		}
		mux, pair := migration(t, served.Patient(migrate.Live), "GET", func(r *adapt.Routes) {
			r.OnHead(func(*http.Request, int, http.Header) {})
			r.Use(deadline)
			a.use(r)
		},
			func(req *reqres.Request, _ *reqres.Response) error {
				if !migrate.IsShadow(req.Context()) {
					t.Error("old was asked")
				}
				return nil
			},
			func(*fetch.Request) (*fetch.Response, error) {
				time.Sleep(50 * time.Millisecond) // or more, on a busy machine
				return nil, errors.New("late")
			})
		if got := send(t, mux, "GET", "/p/1", ""); got.Status != 500 {
			t.Errorf("behind %s: answered %+v", a.name, got)
		}
		if s := drained(t, pair); s.Fallbacks[migrate.FallbackRun] != 0 || s.Fallbacks[migrate.FallbackLate] != s.New[migrate.Failed] {
			t.Errorf("behind %s: verdicts %v for %v", a.name, s.Fallbacks, s.New)
		}
	}
}

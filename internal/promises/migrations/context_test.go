package migrations_test

// The context of a candidate, over real servers: the end of the request is not its end, and what
// middleware writes through it is not shared for ever.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

type contextKey struct{}

// acting is an endpoint that does f and then answers 204, in both shapes alike.
func acting(f func(ctx context.Context)) served.Twins {
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error { f(req.Context()); return res.Status(204).End() },
		Fetch:  func(req *fetch.Request) (*fetch.Response, error) { f(req.Context()); return fetch.NoContent() },
	}
}

// closings tells, on a server that it configures, that a connection has ended.
func closings(closed chan<- struct{}) func(*http.Server) {
	return func(s *http.Server) {
		was := s.ConnState
		s.ConnState = func(c net.Conn, state http.ConnState) {
			if was != nil {
				was(c, state)
			}
			if state == http.StateClosed {
				select {
				case closed <- struct{}{}:
				default:
				}
			}
		}
	}
}

// The client leaves right after the answer, the request's context is over and its deadline past:
// the candidate goes on, with the values and an end of its own.
func TestCandidateOutlivesTheRequest(t *testing.T) {
	deadline := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), contextKey{}, "from middleware"), 30*time.Minute)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
	for i, stage := range watched {
		for j, protocol := range served.Protocols {
			for shape := range 2 {
				a := around[(i+j+2*shape)%len(around)]
				t.Run(fmt.Sprint(stage, "/", protocol, "/", shape, " behind ", a.name), func(t *testing.T) {
					left, closed := make(chan struct{}), make(chan struct{}, 1)
					type told struct {
						Err      error
						Deadline bool // within ShadowConfig.Timeout
						Value    any
						Shadow   bool
					}
					says := make(chan told, 1)
					candidate := everyOther(acting(func(ctx context.Context) {
						<-left
						at, ok := ctx.Deadline()
						says <- told{ctx.Err(), ok && time.Until(at) < 2*time.Minute, ctx.Value(contextKey{}), migrate.IsShadow(ctx)}
					}), shape)
					c := served.Patient(stage)
					c.Shadow.Timeout = time.Minute
					mux, pair := candidates(t, c, func(r *adapt.Routes) { r.Use(deadline); a.use(r) }, acting(func(context.Context) {}), candidate)
					t.Cleanup(sync.OnceFunc(func() {
						select {
						case <-left:
						default:
							close(left)
						}
					}))
					s := served.ServeOver(t, mux, protocol, closings(closed))
					res, err := s.Client().Get(s.URL + "/p/1")
					if err != nil {
						t.Fatal(err)
					}
					if body, err := io.ReadAll(res.Body); res.StatusCode != 204 || len(body) > 0 || err != nil {
						t.Errorf("answered %d %q %v", res.StatusCode, body, err)
					}
					res.Body.Close()
					s.Client().CloseIdleConnections()
					served.Soon(t, "the end of the connection", closed)
					close(left)
					got := served.Soon(t, "the candidate", says)
					if diff := cmp.Diff(told{nil, true, "from middleware", true}, got); diff != "" {
						t.Errorf("the candidate sees (-want +got)\n%s", diff)
					}
					if s := drained(t, pair); s.Shadows.Results[migrate.ResultEqual] != 1 {
						t.Errorf("counted %+v: %+v", s.Shadows, pair.Mismatches())
					}
				})
			}
		}
	}
}

// candidates is a mux with one pair, of which live serves at the stage of c.
func candidates(t testing.TB, c migrate.Config, use func(*adapt.Routes), live, candidate served.Twins) (*adapt.Mux, *migrate.Pair) {
	t.Helper()
	old, next := live.ReqRes, candidate.Fetch
	if c.Plan.Stage >= migrate.Live {
		old, next = candidate.ReqRes, live.Fetch
	}
	if c.Plan.Stage == migrate.Canary {
		c.Plan.Share = 0
	}
	return migration(t, c, "ANY", use, old, next)
}

// A client that leaves before the answer is complete gets no candidate: nobody knows what it would
// have got.
func TestNoCandidateForWhoHasLeft(t *testing.T) {
	for i, stage := range watched {
		for _, protocol := range served.Protocols {
			a := around[i+2]
			t.Run(fmt.Sprint(stage, "/", protocol, " behind ", a.name), func(t *testing.T) {
				entered, ended := make(chan struct{}), make(chan struct{})
				live := acting(func(ctx context.Context) {
					close(entered)
					<-ctx.Done()
					close(ended)
				})
				ran := make(chan struct{}, 1)
				mux, pair := candidates(t, served.Patient(stage), a.use, live, acting(func(context.Context) { ran <- struct{}{} }))
				s := served.ServeOver(t, mux, protocol, func(*http.Server) {})
				ctx, leave := context.WithCancel(t.Context())
				req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/p/1", nil)
				if err != nil {
					t.Fatal(err)
				}
				gone := make(chan error, 1)
				go func() {
					res, err := s.Client().Do(req)
					if err == nil {
						res.Body.Close()
					}
					gone <- err
				}()
				served.Soon(t, "the request", entered)
				leave()
				served.Soon(t, "the end of the request", ended)
				if err := served.Soon(t, "the client", gone); err == nil {
					t.Error("a client that had left got an answer")
				}
				await(t, pair, func(s migrate.Snapshot) bool { return s.Shadows.Skipped[migrate.SkipClientGone] == 1 })
				if s := drained(t, pair); s.Shadows.Skipped[migrate.SkipClientGone] != 1 || len(ran) != 0 {
					t.Errorf("counted %+v; candidates: %d", s.Shadows, len(ran))
				}
			})
		}
	}
}

// accessLog is what a middleware keeps of a request, filled by whoever has the context: the pattern
// that corrupted answers in Traefik, twice.
type accessLog struct{ fields map[string]string }

func logOf(ctx context.Context) *accessLog {
	l, _ := ctx.Value(contextKey{}).(*accessLog)
	return l
}

// Middleware reads its state again when the handler has returned, while the candidate writes to it:
// with Detach each has a state of its own. (Without it both have the same, as TestValuesAreShared
// shows, and the process may die of it: concurrent map writes are fatal.)
func TestDetachSeparatesWhatMiddlewareWrites(t *testing.T) {
	logging := func(lines chan<- string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				l := &accessLog{map[string]string{}}
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, l)))
				for i := range 100 { // the candidate runs by now
					l.fields["end"] = fmt.Sprint(i)
				}
				lines <- fmt.Sprint(l.fields)
			})
		}
	}
	writes := func(who string) served.Twins {
		return acting(func(ctx context.Context) {
			for i := range 100 {
				logOf(ctx).fields[who] = fmt.Sprint(i)
			}
		})
	}
	for _, stage := range watched {
		for _, a := range around {
			t.Run(fmt.Sprint(stage, " behind ", a.name), func(t *testing.T) {
				lines := make(chan string, 100)
				c := served.Patient(stage)
				c.Shadow.Detach = func(ctx context.Context) context.Context {
					return context.WithValue(ctx, contextKey{}, &accessLog{map[string]string{}})
				}
				mux, pair := candidates(t, c, func(r *adapt.Routes) { r.Use(logging(lines)); a.use(r) }, writes("live"), writes("candidate"))
				s := served.Serve(t, mux, false)
				for range 20 {
					res, err := s.Client().Get(s.URL + "/p/1")
					if err != nil {
						t.Fatal(err)
					}
					res.Body.Close()
					if line := served.Soon(t, "the line", lines); line != "map[end:99 live:99]" {
						t.Errorf("the log of the live request has %s", line)
					}
				}
				if s := drained(t, pair); s.Shadows.Results[migrate.ResultEqual] != 20 {
					t.Errorf("counted %+v", s.Shadows)
				}
			})
		}
	}
}

// Values are passed on as they are: a pointer leads both sides to the same place.
func TestValuesAreShared(t *testing.T) {
	state := &accessLog{}
	share := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, state)))
		})
	}
	same := make(chan bool, 1)
	mux, pair := candidates(t, served.Patient(migrate.Shadow), func(r *adapt.Routes) { r.Use(share) },
		acting(func(context.Context) {}), acting(func(ctx context.Context) { same <- logOf(ctx) == state }))
	send(t, mux, "GET", "/p/1", "")
	drained(t, pair)
	if !served.Soon(t, "the candidate", same) {
		t.Error("the candidate has a copy, so the documentation of Detach is wrong")
	}
}

// What takes part in a shadow besides the candidate is contained as well: Detach may panic, and
// Key, and nobody notices.
func TestHooksThatPanic(t *testing.T) {
	for name, breakIt := range map[string]func(*migrate.Config){
		"Detach panics": func(c *migrate.Config) { c.Shadow.Detach = func(context.Context) context.Context { panic("Detach") } },
		"Key panics":    func(c *migrate.Config) { c.Key = func(*http.Request) (string, bool) { panic("Key") } },
	} {
		for _, stage := range watched {
			t.Run(fmt.Sprint(name, " at ", stage), func(t *testing.T) {
				c := served.Patient(stage)
				breakIt(&c)
				d := newDuel(t, "HTTP/1.1", c, around[0].use, echo(), echo())
				for range 3 {
					if diff := cmp.Diff(wire(t, d.without, get("/p/1")), wire(t, d.with, get("/p/1"))); diff != "" {
						t.Errorf("answered (-without the pair +with it)\n%s", diff)
					}
				}
				s := drained(t, d.pair)
				if want := name == "Detach panics"; (s.Shadows.Results[migrate.ResultPanic] == 3) != want {
					t.Errorf("counted %+v", s.Shadows)
				}
				if want := name == "Key panics" && stage == migrate.Canary; (s.KeyPanics == 3) != want {
					t.Errorf("%d panics of Key are counted", s.KeyPanics)
				}
			})
		}
	}
}

// The handler of the mux for errors answers for a shadow, too, where a side returns one. It may
// panic there without harm.
func TestErrorResponseThatPanicsInAShadow(t *testing.T) {
	failing := served.Twins{
		ReqRes: func(*reqres.Request, *reqres.Response) error { return fetch.Errorf(409, "taken") },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(409, "taken") },
	}
	var calls int
	var mu sync.Mutex
	config := adapt.Config{ErrorResponse: func(*fetch.Request, error) *fetch.Response {
		mu.Lock()
		defer mu.Unlock()
		if calls++; calls > 1 {
			panic("ErrorResponse")
		}
		return fetch.Must(fetch.Text("taken", fetch.Status(409)))
	}}
	var pair *migrate.Pair
	mux := served.NewMux(t, config, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Shadow)}, func(r *adapt.Routes) {
			pair = r.Migrate("GET", "/p/:id", failing.ReqRes, failing.Fetch)
		})
	})
	if got := send(t, mux, "GET", "/p/1", ""); got.Status != 409 || got.Body != "taken" {
		t.Errorf("answered %+v", got)
	}
	await(t, pair, func(s migrate.Snapshot) bool { return s.Shadows.Reserved+s.Shadows.Running == 0 })
	drained(t, pair)
}

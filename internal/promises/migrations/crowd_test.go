package migrations_test

// A crowd of clients at real servers, beside candidates that do everything wrong: what clients get,
// how many candidates there are, and what is counted.

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// crowd is the number of clients at a time.
var crowd = full.Size(24, 64)

// watched are the stages at which the side that does not serve may run.
var watched = []migrate.Stage{migrate.Shadow, migrate.Canary, migrate.Live}

// duel is a server with a pair, and one with the live side alone.
type duel struct {
	with, without *httptest.Server
	pair          *migrate.Pair
}

// newDuel serves live and lets candidate run in the shadow, at /p/:id for every method. What a test
// releases at its end has to be registered after it.
func newDuel(t testing.TB, protocol string, c migrate.Config, use func(*adapt.Routes), live, candidate served.Twins) *duel {
	t.Helper()
	var d duel
	old, next := live.ReqRes, candidate.Fetch
	alone := func(r *adapt.Routes) { use(r); r.ReqRes.Any("/p/:id", live.ReqRes) }
	if c.Plan.Stage >= migrate.Live {
		old, next = candidate.ReqRes, live.Fetch
		alone = func(r *adapt.Routes) { use(r); r.Fetch.Any("/p/:id", live.Fetch) }
	}
	if c.Plan.Stage == migrate.Canary {
		c.Plan.Share = 0
	}
	mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			use(r)
			d.pair = r.Migrate("ANY", "/p/:id", old, next)
		})
	})
	twin := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) { r.Scope(adapt.Scope{}, alone) })
	t.Cleanup(func() {
		if err := mux.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	d.with, d.without = serveCrowd(t, mux, protocol), serveCrowd(t, twin, protocol)
	return &d
}

// serveCrowd starts a server whose client keeps a connection for each of a crowd.
func serveCrowd(t testing.TB, h http.Handler, protocol string) *httptest.Server {
	t.Helper()
	s := served.ServeOver(t, h, protocol, func(*http.Server) {})
	s.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = crowd
	return s
}

// everyOther is a candidate in a shape that changes, native and converted.
func everyOther(bad served.Twins, i int) served.Twins {
	if i%2 == 0 {
		return served.Twins{ReqRes: bad.ReqRes, Fetch: adapt.ToFetch(bad.ReqRes)}
	}
	return served.Twins{ReqRes: adapt.ToReqRes(bad.Fetch), Fetch: bad.Fetch}
}

// The live answer is complete, and the connection free for the next request, while the candidate
// hangs and has the only slot.
func TestLiveNeverWaitsForTheCandidate(t *testing.T) {
	for i, stage := range watched {
		for j, protocol := range served.Protocols {
			for shape := range 2 {
				a := around[(i+j+shape)%len(around)]
				t.Run(fmt.Sprint(stage, "/", protocol, "/", shape, " behind ", a.name), func(t *testing.T) {
					running, release := make(chan struct{}, 1), make(chan struct{})
					hangs := func() { running <- struct{}{}; <-release }
					candidate := everyOther(served.Twins{
						ReqRes: func(_ *reqres.Request, res *reqres.Response) error { hangs(); return res.Send("candidate") },
						Fetch:  func(*fetch.Request) (*fetch.Response, error) { hangs(); return fetch.Text("candidate") },
					}, shape)
					c := served.Patient(stage)
					c.Shadow.MaxConcurrent, c.Shadow.AllowUnsafe = 1, "a test"
					d := newDuel(t, protocol, c, a.use, echo(), candidate)
					t.Cleanup(func() { close(release) })
					ask := func(s *httptest.Server, method, body string) (got served.Answer, reused bool) {
						req, err := http.NewRequest(method, s.URL+"/p/7?q=1", strings.NewReader(body))
						if err != nil {
							t.Fatal(err)
						}
						req.Host = "h"
						trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
						got = served.Do(t, s.Client(), req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
						return got, reused
					}
					first, _ := ask(d.with, "POST", "a body")
					served.Soon(t, "the candidate", running) // and it hangs from here on
					want, _ := ask(d.without, "POST", "a body")
					if diff := cmp.Diff(want, first); diff != "" {
						t.Errorf("(-without the pair +with it)\n%s", diff)
					}
					for _, method := range []string{"GET", "POST", "HEAD"} {
						want, _ := ask(d.without, method, "")
						got, reused := ask(d.with, method, "")
						if diff := cmp.Diff(want, got); diff != "" {
							t.Errorf("%s beside a candidate that hangs (-without the pair +with it)\n%s", method, diff)
						}
						if !reused {
							t.Errorf("%s had to open another connection: the first one waits for the candidate", method)
						}
					}
					s := await(t, d.pair, func(s migrate.Snapshot) bool { return s.Shadows.Reserved == 0 }).Shadows
					if s.Running != 1 || s.Skipped[migrate.SkipFull] != 3 || s.Offered != 4 {
						t.Errorf("one runs and three find no slot, but counted is %+v", s)
					}
				})
			}
		}
	}
}

// A crowd asks while candidates do all that they may do wrong: every client gets the bytes that it
// would get without the pair, there are never more candidates than slots, and each request is
// counted once.
func TestCrowdBesideFaults(t *testing.T) {
	each := full.Size(2, 6)
	for i, stage := range watched {
		for j, protocol := range served.Protocols[:2] {
			a := around[(2*i+j)%len(around)]
			t.Run(fmt.Sprint(stage, "/", protocol, " behind ", a.name), func(t *testing.T) {
				release := make(chan struct{})
				free := sync.OnceFunc(func() { close(release) })
				kinds := misbehaviours(release)
				delete(kinds, "allocates") // at once they are more than the machine has
				delete(kinds, "writes without end and listening")
				names := slices.Sorted(maps.Keys(kinds))

				var running, most atomic.Int64
				enter := func() (leave func()) {
					n := running.Add(1)
					for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					}
					return func() { running.Add(-1) }
				}
				pick := func(req served.Request) served.Twins {
					n := len(req.Query("q"))
					return everyOther(kinds[names[n%len(names)]], n/len(names))
				}
				candidate := served.Twins{
					ReqRes: func(req *reqres.Request, res *reqres.Response) error {
						defer enter()()
						return pick(req).ReqRes(req, res)
					},
					Fetch: func(req *fetch.Request) (*fetch.Response, error) {
						defer enter()()
						return pick(req).Fetch(req)
					},
				}
				c := served.Patient(stage)
				c.Shadow.MaxConcurrent, c.Shadow.Timeout, c.Shadow.AllowUnsafe = 16, 20*time.Millisecond, "a test"
				d := newDuel(t, protocol, c, a.use, echo(), candidate)
				t.Cleanup(free)

				var clients sync.WaitGroup
				for client := range crowd {
					clients.Go(func() {
						random := rand.New(rand.NewPCG(uint64(stage), uint64(client)))
						for range each {
							target := "/p/7?q=" + strings.Repeat("x", random.IntN(2*len(names)))
							method, body := "GET", ""
							if random.IntN(3) == 0 {
								method, body = "POST", fmt.Sprint("body of ", client)
							}
							ask := func(s *httptest.Server) served.Answer {
								req, err := http.NewRequest(method, s.URL+target, strings.NewReader(body))
								if err != nil {
									panic(err)
								}
								req.Host = "h"
								req.Header.Set("X-Who", fmt.Sprint(client))
								return served.Do(t, s.Client(), req)
							}
							if diff := cmp.Diff(ask(d.without), ask(d.with)); diff != "" {
								t.Errorf("%s %s (-without the pair +with it)\n%s", method, target, diff)
							}
						}
					})
				}
				clients.Wait()
				free()
				s := drained(t, d.pair)
				serving, other := s.Old, s.New
				if stage == migrate.Live {
					serving, other = s.New, s.Old
				}
				if n := uint64(crowd * each); served.Total(serving) != n || serving[migrate.Answered] != n || served.Total(other) != 0 || s.Shadows.Offered != n {
					t.Errorf("%d requests, of which old has %v, new %v, and the shadow was offered %d", n, s.Old, s.New, s.Shadows.Offered)
				}
				if n := most.Load(); n == 0 || n >= 2*16 {
					t.Errorf("%d candidates ran at a time, beside 16 slots and as many that replace stuck ones", n)
				}
			})
		}
	}
}

// Whatever somebody does to the plan while a crowd asks: an answer is that of one side as a whole,
// and no request that begins after Kill has returned gets new's.
func TestPlansFlipUnderLoad(t *testing.T) {
	sides := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Status(201).Set("X-Side", "old").Cookie("old", "1", reqres.CookieOptions{}).Send("old")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Text("new", fetch.Status(202), fetch.SetHeader("X-Side", "new"), fetch.SetCookie("new", "1", fetch.CookieOptions{}))
		},
	}
	whole := map[string]string{"old": "201 old old=1", "new": "202 new new=1"}
	for i, protocol := range served.Protocols[:2] {
		a := around[3*i]
		t.Run(protocol+" behind "+a.name, func(t *testing.T) {
			mux, pair := migration(t, served.Patient(migrate.Old), "GET", a.use, sides.ReqRes, sides.Fetch)
			s := serveCrowd(t, mux, protocol)
			var phase atomic.Uint64 // odd from the return of Kill to the next Set
			var done atomic.Bool
			var killed, answered, byNew atomic.Uint64
			var clients sync.WaitGroup
			for client := range crowd {
				clients.Go(func() {
					for !done.Load() {
						before := phase.Load()
						req, err := http.NewRequest("GET", fmt.Sprintf("%s/p/1?key=%d", s.URL, client), nil)
						if err != nil {
							panic(err)
						}
						got := served.Do(t, s.Client(), req)
						cookie, _, _ := strings.Cut(got.Header.Get("Set-Cookie"), ";")
						if whole[got.Body] != fmt.Sprint(got.Status, " ", got.Header.Get("X-Side"), " ", cookie) {
							t.Errorf("an answer of both sides: %+v", got)
						}
						answered.Add(1)
						if got.Body == "new" {
							byNew.Add(1)
						}
						if before%2 == 1 && phase.Load() == before {
							killed.Add(1)
							if got.Body != "old" {
								t.Error("a request that began after Kill had returned was served by new")
							}
						}
					}
				})
			}
			// More of n than clients can have under way: what counted began afterwards.
			await := func(n *atomic.Uint64) {
				begin := n.Load()
				for end := time.Now().Add(time.Minute); n.Load() < begin+uint64(crowd/4); time.Sleep(time.Millisecond) {
					if time.Now().After(end) {
						t.Error("the crowd has not asked")
						return
					}
				}
			}
			plans := []migrate.Plan{
				{Stage: migrate.New}, {Stage: migrate.Shadow}, {Stage: migrate.Live}, {Stage: migrate.Canary, Share: 0.5}, {},
				{Stage: migrate.Canary, Share: 1},
			}
			for round := range full.Size(10, 20) {
				if round > 0 {
					if err := pair.Reset("test"); err != nil {
						t.Error(err)
					}
				}
				for n := range 1000 { // faster than any request
					if err := pair.Set(plans[n%len(plans)], "test"); err != nil {
						t.Error(err)
					}
				}
				if err := pair.Set(plans[round%2*2], "test"); err != nil { // New, Live
					t.Error(err)
				}
				await(&byNew)
				pair.Kill("test", "test")
				if got := send(t, mux, "GET", "/p/1?key=1", ""); got.Body != "old" {
					t.Errorf("right after Kill has returned, %q answers", got.Body)
				}
				answered.Add(1)
				phase.Add(1)
				await(&killed)
				phase.Add(1)
			}
			done.Store(true)
			clients.Wait()
			counted := drained(t, pair)
			if n := served.Total(counted.Old) + served.Total(counted.New); n != answered.Load() || served.Total(counted.New) != byNew.Load() {
				t.Errorf("%d answers, %d by new; counted are old %v and new %v", answered.Load(), byNew.Load(), counted.Old, counted.New)
			}
		})
	}
}

// A handler that was taken in by FromHTTP outlives its time and goes on with its request and its
// answer: both are its own by then, and what is compared was fixed before.
func TestCandidateGoesOnAfterItsTime(t *testing.T) {
	goesOn := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("q") == "stream" {
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
		for i := range 200 {
			r.Method, r.Host, r.URL.Path, r.URL.RawQuery = "TRACE", "candidate", "/candidate", "x"
			r.Header.Set("X-Who", "candidate")
			r.SetPathValue("id", "candidate")
			_ = r.ParseForm()
			w.Header().Set("X-Candidate", fmt.Sprint(i))
			_, _ = w.Write([]byte("candidate"))
			time.Sleep(10 * time.Microsecond)
		}
	})
	for i, stage := range watched {
		for shape := range 2 {
			a := around[i+shape]
			t.Run(fmt.Sprint(stage, "/", shape, " behind ", a.name), func(t *testing.T) {
				c := served.Patient(stage)
				c.Shadow.Timeout = time.Millisecond
				d := newDuel(t, "HTTP/1.1", c, a.use, echo(), everyOther(served.Twins{ReqRes: reqres.FromHTTP(goesOn), Fetch: fetch.FromHTTP(goesOn)}, shape))
				for range 10 {
					for _, request := range []string{get("/p/1"), get("/p/1?q=stream")} {
						if diff := cmp.Diff(wire(t, d.without, request), wire(t, d.with, request)); diff != "" {
							t.Errorf("answered (-without the pair +with it)\n%s", diff)
						}
					}
				}
				if s := drained(t, d.pair); s.Shadows.Results[migrate.ResultTimeout] != 20 {
					t.Errorf("counted %+v", s.Shadows)
				}
			})
		}
	}
}

package migrations_test

// More shadows than slots, events that nobody takes: live requests go on, and what was left out is
// counted.

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
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

// ask lets a crowd send n requests, each of which must be answered with 204.
func (d *duel) ask(t testing.TB, n int) {
	t.Helper()
	var clients sync.WaitGroup
	for range crowd {
		clients.Go(func() {
			for range n / crowd {
				req, err := http.NewRequest("GET", d.with.URL+"/p/1", nil)
				if err != nil {
					panic(err)
				}
				if got := served.Do(t, d.with.Client(), req); got.Status != 204 || got.Body != "" {
					t.Errorf("answered %+v", got)
				}
			}
		})
	}
	clients.Wait()
}

// settled is the number of goroutines when connections that are of no use have been closed, and it
// is at most so many, or has had the time for it.
func (d *duel) settled(most int) (n int) {
	d.with.Client().CloseIdleConnections()
	for range 3000 {
		time.Sleep(10 * time.Millisecond)
		was := n
		if n = runtime.NumGoroutine(); n <= most && n == was {
			break
		}
	}
	return n
}

// little is a MaxBody of which a crowd may reserve as often as it likes. Of the default each
// reserves 192 KiB, which only 43 may do at a time in 8 MiB: whether more are under way is a matter
// of the machine.
const little = 1 << 10

// Candidates hang in every slot, deaf to their context, and so do those that replace them: all
// other requests are answered and shed their shadow, goroutines and heap stay where they are, and
// when the candidates end, shadows run again.
func TestSaturation(t *testing.T) {
	const slots = 4
	for i, stage := range watched {
		for j, protocol := range served.Protocols[:2] {
			a := around[(i+3*j)%len(around)]
			t.Run(fmt.Sprint(stage, "/", protocol, " behind ", a.name), func(t *testing.T) {
				release := make(chan struct{})
				free := sync.OnceFunc(func() { close(release) })
				var candidates atomic.Int64
				c := served.Patient(stage)
				c.Shadow.MaxConcurrent, c.Shadow.Timeout, c.Shadow.MaxBody = slots, time.Millisecond, little
				d := newDuel(t, protocol, c, a.use, acting(func(context.Context) {}), acting(func(context.Context) {
					candidates.Add(1)
					<-release
				}))
				t.Cleanup(free)
				d.ask(t, 2*crowd)
				goroutines := d.settled(math.MaxInt)
				before := served.Heap()
				d.ask(t, 10*crowd)
				// What so many requests could leave: their bodies, exchanges, copies, or a
				// goroutine each.
				if grown := d.settled(goroutines+slots) - goroutines; grown > slots {
					t.Errorf("%d requests beside candidates that hang cost %d goroutines", 10*crowd, grown)
				}
				if grown := served.Heap() - before; grown > 1<<20 {
					t.Errorf("%d requests beside candidates that hang cost %d bytes of heap", 10*crowd, grown)
				}
				s := await(t, d.pair, func(s migrate.Snapshot) bool { return s.Shadows.Stuck >= slots && s.Shadows.Stuck == s.Shadows.Running }).Shadows
				if n := candidates.Load(); n >= 2*slots || n != int64(s.Stuck) || s.Skipped[migrate.SkipFull] != uint64(12*crowd)-s.Stuck {
					t.Errorf("%d candidates beside %d slots, of %d requests: %+v", n, slots, 12*crowd, s)
				}
				if s.Off {
					t.Error("the shadows are off before anybody has waited for them")
				}

				free()
				await(t, d.pair, func(s migrate.Snapshot) bool { return s.Shadows.Running == 0 })
				was := candidates.Load()
				for range slots {
					d.ask(t, crowd)
				}
				if candidates.Load() == was {
					t.Error("no shadow runs any more although all slots are free")
				}
				drained(t, d.pair)
			})
		}
	}
}

// Control runs are shadows as well, and share the slots.
func TestSaturationByControls(t *testing.T) {
	release, running := make(chan struct{}), make(chan struct{}, 100)
	c := served.Patient(migrate.Shadow)
	c.Shadow.MaxConcurrent, c.Shadow.Control, c.Shadow.MaxBody = 1, 1, little
	old := acting(func(ctx context.Context) {
		if migrate.IsShadow(ctx) {
			running <- struct{}{}
			<-release
		}
	})
	d := newDuel(t, "HTTP/1.1", c, around[0].use, old, acting(func(context.Context) { t.Error("new ran in a control") }))
	d.ask(t, crowd)
	served.Soon(t, "the control", running)
	if s := await(t, d.pair, func(s migrate.Snapshot) bool { return s.Shadows.Reserved == 0 }).Shadows; s.Running != 1 || s.Skipped[migrate.SkipFull] != uint64(crowd-1) {
		t.Errorf("counted %+v", s)
	}
	close(release)
	if s := drained(t, d.pair); s.Controls != 1 || s.Compared != 0 {
		t.Errorf("counted %+v", s)
	}
}

// Whatever OnEvent does: requests are answered, plans change, and what it did not take is counted.
func TestHooksOnTheWayOfEvents(t *testing.T) {
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) }) // before leaks are looked for
	for name, hook := range map[string]struct {
		call func(migrate.Event)
		lost bool
		ends bool
	}{
		"blocks for ever":    {func(migrate.Event) { <-forever }, true, false},
		"panics":             {func(migrate.Event) { panic("hook") }, false, true},
		"ends its goroutine": {func(migrate.Event) { runtime.Goexit() }, false, true},
		"takes a while":      {func(migrate.Event) { time.Sleep(time.Millisecond) }, false, true},
	} {
		for _, stage := range watched {
			t.Run(fmt.Sprint(name, " at ", stage), func(t *testing.T) {
				c := served.Patient(stage)
				c.OnEvent = hook.call
				var pair *migrate.Pair
				mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
					r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
						pair = r.Migrate("GET", "/p/:id",
							func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") },
							func(*fetch.Request) (*fetch.Response, error) { return fetch.HTML("new") })
					})
				})
				s := serveCrowd(t, mux, served.Protocols[0])
				var clients sync.WaitGroup
				for range crowd {
					clients.Go(func() {
						for range 3 {
							req, err := http.NewRequest("GET", s.URL+"/p/1", nil)
							if err != nil {
								panic(err)
							}
							if got := served.Do(t, s.Client(), req); got.Status != 200 || got.Body != "old" && got.Body != "new" {
								t.Errorf("answered %+v", got)
							}
						}
					})
				}
				const changes = 300 // more than wait in the queue
				for i := range changes {
					if err := pair.Set(migrate.Plan{Stage: watched[2*(i%2)]}, "test"); err != nil {
						t.Error(err)
					}
				}
				pair.Kill("over", "test")
				clients.Wait()
				if got := send(t, mux, "GET", "/p/1", ""); got.Body != "old" {
					t.Errorf("after Kill %+v", got)
				}
				if lost := pair.Snapshot().LostEvents; hook.lost && lost == 0 {
					t.Errorf("the hook blocks, %d events happened, and none is lost", changes)
				}
				ctx, cancel := context.WithTimeout(t.Context(), map[bool]time.Duration{true: time.Minute, false: 50 * time.Millisecond}[hook.ends])
				defer cancel()
				if err := pair.Shutdown(ctx); (err == nil) != hook.ends {
					t.Errorf("Shutdown returned %v", err)
				}
			})
		}
	}
}

// An event that is written while a request runs is not waited for by it: the answer is complete
// while the hook has not returned.
func TestLiveNeverWaitsForTheHook(t *testing.T) {
	told, release := make(chan struct{}, 10), make(chan struct{})
	c := served.Patient(migrate.Shadow)
	c.OnEvent = func(e migrate.Event) {
		if e.Kind == migrate.KindMismatch {
			told <- struct{}{}
			<-release
		}
	}
	mux, pair := migration(t, c, "GET", around[0].use, served.OldSays("old"), served.Says("new"))
	t.Cleanup(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	})
	s := served.Serve(t, mux, false)
	ask := func() {
		req, err := http.NewRequest("GET", s.URL+"/p/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := served.Do(t, s.Client(), req); got.Body != "old" {
			t.Errorf("answered %+v", got)
		}
	}
	ask()
	served.Soon(t, "the mismatch", told) // the hook hangs from here on
	for range 20 {
		ask()
	}
	await(t, pair, func(s migrate.Snapshot) bool { return s.Compared == 21 }) // nor do the shadows wait
	close(release)
	drained(t, pair)
}

// Many mismatches at many places: what is kept and told of them is bounded.
func TestMismatchesAreBoundedInTheMux(t *testing.T) {
	n := full.Size(600, 3000)
	var events atomic.Int64
	c := served.Patient(migrate.Shadow)
	c.OnEvent = func(e migrate.Event) {
		if e.Kind == migrate.KindMismatch {
			events.Add(1)
		}
	}
	mux, pair := migration(t, c, "GET", around[0].use,
		func(req *reqres.Request, res *reqres.Response) error {
			return res.JSON(map[string]int{"f" + req.Param("id"): 1})
		},
		func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(map[string]string{"f" + req.Param("id"): "1"})
		})
	w := httptest.NewRecorder()
	for i := range n {
		mux.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprint("/p/", i), nil))
		clear(w.Header())
		w.Body.Reset()
		if i%32 == 31 {
			await(t, pair, func(s migrate.Snapshot) bool { return s.Shadows.Running == 0 })
		}
	}
	s := drained(t, pair)
	if got := len(pair.Mismatches()); got > 32 || len(s.Places) > 256 || events.Load() > 300 {
		t.Errorf("%d mismatches are kept of %d places, %d told", got, len(s.Places), events.Load())
	}
	if diff := cmp.Diff(uint64(n), s.Mismatch); diff != "" {
		t.Errorf("mismatches (-want +got)\n%s", diff)
	}
}

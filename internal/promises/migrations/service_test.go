package migrations_test

// A whole service moves, thirty endpoints of it at full size, while a crowd uses it: what a team does in weeks.
// Nobody sees an error or another answer.

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/ratchet"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

const (
	buggy  = 7  // its new handler is wrong at first
	stormy = 11 // its new handler fails for a while
)

var endpoints = full.Size(12, 30)

// moving is the service. It is deployed three times: all old, all migrating, all new.
type moving struct {
	mux   atomic.Pointer[adapt.Mux]
	fixed atomic.Bool  // the bug
	storm atomic.Bool  // is on
	hot   atomic.Int64 // the endpoint that everybody wants, -1 for none
}

// record is what an endpoint answers: nothing that depends on the side.
type record struct {
	Endpoint int    `json:"endpoint"`
	ID       string `json:"id"`
	Session  string `json:"session"`
	Count    any    `json:"count"`
}

func (s *moving) record(n int, req served.Request) record {
	return record{n, req.Param("id"), req.Header("X-Session"), len(req.Param("id"))}
}

func (s *moving) old(n int) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		return res.Set("X-Side", "old").JSON(s.record(n, req))
	}
}

func (s *moving) next(n int) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		r := s.record(n, req)
		switch {
		case n == buggy && !s.fixed.Load():
			r.Count = fmt.Sprint(r.Count)
		case n == stormy && s.storm.Load():
			return nil, fmt.Errorf("the new endpoint %d has no database", n)
		}
		return fetch.JSON(r, fetch.SetHeader("X-Side", "new"))
	}
}

func (s *moving) deploy(t *testing.T, register func(r *adapt.Routes, path string, n int)) *adapt.Mux {
	t.Helper()
	c := served.Patient(migrate.Old)
	c.Key = migrate.HeaderKey("X-Session")
	c.Rules = parity.Rules{Ignore: []string{"header.etag", "header.content-type", "header.x-side"}}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			for n := range endpoints {
				register(r, fmt.Sprintf("/e%02d/:id", n), n)
			}
		})
	})
	s.mux.Store(mux)
	return mux
}

func legacy(mux *adapt.Mux) (n int) {
	for range mux.Legacy() {
		n++
	}
	return n
}

func TestServiceMigratesUnderTraffic(t *testing.T) {
	s := new(moving)
	s.hot.Store(-1)
	list := filepath.Join(t.TempDir(), "legacy.txt")

	first := s.deploy(t, func(r *adapt.Routes, path string, n int) { r.ReqRes.GET(path, s.old(n)) })
	if n := legacy(first); n != endpoints {
		t.Errorf("%d endpoints are legacy at first, want %d", n, endpoints)
	}
	server := serveCrowd(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.mux.Load().ServeHTTP(w, r) }), served.Protocols[0])

	// The crowd. A client knows what it has to get; and once new has served its session at an
	// endpoint, it is not given back to old while shares only grow.
	asked := make([]atomic.Uint64, endpoints)
	var growing, done atomic.Bool
	var clients sync.WaitGroup
	defer clients.Wait()
	defer done.Store(true)
	for client := range crowd {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(18, uint64(client)))
			session := fmt.Sprint("session-", client)
			moved := make([]bool, endpoints)
			for !done.Load() {
				n := random.IntN(endpoints)
				if hot := int(s.hot.Load()); hot >= 0 && random.IntN(2) == 0 {
					n = hot
				}
				id := fmt.Sprint("id-", random.IntN(1000))
				req, err := http.NewRequest("GET", fmt.Sprintf("%s/e%02d/%s", server.URL, n, id), nil)
				if err != nil {
					panic(err)
				}
				req.Header.Set("X-Session", session)
				strict := growing.Load()
				got := served.Do(t, server.Client(), req)
				want := fmt.Sprintf(`{"endpoint":%d,"id":%q,"session":%q,"count":%d}`, n, id, session, len(id))
				if got.Status != 200 || got.Body != want {
					t.Errorf("endpoint %d answers %d %s, want %s", n, got.Status, got.Body, want)
				}
				isNew := got.Header.Get("X-Side") == "new"
				if strict && growing.Load() && moved[n] && !isNew {
					t.Errorf("%s went back to old at endpoint %d although the share only grows", session, n)
				}
				moved[n] = isNew
				asked[n].Add(1)
			}
		})
	}
	// each waits until every endpoint has been asked so often again.
	each := func(times uint64) {
		t.Helper()
		since := make([]uint64, endpoints)
		for n := range since {
			since[n] = asked[n].Load()
		}
		reached := make(chan struct{})
		go func() {
			defer close(reached)
			for n := range since {
				for asked[n].Load() < since[n]+times && !done.Load() {
					time.Sleep(time.Millisecond)
				}
			}
		}()
		served.Soon(t, "enough traffic", reached)
	}
	each(2)

	pairs := make([]*migrate.Pair, endpoints)
	mux := s.deploy(t, func(r *adapt.Routes, path string, n int) { pairs[n] = r.Migrate("GET", path, s.old(n), s.next(n)) })
	set := func(plan migrate.Plan) {
		t.Helper()
		for _, p := range pairs {
			if err := p.Set(plan, "test"); err != nil {
				t.Fatalf("%s: %v", p.Name(), err)
			}
		}
	}
	differing := func() (found []int) {
		for n, p := range pairs {
			if p.Snapshot().Mismatch > 0 {
				found = append(found, n)
			}
		}
		return found
	}

	// In the shadow, one endpoint is found to be wrong, and fixed.
	set(migrate.Plan{Stage: migrate.Shadow})
	compared := func(more uint64) {
		t.Helper()
		for _, p := range pairs {
			since := p.Snapshot().Compared
			await(t, p, func(s migrate.Snapshot) bool { return s.Compared >= since+more })
		}
	}
	compared(5)
	if diff := cmp.Diff([]int{buggy}, differing()); diff != "" {
		t.Errorf("endpoints that answer differently (-want +got)\n%s", diff)
	}
	if found := pairs[buggy].Mismatches(); len(found) == 0 || found[0].Report.Diffs[0].Path != "body.count" || found[0].Report.Diffs[0].Kind != parity.KindType {
		t.Errorf("the report does not tell what is wrong: %+v", found)
	}
	s.fixed.Store(true)
	was := await(t, pairs[buggy], func(s migrate.Snapshot) bool { return s.Shadows.Running+s.Shadows.Reserved == 0 }).Mismatch
	compared(10)
	if is := pairs[buggy].Snapshot().Mismatch; is != was {
		t.Errorf("the bug is fixed, and %d more answers differ", is-was)
	}

	// The share of new grows, and nobody goes back.
	for _, share := range []float64{0.01, 0.1, 0.5} {
		set(migrate.Plan{Stage: migrate.Canary, Share: share})
		growing.Store(true)
		each(8)
	}
	growing.Store(false)

	// A storm in one of them: it alone goes back, soon, and stays there.
	s.hot.Store(stormy)
	s.storm.Store(true)
	tripped := await(t, pairs[stormy], func(s migrate.Snapshot) bool { return s.Latched != nil })
	s.storm.Store(false)
	each(2)
	if trip := tripped.Latched; trip.Reason != migrate.TripErrors {
		t.Errorf("rolled back by %+v", tripped.Latched)
	}
	for n, p := range pairs {
		if held := p.Snapshot().Latched != nil; held != (n == stormy) {
			t.Errorf("endpoint %d is held on old: %v", n, held)
		}
	}
	s.hot.Store(-1)
	if err := pairs[stormy].Reset("test"); err != nil {
		t.Error(err)
	}
	growing.Store(true)
	for _, plan := range []migrate.Plan{{Stage: migrate.Canary, Share: 1}, {Stage: migrate.Live}, {Stage: migrate.New}} {
		set(plan)
		each(5)
	}
	wrong := slices.DeleteFunc(differing(), func(n int) bool { return n == stormy }) // in the storm its shadows failed, if any ran
	if diff := cmp.Diff([]int{buggy}, wrong); diff != "" {
		t.Errorf("endpoints that have answered differently on the way (-want +got)\n%s", diff)
	}
	for _, p := range pairs {
		if s := p.Snapshot(); s.Latched != nil || s.Plan.Stage != migrate.New {
			t.Errorf("%s ended at %v, %+v", s.Name, s.Plan, s.Latched)
		}
	}
	if n := legacy(mux); n != endpoints {
		t.Errorf("%d old handlers exist while all are migrating, want %d", n, endpoints)
	}

	// The old handlers are deleted, and the ratchet is at zero.
	last := s.deploy(t, func(r *adapt.Routes, path string, n int) { r.Fetch.GET(path, s.next(n)) })
	each(2)
	if n := legacy(last); n != 0 {
		t.Errorf("%d endpoints are still legacy", n)
	}
	if err := os.WriteFile(list, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ratchet.Check(t, last, list)
	done.Store(true)
	clients.Wait()
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

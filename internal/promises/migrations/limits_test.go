package migrations_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// What clients feel of candidates that use what both sides share: the documented limits of
// isolation, in figures. "bounded" has the default slots and sheds when processors are short;
// "unbounded" has neither, which nobody should configure.
//
//	go test ./internal/promises/migrations -run '^$' -bench LiveBesideCandidates -benchtime 5000x
func BenchmarkLiveBesideCandidates(b *testing.B) {
	var lock sync.Mutex
	var pool = make(chan struct{}, 2) // connections, of which live needs one
	uses := func() { pool <- struct{}{}; lock.Lock(); defer func() { lock.Unlock(); <-pool }() }
	var sink atomic.Pointer[[]byte]
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"none", nil},
		{"equal", func() {}},
		{"cpu 5ms", func() {
			for end := time.Now().Add(5 * time.Millisecond); time.Now().Before(end); {
			}
		}},
		{"allocates 16MiB", func() {
			p := make([]byte, 16<<20)
			for i := 0; i < len(p); i += 4096 {
				p[i] = 1
			}
			sink.Store(&p)
		}},
		{"holds a lock 5ms", func() { lock.Lock(); time.Sleep(5 * time.Millisecond); lock.Unlock() }},
		{"holds a connection 5ms", func() { pool <- struct{}{}; time.Sleep(5 * time.Millisecond); <-pool }},
	} {
		for name, shadow := range map[string]migrate.ShadowConfig{
			"bounded":   {Control: -1},
			"unbounded": {Control: -1, MaxConcurrent: 1000, MaxSchedLatency: -1},
		} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				conf := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, Shadow: shadow}
				if c.do == nil {
					conf.Plan.Stage = migrate.Old
				}
				d := newDuel(b, "HTTP/1.1", conf, around[0].use, acting(func(context.Context) { uses() }), acting(func(context.Context) { c.do() }))
				times := make([]time.Duration, b.N)
				var next atomic.Int64
				var clients sync.WaitGroup
				b.ResetTimer()
				for range 16 {
					clients.Go(func() {
						for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
							began := time.Now()
							res, err := d.with.Client().Get(d.with.URL + "/p/1")
							if err != nil {
								b.Error(err)
								return
							}
							res.Body.Close()
							if times[i] = time.Since(began); res.StatusCode != http.StatusNoContent {
								b.Error(fmt.Sprint("answered ", res.StatusCode))
							}
							time.Sleep(2 * time.Millisecond) // what a client thinks, so that the machine is not saturated
						}
					})
				}
				clients.Wait()
				b.StopTimer()
				slices.Sort(times)
				at := func(p float64) float64 { return float64(times[int(p*float64(len(times)-1))].Microseconds()) }
				b.ReportMetric(at(0.5), "p50-µs")
				b.ReportMetric(at(0.99), "p99-µs")
				b.ReportMetric(float64(d.pair.Snapshot().Shadows.Started)/float64(b.N), "shadows/op")
			})
		}
	}
}

package main

// The event stream under clients that come and go, for as long as somebody
// wants: see the README for the command and for figures.

import (
	"bufio"
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("CROSSFADE_SOAK"))
	if err != nil {
		t.Skip("it takes minutes: set CROSSFADE_SOAK=3m")
	}
	const listeners = 200 // at a time

	s := start(t)
	s.log.short.Store(true)
	ada := s.member("ada", "lovelace")
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()

	var clients, left, cut, events atomic.Int64
	listen := func(c *http.Client, stay time.Duration) {
		ctx, leave := context.WithTimeout(ctx, stay)
		defer leave()
		req, _ := http.NewRequestWithContext(ctx, "GET", s.url+"/api/likes", nil)
		res, err := c.Do(req)
		if err != nil {
			if ctx.Err() == nil {
				t.Errorf("a client could not listen: %v", err)
			}
			return
		}
		defer res.Body.Close()
		clients.Add(1)
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			switch line := lines.Text(); {
			case line == "event: like":
				events.Add(1)
			case line != "" && !strings.HasPrefix(line, "data: {") && !strings.HasPrefix(line, ": "):
				t.Errorf("the stream says %q", line)
			}
		}
		if ctx.Err() != nil {
			left.Add(1)
		} else {
			cut.Add(1) // by the hub, as it was 16 likes behind
		}
	}

	figures := func() (goroutines int, heap uint64) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	report := func(when string) {
		goroutines, heap := figures()
		t.Logf("%-6s %7d clients (%d left, %d cut off), %9d events, %5.1f MiB of heap, %d goroutines",
			when, clients.Load(), left.Load(), cut.Load(), events.Load(), float64(heap)/(1<<20), goroutines)
	}
	goroutines, heap := figures()
	report("start")
	began := time.Now()

	var wg sync.WaitGroup
	for range listeners {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for ctx.Err() == nil {
				listen(c, time.Duration(rand.Int64N(int64(4*time.Second))))
			}
		})
	}
	wg.Go(func() {
		for ctx.Err() == nil {
			ada.ask("POST", "/api/cocktails/negroni/like", "")
			time.Sleep(20 * time.Millisecond)
		}
	})
	wg.Go(func() {
		for tick := time.NewTicker(max(length/6, time.Second)); ; {
			select {
			case <-tick.C:
				report(time.Since(began).Round(time.Second).String())
			case <-ctx.Done():
				return
			}
		}
	})
	wg.Wait()

	// What the last clients held is given back.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		g, h := figures()
		if g <= goroutines+4 && h <= heap+1<<20 {
			break
		}
		if time.Now().After(deadline) {
			t.Errorf("%d goroutines and %d bytes of heap are left, it began with %d and %d", g, h, goroutines, heap)
			break
		}
	}
	report("end")
}

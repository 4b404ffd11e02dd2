package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// What the table is about: each replica gets so many requests a second, a fifth of them for new.
const (
	perReplica = 10
	warmUp     = 5 * time.Second
	giveUp     = time.Minute
)

// hurt prints how many requests fail, over HTTP, from the moment at which new begins to fail everywhere
// until the last replica has gone back to old: for fleets of these sizes, which hear each other, and for as
// many replicas each of which knows only itself. The replicas are in this process, each with a listener,
// a connection to the server and clients of its own.
func hurt(ctx context.Context, out io.Writer, sizes []int) error {
	fmt.Fprintf(out, "| replicas | new fails | hurt, together | after | hurt, each alone | after |\n| --: | --: | --: | --: | --: | --: |\n")
	for _, n := range sizes {
		for _, percent := range []int{100, 10} {
			fmt.Fprintf(out, "| %d | %d %% |", n, percent)
			for _, alone := range []bool{false, true} {
				failed, after, err := onBus(ctx, func(b *bus) (uint64, time.Duration, error) { return hurtOnce(ctx, b, n, percent, alone) })
				if err != nil {
					return err
				}
				more := ""
				if after >= giveUp {
					more = "more than " // nobody has gone back by then
				}
				fmt.Fprintf(out, " %s%d | %s%.1f s |", more, failed, more, after.Seconds())
			}
			fmt.Fprintln(out)
		}
	}
	return nil
}

// onBus does something with a server of its own.
func onBus(ctx context.Context, do func(*bus) (uint64, time.Duration, error)) (failed uint64, after time.Duration, err error) {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	b, err := newBus(ctx, dir)
	if err != nil {
		return 0, 0, err
	}
	defer b.stop()
	defer b.nc.Close()
	return do(b)
}

// hurtOnce counts the requests that fail.
func hurtOnce(ctx context.Context, b *bus, n, percent int, alone bool) (failed uint64, after time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := b.document(ctx, 1, migrate.Plan{Stage: migrate.Canary, Share: 0.2}); err != nil {
		return 0, 0, err
	}
	var hurt atomic.Uint64
	var clients sync.WaitGroup
	defer clients.Wait()
	defer cancel()
	all := make([]*running, n)
	defer func() {
		errs := make([]error, n)
		var ends sync.WaitGroup
		for i, r := range all {
			if r != nil {
				ends.Go(func() { errs[i] = r.end() })
			}
		}
		ends.Wait()
		err = errors.Join(append(errs, err)...)
	}()
	for i := range all {
		if all[i], err = begin(ctx, settings{NATS: b.url(), Alone: alone}); err != nil {
			return 0, 0, err
		}
		clients.Go(func() { ask(ctx, all[i].url, &hurt) })
	}
	if err := sleep(ctx, warmUp); err != nil {
		return 0, 0, err
	}
	if good, err := eachAt(ctx, all, migrate.Plan{Stage: migrate.Canary, Share: 0.2}); !good {
		return 0, 0, cmp.Or(err, errors.New("not every replica has come to the canary"))
	}
	began := time.Now()
	for _, r := range all {
		req, err := http.NewRequestWithContext(ctx, http.MethodPut, fmt.Sprintf("%s/failing/%d", r.url, percent), nil)
		if err != nil {
			return 0, 0, err
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, 0, err
		}
		res.Body.Close()
	}
	if _, err := eachAt(ctx, all, migrate.Plan{}); err != nil {
		return 0, 0, err
	}
	return hurt.Load(), time.Since(began), nil
}

// ask sends requests of ever new users until ctx ends.
func ask(ctx context.Context, base string, hurt *atomic.Uint64) {
	for sleep(ctx, time.Duration(rand.N(2*int64(time.Second)/perReplica))) == nil {
		if _, status, _ := order(ctx, base, fmt.Sprint("user ", rand.Uint64())); status >= 500 {
			hurt.Add(1)
		}
	}
}

// eachAt waits until the plan is in force in each replica, and reports whether it is within giveUp.
func eachAt(ctx context.Context, all []*running, p migrate.Plan) (bool, error) {
	deadline := time.Now().Add(giveUp)
	for i := 0; i < len(all); {
		switch s, err := snapshot(ctx, all[i].url, pairName); {
		case err == nil && s.Plan == p:
			i++
			continue
		case time.Now().After(deadline):
			return false, err
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return false, err
		}
	}
	return true, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

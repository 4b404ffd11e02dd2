package engine

// The goroutines that handlers run on. One that has served keeps its stack, which a new one would
// have to let grow first: that costs more than all the rest of a conversion. So a few wait for the
// next handler. No handler can tell: it gets the labels of its context, what it leaves deferred
// runs, and a goroutine that it has ended, or does not come back from, is simply not there for the
// next one.

import (
	"flag"
	"net/http"
	"runtime/pprof"
	"slices"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

const (
	maxIdle  = 64                     // workers that wait, at most
	idleTime = 200 * time.Millisecond // how long one waits, at least
)

// worker is a goroutine that runs one handler after the other.
type worker struct {
	runs chan run
	turn int // of the reaper, when it began to wait
}

// run is a handler to run.
type run struct {
	b     *Body
	serve func(b *Body) error
}

// idle are the workers that wait, the one that has waited least at the end.
var idle struct {
	sync.Mutex
	workers []*worker
	reaping bool
	turn    int // how often the reaper has come: the clock would cost more than all else here
}

// process is when this one began. In a bubble of testing/synctest, where time begins elsewhere, it
// is far away: goroutines and channels must not leave theirs, so there each handler gets new ones.
var process = time.Now()

// tested reports whether this is a test. There are no bubbles elsewhere, and to ask for the time
// costs more than to find a worker.
var tested = sync.OnceValue(func() bool { return flag.Lookup("test.v") != nil })

func bubble() bool {
	if !tested() {
		return false
	}
	d := time.Since(process)
	return d < 0 || d > 10*365*24*time.Hour
}

// start runs serve for b, on a worker that is shared or on a goroutine of its own.
func start(b *Body, serve func(b *Body) error, shared bool) {
	if !shared {
		go new(worker).serve(run{b, serve})
		return
	}
	idle.Lock()
	if n := len(idle.workers); n > 0 {
		w := idle.workers[n-1]
		idle.workers[n-1] = nil
		idle.workers = idle.workers[:n-1]
		idle.Unlock()
		w.runs <- run{b, serve}
		return
	}
	idle.Unlock()
	w := &worker{runs: make(chan run, 1)}
	w.runs <- run{b, serve}
	go w.loop()
}

func (w *worker) loop() {
	for r := range w.runs {
		pprof.SetGoroutineLabels(r.b.ctx.parent)
		w.serve(r)
		if !w.park() {
			return
		}
	}
}

// serve runs one handler. It does not return where that ends its goroutine.
func (w *worker) serve(r run) {
	err := errGoexit
	defer func() {
		if v := recover(); v != nil {
			err = r.b.unwound(exchange.Recovered(v))
		}
		r.b.finish(err)
	}()
	err = r.serve(r.b)
}

// unwound returns the error of a handler that has panicked, with the head that it had set.
func (b *Body) unwound(err error) error {
	if len(b.header) > 0 && err != http.ErrAbortHandler {
		return &exchange.HeadError{Err: err, Header: b.header}
	}
	return err
}

// park makes w wait for the next handler, unless enough do.
func (w *worker) park() bool {
	idle.Lock()
	defer idle.Unlock()
	if len(idle.workers) == maxIdle {
		return false
	}
	w.turn = idle.turn
	idle.workers = append(idle.workers, w)
	if !idle.reaping {
		idle.reaping = true
		time.AfterFunc(idleTime, reap)
	}
	return true
}

// reap ends the workers that have waited long enough, as long as any wait.
func reap() {
	idle.Lock()
	defer idle.Unlock()
	n := 0
	for n < len(idle.workers) && idle.workers[n].turn < idle.turn {
		close(idle.workers[n].runs)
		n++
	}
	idle.turn++
	idle.workers = slices.Delete(idle.workers, 0, n)
	if idle.reaping = len(idle.workers) > 0; idle.reaping {
		time.AfterFunc(idleTime, reap)
	}
}

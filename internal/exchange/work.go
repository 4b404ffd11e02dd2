package exchange

// The work that goes on after the answer, for whoever waits for it: a host that would freeze the
// process.

import (
	"context"
	"errors"
	"sync"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Work counts what goes on after the answer to a request, or to all requests of a context. It may
// be used by several goroutines.
type Work struct {
	up *Work // that of the host, or of the request that has called the mux: it has this work too

	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n is 0 again; nil where nobody waits
}

type workKey struct{}

// WithWork returns a context whose requests have their work counted, for WorkOf.
func WithWork(ctx context.Context) context.Context {
	return context.WithValue(ctx, workKey{}, &Work{up: WorkOf(ctx)})
}

// WorkOf returns the work of the request that ctx belongs to, or else that of WithWork, or nil.
func WorkOf(ctx context.Context) *Work {
	w, _ := ctx.Value(workKey{}).(*Work)
	return w
}

// work returns the work of the request of x.
func (x *Exchange) work() *Work {
	x = x.root()
	e := x.Extras()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.work == nil {
		e.work = &Work{up: WorkOf(x.R.Context())}
	}
	return e.work
}

// Working says that there is work to be done after the answer, until done is called.
func (x *Exchange) Working() (done func()) {
	w := x.work()
	w.add(1)
	return func() { w.add(-1) }
}

func (w *Work) add(n int) {
	for ; w != nil; w = w.up {
		w.mu.Lock()
		if w.n += n; w.n == 0 && w.idle != nil {
			close(w.idle)
			w.idle = nil
		}
		w.mu.Unlock()
	}
}

// Wait waits until there is no work. It gives up when ctx ends, but not because the request has
// ended, which must not cut its work off: then only the deadline of ctx counts.
func (w *Work) Wait(ctx context.Context) error {
	w.mu.Lock()
	if w.n == 0 {
		w.mu.Unlock()
		return nil
	}
	if w.idle == nil {
		w.idle = make(chan struct{})
	}
	idle := w.idle
	w.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
	}
	cause := context.Cause(ctx)
	if !errors.Is(cause, outbound.ErrAnswerComplete) && !errors.Is(cause, ErrClientGone) {
		return cause
	}
	var overdue <-chan struct{}
	if d, ok := ctx.Deadline(); ok {
		late, cancel := context.WithDeadline(context.WithoutCancel(ctx), d)
		defer cancel()
		overdue = late.Done()
	}
	select {
	case <-idle:
		return nil
	case <-overdue:
		return context.DeadlineExceeded
	}
}

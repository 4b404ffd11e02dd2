package adapt

// Work that goes on after the answer.

import (
	"context"
	"errors"
	"sync"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// After runs f once the answer to the request of ctx is complete, whether it succeeded or not. The
// context that f gets has the values of ctx but not its end; it ends when Shutdown's does. At most
// 1,024 such functions of one mux run at once; beyond that, and after Shutdown, After returns an
// error and f does not run. A panic of f is logged.
//
// ctx is the context of a request that a Mux serves, or one made from it.
func After(ctx context.Context, f func(context.Context)) error {
	x := exchange.FromContext(ctx)
	if x == nil {
		return exchange.ErrNoMux
	}
	if f == nil {
		return errors.New("adapt: After was given a nil function")
	}
	return x.After(ctx, f)
}

// maxAfter bounds the work that is under way.
const maxAfter = 1024

var (
	errAfterFull   = errors.New("adapt: After: 1,024 functions are under way; do the work before the answer, or hand it to a queue of your own")
	errAfterClosed = errors.New("adapt: After: the mux is shutting down")
)

type after struct {
	mu     sync.Mutex
	n      int
	closed bool
	idle   chan struct{} // closed when n is 0 and closed
	ctx    context.Context
	cancel context.CancelFunc
}

func newAfter() *after {
	a := &after{idle: make(chan struct{})}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	return a
}

// start takes a place for f, which runs when the exchange has ended.
func (a *after) start(ctx context.Context, f func(context.Context)) error {
	x := exchange.FromContext(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return errAfterClosed
	case a.n == maxAfter:
		return errAfterFull
	}
	a.n++
	done := x.Working()
	x.Cleanup(func() { go a.run(x, ctx, f, done) })
	return nil
}

func (a *after) run(x *exchange.Exchange, ctx context.Context, f func(context.Context), done func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(a.ctx, cancel)
	defer func() {
		if v := recover(); v != nil {
			x.Log(exchange.NewPanicError(v))
		}
		stop()
		cancel()
		a.done()
		done()
	}()
	f(ctx)
}

func (a *after) done() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.n--; a.n == 0 && a.closed {
		close(a.idle)
	}
}

// wait takes no more work and waits for what is under way; at the end of ctx it tells that work to
// stop.
func (a *after) wait(ctx context.Context) error {
	a.mu.Lock()
	if !a.closed {
		a.closed = true
		if a.n == 0 {
			close(a.idle)
		}
	}
	a.mu.Unlock()
	select {
	case <-a.idle:
		return nil
	case <-ctx.Done():
		a.cancel()
		return context.Cause(ctx)
	}
}

package migrate

import (
	"context"
	"sync"
	"sync/atomic"
)

// A tracker counts goroutines under way, and lets Shutdown wait for them while no more are let in. (A sync.WaitGroup can
// neither refuse nor be waited for with a context.)
type tracker struct {
	mu     sync.Mutex
	active int
	closed atomic.Bool   // written with mu held
	idle   chan struct{} // made by the first wait that finds somebody, closed by the last who leaves
}

func (t *tracker) enter() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed.Load() {
		return false
	}
	t.active++
	return true
}

func (t *tracker) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.active--
	if t.active == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// close lets nobody in from now on, and reports whether it was the first to do so.
func (t *tracker) close() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.closed.Swap(true)
}

// wait returns how many are still under way when all have left or ctx ends.
func (t *tracker) wait(ctx context.Context) int {
	t.mu.Lock()
	if t.active == 0 {
		t.mu.Unlock()
		return 0
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return 0
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.active
}

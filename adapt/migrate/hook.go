package migrate

import (
	"context"
	"sync"
)

// A hook calls Config.OnEvent off the path of every request. Events wait in a bounded queue; a goroutine that lives only
// while there are any calls the function, one event at a time and in order. A function that is slow loses events, one
// that blocks for ever holds that one goroutine, one that panics or exits loses the event it was called with: none of
// this reaches a handler.
type hook struct {
	call func(Event)

	mu      sync.Mutex
	waiting []Event
	lost    uint64        // since the last event that found room
	dropped uint64        // in all
	idle    chan struct{} // closed by the goroutine when it ends; nil while there is none
}

const hookQueue = 256

func (h *hook) emit(e Event) {
	if h.call == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.waiting) == hookQueue {
		h.lost++
		h.dropped++
		return
	}
	e.Lost, h.lost = h.lost, 0
	h.waiting = append(h.waiting, e)
	if h.idle == nil {
		h.idle = make(chan struct{})
		go h.drain()
	}
}

func (h *hook) drain() {
	ended := false
	defer func() {
		if !ended { // the function called runtime.Goexit, which ends this goroutine
			go h.drain()
		}
	}()
	for {
		e, ok := h.next()
		if !ok {
			ended = true
			return
		}
		h.deliver(e)
	}
}

func (h *hook) next() (Event, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.waiting) == 0 {
		h.waiting = nil
		close(h.idle)
		h.idle = nil
		return Event{}, false
	}
	e := h.waiting[0]
	h.waiting = append(h.waiting[:0], h.waiting[1:]...)
	return e, true
}

func (h *hook) deliver(e Event) {
	defer func() { _ = recover() }()
	h.call(e)
}

// wait returns when every event emitted before has been delivered, or with the error of ctx.
func (h *hook) wait(ctx context.Context) error {
	for {
		h.mu.Lock()
		idle := h.idle
		h.mu.Unlock()
		if idle == nil {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (h *hook) droppedEvents() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dropped
}

// Package outbox hands events to a function that may be slow, block or fail, off the path of every
// request. Events wait in two bounded queues; a goroutine that lives only while there are any calls
// the function, one event at a time. A function that is slow loses events and is told how many, one
// that blocks for ever holds that one goroutine, one that panics or exits loses the event it was
// called with: none of this reaches whoever has an event.
package outbox

import (
	"context"
	"slices"
	"sync"
)

// Rank says what becomes of an event when too many wait.
type Rank uint8

const (
	Detail Rank = iota // one of many: waits behind the others, and is dropped when maxDetails wait
	Change             // makes room for later ones when maxChanges wait
	Alarm              // makes room only where every other waiting one is an alarm, too
)

const (
	maxDetails = 256
	maxChanges = 64
)

// Outbox is the queues. Make it with New. Its methods are safe for any number of goroutines.
type Outbox[E any] struct {
	call func(e E, lost uint64)

	mu      sync.Mutex
	changes []entry[E]
	details []E
	lost    uint64        // since the last event that was handed over
	dropped uint64        // in all
	idle    chan struct{} // closed by the goroutine when it ends; nil while there is none
}

type entry[E any] struct {
	event E
	rank  Rank
}

// New returns an outbox for a function that takes an event and how many were dropped since the one
// before. A nil function takes none.
func New[E any](call func(e E, lost uint64)) *Outbox[E] { return &Outbox[E]{call: call} }

// Put leaves an event to be handed over.
func (o *Outbox[E]) Put(e E, rank Rank) {
	if o.call == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case rank != Detail:
		if len(o.changes) == maxChanges {
			o.makeRoomLocked()
		}
		o.changes = append(o.changes, entry[E]{e, rank})
	case len(o.details) == maxDetails:
		o.dropLocked()
		return
	default:
		o.details = append(o.details, e)
	}
	if o.idle == nil {
		o.idle = make(chan struct{})
		go o.drain()
	}
}

// makeRoomLocked drops the oldest change that is not an alarm, so that the last state is kept.
func (o *Outbox[E]) makeRoomLocked() {
	oldest := max(0, slices.IndexFunc(o.changes, func(e entry[E]) bool { return e.rank != Alarm }))
	o.changes = slices.Delete(o.changes, oldest, oldest+1)
	o.dropLocked()
}

func (o *Outbox[E]) dropLocked() {
	o.lost++
	o.dropped++
}

func (o *Outbox[E]) drain() {
	ended := false
	defer func() {
		if !ended { // the function called runtime.Goexit, which ends this goroutine
			go o.drain()
		}
	}()
	for {
		e, lost, ok := o.next()
		if !ok {
			ended = true
			return
		}
		o.deliver(e, lost)
	}
}

func (o *Outbox[E]) next() (e E, lost uint64, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case len(o.changes) > 0:
		e = o.changes[0].event
		o.changes = slices.Delete(o.changes, 0, 1)
	case len(o.details) > 0:
		e = o.details[0]
		o.details = slices.Delete(o.details, 0, 1)
	default:
		o.changes, o.details = nil, nil
		close(o.idle)
		o.idle = nil
		return e, 0, false
	}
	lost, o.lost = o.lost, 0
	return e, lost, true
}

func (o *Outbox[E]) deliver(e E, lost uint64) {
	defer func() { _ = recover() }()
	o.call(e, lost)
}

// Wait returns when every event put before has been handed over, or with the error of ctx.
func (o *Outbox[E]) Wait(ctx context.Context) error {
	for {
		o.mu.Lock()
		idle := o.idle
		o.mu.Unlock()
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

// Dropped is how many events were dropped so far.
func (o *Outbox[E]) Dropped() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dropped
}

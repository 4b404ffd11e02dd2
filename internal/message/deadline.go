package message

// How long a write to the client may take. The server's WriteTimeout is meant
// for answers that come to an end: it runs from the head of the request to the
// last byte, and would cut every event stream that lives longer. An answer that
// is a stream gets the same time for each of its writes instead, so that it
// lives as long as its client reads, while a client that does not read is still
// cut off.

import (
	"net/http"
	"time"
)

// BeginStream says that the answer is a stream. HTTP/2 ends a stream as soon as
// its deadline is over, although nothing is being written, so there the clock
// stands still until something is.
func (x *Exchange) BeginStream() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.is(closed) {
		x.beginStream()
	}
}

func (x *Exchange) beginStream() {
	if x.is(streaming) {
		return
	}
	x.state.Or(streaming)
	x.stopClock()
	// Behind a conversion the one who has the connection does not know yet.
	if m := x.more.Load(); m != nil && m.first != nil && m.first != x {
		m.first.BeginStream()
	}
}

// chunkTime is how long the next write may take: 0 where nobody has said so,
// negative where it may take for ever.
func (x *Exchange) chunkTime() time.Duration {
	if d := x.Env.Limits.WriteTimeout; d != 0 || !x.is(streaming) {
		return d
	}
	if s, ok := x.R.Context().Value(http.ServerContextKey).(*http.Server); ok {
		return max(s.WriteTimeout, 0)
	}
	return 0
}

// startClock gives the write that follows its time.
func (x *Exchange) startClock() {
	if x.is(clockless) || x.hijacked() {
		return
	}
	switch d := x.chunkTime(); {
	case d > 0:
		x.setDeadline(time.Now().Add(d))
	case d < 0:
		x.setDeadline(time.Time{})
		x.state.Or(clockless) // lifted once and for all
	case x.is(streaming):
		x.state.Or(clockless) // there is nothing to lift
	}
}

// stopClock ends the time of a write that has been made, where the clock would
// go on: HTTP/2 ends an answer whose deadline is over although nothing is being
// written.
func (x *Exchange) stopClock() {
	if x.R.ProtoMajor >= 2 && !x.is(clockless) && x.chunkTime() != 0 {
		x.setDeadline(never())
	}
}

// takeClock ends the time that the server has given to the whole answer, where
// the limit of the route takes its place: the handler may think as long as it
// likes.
func (x *Exchange) takeClock() {
	if x.W != nil {
		x.setDeadline(never())
	}
}

// never is a deadline in the place of none. HTTP/2 sets deadlines at some later
// time: a timer that it has is stopped with the stream, but one that it makes
// when the stream is no more goes off, and resets a stream of which the client
// knows nothing.
func never() time.Time { return time.Now().Add(100 * 365 * 24 * time.Hour) }

// lastClock gives the end of the answer, which the server writes, its time: that
// of the last write may long be over.
func (x *Exchange) lastClock() {
	if !x.is(closed) {
		x.startClock()
	}
}

func (x *Exchange) setDeadline(t time.Time) {
	if http.NewResponseController(x.W).SetWriteDeadline(t) != nil {
		x.state.Or(clockless) // no connection underneath: who has it keeps the time
	}
}

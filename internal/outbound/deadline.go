package outbound

// How long a write to the client may take. The server's WriteTimeout is meant for answers that come
// to an end: it runs from the head of the request to the last byte, and would cut every event
// stream that lives longer. An answer that is a stream gets the same time for each of its writes
// instead, so that it lives as long as its client reads, while a client that does not read is still
// cut off.

import (
	"net/http"
	"time"
)

// BeginStream says that the answer is a stream. HTTP/2 ends a stream as soon as its deadline is
// over, although nothing is being written, so there the clock stands still until something is.
func (a *Answer) BeginStream() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.state.has(closed) {
		a.beginStreamLocked()
	}
}

func (a *Answer) beginStreamLocked() {
	if !a.state.has(streaming) {
		a.state.add(streaming)
		a.stopClockLocked()
	}
}

// chunkTimeLocked returns how long the next write may take: 0 where nobody has said so, negative
// where it may take for ever.
func (a *Answer) chunkTimeLocked() time.Duration {
	if d := a.Env.Limits.WriteTimeout; d != 0 || !a.state.has(streaming) {
		return d
	}
	if s, ok := a.R.Context().Value(http.ServerContextKey).(*http.Server); ok {
		return max(s.WriteTimeout, 0)
	}
	return 0
}

// startClockLocked gives the write that follows its time.
func (a *Answer) startClockLocked() {
	if a.untimed || a.hijacked() {
		return
	}
	switch d := a.chunkTimeLocked(); {
	case d > 0:
		a.setDeadlineLocked(time.Now().Add(d))
	case d < 0:
		a.setDeadlineLocked(time.Time{})
		a.untimed = true // lifted once and for all
	case a.state.has(streaming):
		a.untimed = true // there is nothing to lift
	}
}

// stopClockLocked ends the time of a write that has been made, where the clock would go on: HTTP/2
// ends an answer whose deadline is over although nothing is being written.
func (a *Answer) stopClockLocked() {
	if a.R.ProtoMajor >= 2 && !a.untimed && a.chunkTimeLocked() != 0 {
		a.setDeadlineLocked(never())
	}
}

// takeClock ends the time that the server has given to the whole answer, where the limit of the
// route takes its place: the handler may think as long as it likes.
func (a *Answer) takeClock() {
	if a.W != nil && !a.untimed {
		a.setDeadlineLocked(never()) // nobody else has a yet
	}
}

// Untime leaves the time of writes to the exchange whose connection it is. It comes before Begin.
func (a *Answer) Untime() { a.untimed = true }

// never returns a deadline that stands for none. HTTP/2 sets deadlines at some later time: a timer
// that it has is stopped with the stream, but one that it makes when the stream is no more goes
// off, and resets a stream of which the client knows nothing.
func never() time.Time { return time.Now().Add(100 * 365 * 24 * time.Hour) }

func (a *Answer) setDeadlineLocked(t time.Time) {
	if http.NewResponseController(a.W).SetWriteDeadline(t) != nil {
		a.untimed = true // no connection underneath: who has it keeps the time
	}
}

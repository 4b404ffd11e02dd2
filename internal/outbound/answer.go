// Package outbound is the answer half of an exchange: the one place where a head goes out, and the
// writes after it. Every answer, in whatever shape, comes through here: the head hooks run, the
// framing is settled, and from then on the state is known that decides whether an error can still
// become a response or must cut the connection.
//
// An answer is open until its head goes out, then committed, ended when it is complete, and closed
// when its handler has returned (see state.go). Functions whose name ends in Locked are called with
// mu held.
package outbound

import (
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/internal/inbound"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Answer is the answer to a request. Once it has begun, its methods are safe for any number of
// goroutines, but for those that say otherwise.
type Answer struct {
	inbound.Request

	W http.ResponseWriter // what is underneath: net/http's writer, middleware's, or a sink

	mu       sync.Mutex // guards W and what follows, but for state
	written  int64      // bytes of the body
	declared int64      // Content-Length of the answer, -1 if it says none
	state    state
	status   int16
	untimed  bool // writes are not timed here, see deadline.go
	unsure   bool // the writer underneath has panicked while the head went out
	promised bool // a 101 waits for the connection to be taken, see switch.go
	exceeded bool // a write was refused because it was beyond declared

	// Foreign says that an http.Handler answers, by net/http's rules: what it does not say about
	// its content is guessed, and it may read the request while it answers.
	Foreign bool
	// Silent says that the hooks of Env have their turn when the head of another exchange goes out.
	Silent bool
	// Derived says that another exchange of the request sends the head.
	Derived bool
	// Nested says that R.Context() is made from the context of an exchange of this request, as it
	// is for a handler behind net/http middleware, or from that of the request that this is a copy
	// of.
	Nested bool
	// Side is what serves of a migration, 0 for an ordinary route or where it is as begun.
	Side atomic.Uint32
	// Begun is the side for which the request was begun, 0 where that was not known. It is set
	// before anybody else may look, which costs less than Side.
	Begun uint32

	// Seen knows the request as its handler had it, where that differs from R; nil where it does
	// not.
	Seen atomic.Pointer[Seer]
}

// Seer has a request as net/http knows it, for those who only look at it.
type Seer interface{ Shown() *http.Request }

// Handled is the request as its handler had it: with the context that middleware has put in place.
func (a *Answer) Handled() *http.Request {
	if s := a.Seen.Load(); s != nil {
		return (*s).Shown()
	}
	return a.R
}

// RunHooks runs the hooks of the head, of which there are some.
func (a *Answer) RunHooks(code int, h http.Header) {
	r := a.R
	if a.Env.Hooked {
		r = a.Handled()
	}
	for _, hook := range a.Env.Head {
		hook(r, code, h)
	}
}

// Written is how many bytes of the body have been sent: none of what is written for HEAD.
func (a *Answer) Written() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.R.Method == http.MethodHead {
		return 0
	}
	return a.written
}

// Begin makes a the answer to r, through w. A nil w is for a request whose answer is a value.
func (a *Answer) Begin(w http.ResponseWriter, r *http.Request, env *route.Env) {
	a.W, a.R, a.Env = w, r, env
	a.declared = -1
	if env.Limits.WriteTimeout != 0 {
		a.takeClock()
	}
}

// Body returns the body of the request.
func (a *Answer) Body() inbound.Body {
	b := a.BodyFrom(a.W)
	if a.state.has(closed) {
		b.End()
	}
	return b
}

// SwapWriter puts w in the place of W and returns what was there.
func (a *Answer) SwapWriter(w http.ResponseWriter) (was http.ResponseWriter) {
	a.mu.Lock()
	defer a.mu.Unlock()
	was, a.W = a.W, w
	return was
}

// Adopt makes the answer that another exchange of the request has given a's own, and closes that
// one.
func (a *Answer) Adopt(of *Answer) {
	of.mu.Lock()
	defer of.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state.adopt(&of.state)
	a.status, a.written, a.declared = of.status, of.written, of.declared
	of.state.add(closed)
}

// Committed reports whether the head is out.
func (a *Answer) Committed() bool { return a.state.has(committed) }

// Ended reports whether the answer is complete, so that an error which comes later does not spoil
// it.
func (a *Answer) Ended() bool {
	a.mu.Lock() // one that is under way comes to its end
	defer a.mu.Unlock()
	return a.state.has(ended)
}

// Complete is Ended without waiting for a write that is under way.
func (a *Answer) Complete() bool { return a.state.has(ended) }

// Declared reports whether the head has promised a length.
func (a *Answer) Declared() bool { return a.declared >= 0 }

// Closed reports whether the handler has returned.
func (a *Answer) Closed() bool { return a.state.has(closed) }

// Streaming reports whether the answer is a stream.
func (a *Answer) Streaming() bool { return a.state.has(streaming) }

// Unsure reports whether nobody knows what has become of the head, so that the answer is not an
// answer.
func (a *Answer) Unsure() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.unsure
}

// Failed reports whether a write has failed, so that nobody reads the answer.
func (a *Answer) Failed() bool { return a.state.has(failed) }

// Status is the status of the committed head, or 0.
func (a *Answer) Status() int {
	if !a.state.has(committed) {
		return 0
	}
	return int(a.status)
}

// End says that the answer is complete, as long as the head has promised no more.
func (a *Answer) End() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.has(committed) && !a.state.has(closed) && a.filled() {
		a.state.add(ended)
	}
}

// Answers reports whether the head of a is the one that goes out, so that a hook in its Env sees
// it.
func (a *Answer) Answers() bool { return a.W != nil && !a.Derived }

// Close refuses further writes, because the handler has returned; a write that is under way ends
// first. It returns an error where the head has promised more than was written.
func (a *Answer) Close() error {
	if a.state.plainEnd() && a.Env.Limits.WriteTimeout == 0 {
		a.state.add(closed)
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	short := a.shortLocked()
	if !a.state.has(closed) {
		a.startClockLocked() // the server writes the rest: the time of the last write may be over
	}
	a.state.add(closed)
	return short
}

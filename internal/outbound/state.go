package outbound

// The state of an answer. It goes one way:
//
//	open ──────► committed ──────► ended ──────► closed
//	  │  head        │  complete     ▲  returned    ▲
//	  ├──────────────┼───────────────┘              │
//	  │  a whole answer in one piece, a connection  │
//	  │  that was taken over                        │
//	  └──────────────┴──────────────────────────────┘
//	     the handler has returned before
//
// Beside it stand three facts, none of which is ever taken back: the answer is streaming (each
// write has a time of its own, see deadline.go); it is exclusive (only the one who has claimed it
// may write, see Claim); a write has failed (nobody reads the answer). What each call does in each
// state is the table of TestTransitions.

import (
	"errors"
	"net/http"
	"sync/atomic"
)

// fact is something that has become true of an answer.
type fact = uint32

const (
	committed fact = 1 << iota // the head is out
	ended                      // the answer is complete: nobody writes any more
	closed                     // the handler has returned
	streaming
	exclusive
	failed
)

// state is what has become true of an answer. It is read without the lock of the answer, and added
// to with it, but for failed.
type state struct{ facts atomic.Uint32 }

func (s *state) has(f fact) bool { return s.facts.Load()&f != 0 }

func (s *state) add(f fact) { s.facts.Or(f) }

func (s *state) adopt(of *state) { s.facts.Or(of.facts.Load() &^ closed) }

// plainEnd reports whether the answer is complete and had no times of its own.
func (s *state) plainEnd() bool { return s.facts.Load()&(ended|streaming) == ended }

var (
	// ErrAlreadySent is wrapped by every call that tries to answer, or to change the head, after
	// the answer was given.
	ErrAlreadySent = errors.New("the response has already been sent")

	// ErrHandlerReturned is returned by writes that come after the handler returned, for example
	// from a goroutine that it left behind.
	ErrHandlerReturned = errors.New("the handler has returned: its response can no longer be written")

	// ErrAnswerComplete is the cause of a request's context that ended because the answer was
	// complete.
	ErrAnswerComplete = errors.New("the answer is complete")
)

// headErr returns why a head can no longer go out.
func (s *state) headErr() error {
	switch {
	case s.has(closed):
		return ErrHandlerReturned
	case s.has(committed):
		return ErrAlreadySent
	}
	return nil
}

// writeErr is why nobody may write.
func (a *Answer) writeErrLocked() error {
	switch {
	case a.state.has(closed):
		return ErrHandlerReturned
	case a.state.has(exclusive):
		return ErrAlreadySent
	case !a.state.has(ended):
		return nil
	case a.hijacked():
		return http.ErrHijacked
	case a.R.Method == http.MethodHead && a.state.has(streaming):
		return ErrAnswerComplete // headSent
	}
	return ErrAlreadySent
}

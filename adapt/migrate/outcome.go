package migrate

import (
	"errors"
	"net/http"
)

// ErrDecline is returned by a new handler that has done nothing and wants the old one to answer, whatever the method.
var ErrDecline = errors.New("migrate: the new handler declined and no old one could answer in its place")

// Outcome is what one side did with one request, as far as the guard and the fallback need to know.
type Outcome uint8

const (
	Answered   Outcome = iota // a status below 400
	Refused                   // 4xx: the client's fault, as far as one can tell
	Failed                    // 5xx, or an error that becomes one
	Panicked                  // a panic other than http.ErrAbortHandler, or runtime.Goexit
	Broken                    // http.ErrAbortHandler, or the answer broke after its head was out
	Declined                  // ErrDecline
	ClientGone                // the client left first, which says nothing about the handler
	outcomes   = iota
)

var outcomeNames = [outcomes]string{"answered", "refused", "failed", "panicked", "broken", "declined", "client-gone"}

// String is a word for logs and metric labels.
func (o Outcome) String() string { return outcomeNames[min(o, outcomes-1)] }

// MarshalText makes the outcome a word in JSON, also as the key of a map.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// OutcomeOf classifies what a handler came to: the status of its answer, or the error it returned. An error counts by its
// StatusCode method, as everywhere in this module, and as Failed without one. Whether the client has gone only the caller
// knows.
func OutcomeOf(status int, err error) Outcome {
	if err != nil {
		coder, ok := errors.AsType[interface {
			error
			StatusCode() int
		}](err)
		switch {
		case errors.Is(err, ErrDecline):
			return Declined
		case errors.Is(err, http.ErrAbortHandler):
			return Broken
		case !ok:
			return Failed
		}
		status = coder.StatusCode()
	}
	switch {
	case status >= 500:
		return Failed
	case status >= 400:
		return Refused
	}
	return Answered
}

// Observe records what a side came to with the request of that decision: once for every side that ran on the request's
// own goroutine, so twice after a fallback, and not for a shadow. It takes no lock, and outside Shadow, Canary and Live
// it is one atomic addition. The outcome that is one too many trips the pair before Observe returns.
func (p *Pair) Observe(d Decision, side Side, out Outcome) {
	p.traffic[side&1][min(out, outcomes-1)].Add(1)
	if s := d.state; s != nil && s.watched {
		if trip := s.guard.record(side, out); trip.Reason != notTripped {
			p.trip(s.guard, trip)
		}
	}
}

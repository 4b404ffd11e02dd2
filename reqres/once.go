package reqres

// One answer for each request: the first terminal call claims it, and a second one is told who was
// first.

import (
	"fmt"

	"github.com/crossfade-go/crossfade/internal/callsite"
)

// begin claims the answer for a terminal call, just once.
func (r *Response) begin(c call) error {
	switch {
	case r.Err() != nil:
		return r.Err()
	case r.first != noCall || r.x.Committed():
		return r.twice(c)
	}
	r.first = c
	if r.x.Env.Debug {
		r.x.Extras().Place = callsite.Caller().Position
	}
	return nil
}

// twice names the place that answers a second time and the call that answered first.
func (r *Response) twice(c call) error {
	first := r.first.String()
	if place := r.x.Place(); r.first != noCall && place != "" {
		first += " at " + place
	}
	return fmt.Errorf("reqres: %s at %s: %w, by %s", c, callsite.Caller().Position, ErrAlreadySent, first)
}

// answered checks, after the handler, that there is an answer.
func (r *Response) answered() error {
	if err := r.x.Unkept(); err != nil {
		return err
	}
	if r.first == noCall && !r.x.Committed() {
		if err := r.Err(); err != nil {
			return err
		}
		return ErrNoResponse
	}
	if !r.whole {
		r.x.End()
	}
	return r.Err() // refused after the answer: for the log
}

package reqres

// One answer for each request: the first terminal call claims it, and a second one is told who was
// first.

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
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
		r.x.Extras().Place = userLine()
	}
	return nil
}

// twice names the place that answers a second time and the call that answered first.
func (r *Response) twice(c call) error {
	first := r.first.String()
	if place := r.x.Place(); r.first != noCall && place != "" {
		first += " at " + place
	}
	return fmt.Errorf("reqres: %s at %s: %w, by %s", c, userLine(), ErrAlreadySent, first)
}

// userLine is the line of the first caller outside this package.
func userLine() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "crossfade/reqres.") || !more {
			return fmt.Sprintf("%s/%s:%d", filepath.Base(filepath.Dir(f.File)), filepath.Base(f.File), f.Line)
		}
	}
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

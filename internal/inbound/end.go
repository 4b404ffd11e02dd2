package inbound

// What becomes of the body, and of the forms that were made of it, when the request has been
// answered.

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
)

// EndBody refuses further reads, because the request has been answered, closes the forms that were
// made of the body, and with rest also what an http.Handler has left of it.
func (r *Request) EndBody(rest bool) {
	s := r.body.Load()
	if s == nil {
		return
	}
	s.end()
	s.mu.Lock()
	src := s.src
	s.mu.Unlock()
	if rest && s.settled.Load() == settledLate && src != nil {
		if err := src.Close(); err != nil || s.bad.Load() {
			closeAfterReply(s.conn)
		}
	}
}

func (s *bodyState) end() {
	s.mu.Lock()
	forms := s.forms
	s.forms = nil
	s.over.Store(true)
	s.mu.Unlock()
	for _, f := range forms {
		form.Close(f)
	}
}

// keepForm closes f when the request has been answered, or now where it has been.
func (s *bodyState) keepForm(f *crossfade.Form) {
	s.mu.Lock()
	late := s.over.Load()
	if !late {
		s.forms = append(s.forms, f)
	}
	s.mu.Unlock()
	if late {
		form.Close(f)
	}
}

// End is EndBody for a body that was made when the request had been answered already.
func (b Body) End() { b.end() }

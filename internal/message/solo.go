package message

// A stream that one goroutine writes from its head to its end. Whoever else
// wants to write is refused, so that each piece costs what the writer underneath
// takes for it, and no lock. Where each write has a time of its own, it goes
// through Write and Flush instead.

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/crossfade-go/crossfade/internal/status"
)

// claim sends the head, if it is not out yet, and makes the caller the only
// writer of what follows. It reports false where that cannot be.
func (x *Exchange) claim(code int) (solo bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.open(code); err != nil {
		return false, err
	}
	if x.R.Method == http.MethodHead || status.NullBody(int(x.status)) {
		return false, nil // Write says what becomes of a body
	}
	x.beginStream()
	x.startClock()
	if !x.is(clockless) {
		return false, nil
	}
	x.state.Or(claimed)
	return true, nil
}

// claim makes the rest of the answer the sink's.
func (s *Sink) claim() (err error) {
	if s.claimed {
		return nil
	}
	if s.solo, err = s.X.claim(s.Status); err != nil {
		return err
	}
	if s.claimed = true; !s.solo {
		return nil
	}
	switch f := s.X.W.(type) {
	case errorFlusher:
		s.flusher = f
	case http.Flusher:
		s.flusher = plainFlusher{f}
	default:
		s.flusher = controlled{http.NewResponseController(s.X.W)}
	}
	return nil
}

type errorFlusher interface{ FlushError() error }

type plainFlusher struct{ http.Flusher }

func (f plainFlusher) FlushError() error { f.Flush(); return nil }

// controlled is a writer behind others that do not show that it flushes.
type controlled struct{ *http.ResponseController }

func (c controlled) FlushError() error { return c.Flush() }

// Send writes one piece of a stream and flushes it. Nobody else may write to
// the answer any more.
func (s *Sink) Send(p []byte) error {
	if err := s.claim(); err != nil {
		return err
	}
	if err := s.write(p); err != nil {
		return err
	}
	return s.flushed()
}

// write is Write after claim.
func (s *Sink) write(p []byte) error {
	if !s.solo {
		_, err := s.X.Write(p)
		return err
	}
	n, err := s.X.W.Write(p)
	s.X.written += int64(n)
	if err != nil {
		s.X.note(err)
	}
	return err
}

// flushed is Flush after claim. That a writer cannot flush is no error of a
// stream, which goes on without.
func (s *Sink) flushed() (err error) {
	if s.solo {
		if err = s.flusher.FlushError(); err == nil {
			return nil
		}
		s.X.note(err)
	} else {
		err = s.X.Flush()
	}
	if err == nil || NotSupported(err) {
		return nil
	}
	return err
}

// chunks are copy buffers; a reader sees one for the time of one Read.
var chunks = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// Copy sends a reader chunk by chunk. The first one is read before the head goes
// out, and one that does not fill the buffer is flushed, because there is no
// more at hand. A reader that may block is closed when the client leaves, since
// nothing else would wake it; one that cannot be has no close.
func (s *Sink) Copy(src io.Reader, close func() error) error {
	x := s.X
	if x.R.ProtoMajor >= 2 {
		x.BeginStream() // the source may take longer than the deadline of a stream
	}
	if close != nil {
		defer context.AfterFunc(x.R.Context(), func() { close() })()
	}
	buf := chunks.Get().(*[32 << 10]byte)
	defer chunks.Put(buf)
	for {
		n, err := src.Read(buf[:])
		if n > 0 {
			if err := s.claim(); err != nil {
				return err
			}
			if err := s.write(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case err != nil:
			return x.sourceError(err)
		case n == 0:
			continue
		}
		if x.declared >= 0 {
			continue // nobody waits for a part of it; net/http's own path would make a buffer of its own
		}
		if rf, ok := x.W.(io.ReaderFrom); ok && s.solo {
			s.src, s.short = src, n < len(buf)
			n, err := rf.ReadFrom((*pacer)(s))
			x.written += n
			if s.srcErr != nil {
				return x.sourceError(s.srcErr)
			}
			x.note(err)
			return err
		}
		if n < len(buf) {
			if err := s.flushed(); err != nil {
				return err
			}
		}
	}
}

// sourceError is the error of a source. It may just be that the client has left.
func (x *Exchange) sourceError(err error) error {
	if err == io.EOF {
		return nil
	}
	return errors.Join(context.Cause(x.Context()), err)
}

// pacer is the source of a sink in front of a writer that copies by itself. What
// it has given is flushed before it waits for more, unless it has filled the
// buffer.
type pacer Sink

func (p *pacer) Read(b []byte) (int, error) {
	if p.short {
		p.short = false
		if err := (*Sink)(p).flushed(); err != nil {
			return 0, err
		}
	}
	n, err := p.src.Read(b)
	p.short = 0 < n && n < len(b)
	if err != nil && err != io.EOF {
		p.srcErr = err
	}
	return n, err
}

// relay lets others write while the source of a copy has nothing: it is read
// without the lock that the copy holds.
type relay struct {
	x *Exchange
	r io.Reader
}

func (r *relay) Read(p []byte) (int, error) {
	r.x.mu.Unlock()
	defer r.x.mu.Lock()
	return r.r.Read(p)
}

package message

// A stream onto the wire, for both shapes: the head goes out with the first
// byte, so that a source which fails before it can still become an error.

import (
	"context"
	"errors"
	"io"
	"sync"
)

// Sink is an exchange with the status that its first write commits.
type Sink struct {
	X      *Exchange
	Status int
}

func (s *Sink) head() error { return s.X.CommitOnce(s.Status) }

// Write writes to the body.
func (s *Sink) Write(p []byte) (int, error) {
	if err := s.head(); err != nil {
		return 0, err
	}
	return s.X.Write(p)
}

// WriteString writes to the body.
func (s *Sink) WriteString(p string) (int, error) {
	if err := s.head(); err != nil {
		return 0, err
	}
	return s.X.WriteString(p)
}

// Flush sends what has been written, or just the head.
func (s *Sink) Flush() error {
	if err := s.head(); err != nil {
		return err
	}
	return s.X.Flush()
}

// chunks are copy buffers; a reader sees one for the time of one Read.
var chunks = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// Copy sends a reader chunk by chunk. A chunk that does not fill the buffer is
// flushed, because there is no more at hand. A reader that blocks is closed when
// the client leaves, since nothing else would wake it.
func (s *Sink) Copy(src io.Reader, close func() error) error {
	s.X.BeginStream()
	ctx := s.X.Context()
	if _, ok := src.(io.Closer); ok {
		defer context.AfterFunc(s.X.R.Context(), func() { close() })()
	}
	buf := chunks.Get().(*[32 << 10]byte)
	defer chunks.Put(buf)
	for {
		n, err := src.Read(buf[:])
		if n > 0 {
			if _, err := s.Write(buf[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return errors.Join(context.Cause(ctx), err)
		case n > 0 && n < len(buf) && s.X.declared < 0:
			if err := s.Flush(); err != nil && !NotSupported(err) {
				return err
			}
		}
	}
}

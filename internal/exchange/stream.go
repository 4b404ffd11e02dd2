package exchange

// A stream onto the wire, for both shapes: the head goes out with the first byte, so that a source
// which fails before it can still become an error. Where one goroutine writes it from its head to
// its end, whoever else wants to write is refused, so that each piece costs what the writer
// underneath takes for it, and no lock.

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// BeginStream says that the answer is a stream. Behind a conversion the one who has the connection
// does not know yet.
func (x *Exchange) BeginStream() {
	if !x.Streaming() {
		x.Answer.BeginStream()
		x.tellStream()
	}
}

func (x *Exchange) tellStream() {
	if root := x.root(); root != x {
		root.Answer.BeginStream()
	}
}

// Flush sends what is buffered, the head first; an answer that is flushed is a stream. Somebody who
// wanted no more than the head has it then, and the request ends.
func (x *Exchange) Flush() error {
	was := x.Streaming()
	err := x.Answer.Flush()
	if !was && x.Streaming() {
		x.tellStream()
	}
	if x.headOnly() {
		root := x.root()
		root.EndBody(false)
		root.had().endContext()
	}
	return err
}

// Sink is an exchange with the status that its first write commits.
type Sink struct {
	X      *Exchange
	Status int

	claimed bool                    // it is known whether X could be claimed
	alone   bool                    // and it was
	under   http.ResponseController // of X.W, which the sink flushes by itself where it is alone
}

// Write writes to the body.
func (s *Sink) Write(p []byte) (int, error) {
	if err := s.X.CommitOnce(s.Status); err != nil {
		return 0, err
	}
	return s.X.Write(p)
}

// WriteString writes to the body.
func (s *Sink) WriteString(p string) (int, error) {
	if err := s.X.CommitOnce(s.Status); err != nil {
		return 0, err
	}
	return s.X.WriteString(p)
}

// Flush sends what has been written, or just the head.
func (s *Sink) Flush() error {
	if err := s.X.CommitOnce(s.Status); err != nil {
		return err
	}
	return s.X.Flush()
}

// claim makes the rest of the answer the sink's.
func (s *Sink) claim() (err error) {
	if s.claimed {
		return nil
	}
	was := s.X.Streaming()
	if s.alone, err = s.X.Claim(s.Status); err != nil {
		return err
	}
	if !was && s.X.Streaming() {
		s.X.tellStream()
	}
	s.claimed, s.under = true, *http.NewResponseController(s.X.W)
	return nil
}

// Send writes one piece of a stream and flushes it. Nobody else may write to the answer any more.
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
	if !s.alone {
		_, err := s.X.Write(p)
		return err
	}
	n, err := s.X.W.Write(p)
	s.X.Wrote(int64(n), err)
	return err
}

// flushed is Flush after claim. That a writer cannot flush is not an error of a stream, which goes
// on without.
func (s *Sink) flushed() (err error) {
	if s.alone {
		if err = s.under.Flush(); err == nil {
			return nil
		}
		s.X.Wrote(0, err)
	} else {
		err = s.X.Flush()
	}
	if outbound.NotSupported(err) {
		return nil
	}
	return err
}

// Copy sends a reader chunk by chunk. The first one is read before the head goes out, and one that
// does not fill the buffer is flushed, because there is no more at hand. A reader that may block is
// closed when the client leaves, since nothing else would wake it; one that cannot be has no close.
func (s *Sink) Copy(src io.Reader, close func() error) error {
	x := s.X
	if x.R.ProtoMajor >= 2 {
		x.BeginStream() // the source may take longer than the deadline of a stream
	}
	if close != nil {
		defer context.AfterFunc(x.R.Context(), func() { close() })()
	}
	buf := outbound.Chunks.Get().(*[32 << 10]byte)
	defer outbound.Chunks.Put(buf)
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
		case n == 0, n == len(buf), x.Declared(): // nobody waits for a part of what has a length
			continue
		}
		if err := s.flushed(); err != nil {
			return err
		}
	}
}

// sourceError returns the error of a source. It may just be that the client has left.
func (x *Exchange) sourceError(err error) error {
	if err == io.EOF {
		return nil
	}
	return errors.Join(context.Cause(x.Context()), err)
}

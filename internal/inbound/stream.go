package inbound

// The body as a stream, for handlers of both shapes and for http.Handlers.

import (
	"bytes"
	"io"
	"net/http"
)

// Stream returns the body as a stream, bounded by Limits.Stream.
func (b Body) Stream() io.Reader {
	if b.have {
		return bytes.NewReader(b.buf)
	}
	if b.taken.Load() {
		return failedReader{b.whyTaken()}
	}
	src := b.source()
	if src == nil || src == http.NoBody {
		b.have = true
		b.eof.Store(true)
		return http.NoBody
	}
	b.taken.Store(true)
	if b.tap != nil {
		src = b.tap(src)
	}
	return &streamReader{body: b, src: src}
}

// UseStream is Stream with the Fetch Standard's rule.
func (b Body) UseStream() io.Reader {
	if b.r.NullBody() {
		return http.NoBody
	}
	if b.used && !b.keep {
		return failedReader{errUsed}
	}
	b.used = !b.keep
	return b.Stream()
}

// HTTP returns the body for an http.Handler, whose reading is accounted for like any other.
func (b Body) HTTP() io.ReadCloser {
	b.mu.Lock()
	b.src = b.sourceLocked()
	b.mu.Unlock()
	return &httpBody{body: b}
}

type failedReader struct{ err error }

func (r failedReader) Read([]byte) (int, error) { return 0, r.err }

// streamReader reads the client's body and knows how far it got.
type streamReader struct {
	body  Body
	src   io.Reader
	n     int64
	raw   bool // an http.Handler compares the errors of net/http with ==, and by their text
	reset func()
	err   error
}

func (s *streamReader) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.body.over.Load() { // net/http would go on reading on HTTP/2
		return 0, http.ErrBodyReadAfterClose
	}
	r := s.body.r
	limit := r.Env.Limits.Stream
	if s.reset == nil {
		if limit > 0 && r.R.ContentLength > limit {
			s.err = tooLarge(limit) // without waiting for any of it
			return 0, s.err
		}
		s.reset = s.body.readDeadline()
	}
	if limit > 0 && int64(len(p))-1 > limit-s.n {
		p = p[:limit-s.n+1]
	}
	n, err := s.src.Read(p)
	s.n += int64(n)
	s.body.read.Store(s.n)
	if limit > 0 && s.n > limit {
		n -= int(s.n - limit)
		err = tooLarge(limit)
	}
	if err != nil {
		s.reset()
		switch err {
		case io.EOF:
			s.body.eof.Store(true)
		case io.ErrUnexpectedEOF: // the connection is at its end
		default:
			s.body.bad.Store(true)
		}
		if !s.raw {
			err = ReadError(err)
		}
		s.err = err
	}
	return n, err
}

// httpBody is the body that an http.Handler reads: the same stream, and the collected bytes where a
// handler of ours has read them already.
type httpBody struct {
	body Body
	r    io.Reader
}

func (b *httpBody) Read(p []byte) (int, error) {
	if b.r == nil {
		b.r = b.body.Stream()
		if s, ok := b.r.(*streamReader); ok {
			s.raw = true
		}
	}
	return b.r.Read(p)
}

func (b *httpBody) Close() error {
	b.r = failedReader{http.ErrBodyReadAfterClose}
	if b.body.have {
		return nil
	}
	b.body.taken.Store(true)
	err := b.body.source().Close()
	if err != nil {
		b.body.bad.Store(true)
	}
	return err
}

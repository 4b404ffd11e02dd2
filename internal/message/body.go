package message

// The body of a request, for both shapes. There is one body, however many
// exchanges a request has: reqres collects it and keeps the bytes, fetch takes
// it once as the Fetch Standard does, and what one shape has done the other
// one sees.

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"
)

type body struct {
	src   io.ReadCloser // what the client sends, if a wrapper stands in R.Body
	buf   []byte
	have  bool // buf is the whole body
	keep  bool // it may be read again and again
	taken bool // the stream was handed out, or consumed without keeping it
	used  bool // fetch's bodyUsed
	eof   bool // the stream was read to its end
	whole bool // a nested exchange answers from memory
	late  bool // an http.Handler may still read it while it answers
	err   error
}

// NullBody reports whether the Fetch shape sees no body: GET and HEAD have
// none there, whatever the client sent (Fetch Standard, "new Request").
func (x *Exchange) NullBody() bool {
	return x.R.Body == nil || x.R.Body == http.NoBody || x.R.Method == http.MethodGet || x.R.Method == http.MethodHead
}

// HasBody reports whether the client announced a body at all.
func (x *Exchange) HasBody() bool {
	return x.R.ContentLength > 0 || x.R.ContentLength < 0 || x.R.Header.Get("Content-Length") != ""
}

// Collect returns the whole body and keeps it, so that it can be asked for
// again. The caller must not change the bytes.
func (x *Exchange) Collect() ([]byte, error) { return x.CollectWithin(x.Env.Limits.Body) }

// CollectWithin is Collect with a limit of the caller's in place of
// Limits.Body; one that is not positive is none.
func (x *Exchange) CollectWithin(limit int64) ([]byte, error) {
	b := x.ext().body
	if b.have {
		if limit > 0 && int64(len(b.buf)) > limit {
			return nil, tooLarge(limit)
		}
		return b.buf, nil
	}
	if b.err != nil {
		return nil, b.err
	}
	if b.taken {
		return nil, ErrBodyUsed
	}
	buf, err := x.readAll(x.source(), limit)
	if err != nil {
		b.taken, b.err = true, err
		return nil, err
	}
	b.buf, b.have, b.eof = buf, true, true
	return buf, nil
}

// Use is Collect with the Fetch Standard's rule that a body is read once;
// after Buffer it can be read again.
func (x *Exchange) Use() ([]byte, error) {
	if x.NullBody() {
		return nil, nil
	}
	b := x.ext().body
	if b.used && !b.keep {
		return nil, ErrBodyUsed
	}
	b.used = !b.keep
	return x.Collect()
}

// Buffer collects the body so that Use can be called any number of times.
func (x *Exchange) Buffer() error {
	if x.NullBody() {
		return nil
	}
	b := x.ext().body
	if b.used && !b.keep {
		return ErrBodyUsed
	}
	if _, err := x.Collect(); err != nil {
		return err
	}
	b.keep = true
	return nil
}

// Used reports whether Use or UseStream has been called (bodyUsed).
func (x *Exchange) Used() bool {
	m := x.more.Load()
	return m != nil && m.body.used
}

// SetBody makes buf the body of x alone, unread: a clone's.
func (x *Exchange) SetBody(buf []byte) {
	m := newMore()
	m.locals = x.localsMap()
	m.own = body{buf: buf, have: true, eof: true}
	x.more.Store(m)
}

// SetCollected makes buf the body that everybody reads from here on, for
// middleware that has decoded what the client sent.
func (x *Exchange) SetCollected(buf []byte) {
	b := x.ext().body
	b.buf, b.have, b.eof, b.taken, b.err = buf, true, true, false, nil
}

// OwnBody gives x a body state of its own, for a request whose R.Body is
// another one than that of the request it was made from.
func (x *Exchange) OwnBody() { x.SetBody(nil); x.ext().own = body{} }

// Stream returns the body as a stream, bounded by Limits.Stream.
func (x *Exchange) Stream() io.Reader {
	b := x.ext().body
	if b.have {
		return bytes.NewReader(b.buf)
	}
	if b.taken {
		return failedReader{ErrBodyUsed}
	}
	src := x.source()
	if src == nil || src == http.NoBody {
		b.have, b.eof = true, true
		return http.NoBody
	}
	b.taken = true
	return &streamReader{x: x, src: src}
}

// source is the client's body underneath what HTTP has put in its place.
func (x *Exchange) source() io.ReadCloser {
	if src := x.ext().body.src; src != nil {
		return src
	}
	return x.R.Body
}

// UseStream is Stream with the Fetch Standard's rule.
func (x *Exchange) UseStream() io.Reader {
	if x.NullBody() {
		return http.NoBody
	}
	b := x.ext().body
	if b.used && !b.keep {
		return failedReader{ErrBodyUsed}
	}
	b.used = !b.keep
	return x.Stream()
}

// UsedErr is ErrBodyUsed where Use would return it.
func (x *Exchange) UsedErr() error {
	if m := x.more.Load(); m != nil && !m.body.keep && (m.body.used || m.body.taken) && !x.NullBody() {
		return ErrBodyUsed
	}
	return nil
}

type failedReader struct{ err error }

func (r failedReader) Read([]byte) (int, error) { return 0, r.err }

// readAll reads src to its end, within the limit and Limits.ReadTimeout. A
// declared length beyond the limit is refused before a byte is read.
func (x *Exchange) readAll(src io.Reader, limit int64) ([]byte, error) {
	if src == nil || src == http.NoBody {
		return nil, nil
	}
	if limit > 0 && x.R.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	defer x.readDeadline()()
	if n := x.R.ContentLength; n >= 0 {
		buf := make([]byte, n)
		if _, err := io.ReadFull(src, buf); err != nil {
			if err == io.EOF && n > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, ReadError(err)
		}
		// One more read sees the end, so that net/http starts to watch for the
		// client's leaving.
		var end [1]byte
		if _, err := src.Read(end[:]); err != nil && err != io.EOF {
			return nil, ReadError(err)
		}
		return buf, nil
	}
	if limit > 0 {
		src = io.LimitReader(src, limit+1)
	}
	pooled := buffers.Get().(*bytes.Buffer)
	defer func() {
		if pooled.Cap() <= 64<<10 {
			pooled.Reset()
			buffers.Put(pooled)
		}
	}()
	if _, err := pooled.ReadFrom(src); err != nil {
		return nil, ReadError(err)
	}
	if limit > 0 && int64(pooled.Len()) > limit {
		return nil, tooLarge(limit)
	}
	return bytes.Clone(pooled.Bytes()), nil
}

// buffers are for collecting bodies of unknown length; no caller sees one.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readDeadline bounds the reads until the returned function is called.
func (x *Exchange) readDeadline() (reset func()) {
	d := x.Env.Limits.ReadTimeout
	if d <= 0 {
		return func() {}
	}
	deadline := time.Now().Add(d)
	if x.setReadDeadline(deadline) != nil {
		return func() {} // no connection underneath: nothing can be slow
	}
	return func() {
		if time.Now().Before(deadline) { // else the upload is cut, and stays so
			x.setReadDeadline(time.Time{})
		}
	}
}

// setReadDeadline leaves alone a connection that may be another request's by
// now: who reads a body need not be the handler, nor end with it.
func (x *Exchange) setReadDeadline(t time.Time) error {
	m := x.ext()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.released || x.is(closed|complete) {
		return http.ErrBodyReadAfterClose
	}
	return x.control().SetReadDeadline(t)
}

// streamReader reads the client's body and knows how far it got.
type streamReader struct {
	x     *Exchange
	src   io.Reader
	n     int64
	reset func()
	err   error
}

func (s *streamReader) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	x := s.x
	if x.ext().ended.Load() { // net/http would go on reading on HTTP/2
		return 0, http.ErrBodyReadAfterClose
	}
	limit := x.Env.Limits.Stream
	if s.reset == nil {
		if limit > 0 && x.R.ContentLength > limit {
			s.err = tooLarge(limit) // without waiting for any of it
			return 0, s.err
		}
		s.reset = x.readDeadline()
	}
	if limit > 0 && int64(len(p)) > limit-s.n+1 {
		p = p[:limit-s.n+1]
	}
	n, err := s.src.Read(p)
	s.n += int64(n)
	if limit > 0 && s.n > limit {
		n -= int(s.n - limit)
		err = tooLarge(limit)
	}
	if err != nil {
		s.reset()
		if err == io.EOF {
			x.ext().body.eof = true
		}
		s.err = ReadError(err)
		err = s.err
	}
	return n, err
}

// httpBody is the body that an http.Handler reads: the same stream, and the
// collected bytes where a handler of ours has read them already.
type httpBody struct {
	x *Exchange
	r io.Reader
}

func (b *httpBody) Read(p []byte) (int, error) {
	if b.r == nil {
		b.r = b.x.Stream()
	}
	return b.r.Read(p)
}

func (b *httpBody) Close() error {
	b.r = failedReader{http.ErrBodyReadAfterClose}
	m := b.x.ext()
	if m.body.have {
		return nil
	}
	m.body.taken = true
	return m.body.src.Close()
}

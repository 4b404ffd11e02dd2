package inbound

// The body of a request, for both shapes. There is one, however many exchanges a request has:
// reqres collects it and keeps the bytes, fetch takes it once as the Fetch Standard does, and what
// one shape has done the other one sees.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade"
)

// ErrBodyUsed is returned by the second read of a one-shot body (Fetch Standard, "body used").
var ErrBodyUsed = errors.New("the body has already been read")

// What the reader of a body has to do instead: by the Fetch Standard's rule, and where the body has
// gone by as a stream.
var (
	errUsed  = fmt.Errorf("%w: call Buffer before the first read, or Clone, to read it again", ErrBodyUsed)
	errTaken = fmt.Errorf("%w as a stream: call Bytes, Text, JSON or Form before, which keep it", ErrBodyUsed)
)

// Body is the body as a request sees it. The zero value is not valid; see Request.BodyFrom.
type Body struct {
	r *Request
	*bodyState
}

// bodyState is how far the body has been read.
type bodyState struct {
	conn http.ResponseWriter // whose connection the client sends it over

	src  io.ReadCloser // what the client sends, where a wrapper stands in R.Body; with mu
	tap  func(io.ReadCloser) io.ReadCloser
	buf  []byte
	have bool // buf is the whole body
	keep bool // it may be read again and again
	used bool // fetch's bodyUsed
	err  error

	// One goroutine of a handler may read while another one answers.
	taken  atomic.Bool  // the stream was handed out, or consumed without keeping it
	closed atomic.Bool  // the answer began before anybody had asked for it
	read   atomic.Int64 // how much of it has been read
	eof    atomic.Bool  // it was read to its end, or was never there
	bad    atomic.Bool  // reading it has failed: what is left is not to be taken for the next request

	settled atomic.Uint32 // what has been decided about the rest of it, see Settle

	mu    sync.Mutex
	over  atomic.Bool // the request has been answered; changed with mu
	forms []*crossfade.Form
}

// BodyFrom returns the body of r, which comes over the connection of conn.
func (r *Request) BodyFrom(conn http.ResponseWriter) Body {
	s := r.body.Load()
	if s == nil {
		s = &bodyState{conn: conn}
		if !r.body.CompareAndSwap(nil, s) {
			s = r.body.Load()
		}
	}
	return Body{r, s}
}

// ShareBody gives r the body of another request.
func (r *Request) ShareBody(of Body) { r.body.Store(of.bodyState) }

// SharesBody reports whether r has the body of another request, or neither has one.
func (r *Request) SharesBody(of *Request) bool { return r.body.Load() == of.body.Load() }

// OwnBody gives r a body of its own, which nobody has asked for yet: R.Body is another one.
func (r *Request) OwnBody(conn http.ResponseWriter) { r.body.Store(&bodyState{conn: conn}) }

// SetBody gives r a body of its own, which is buf: a clone's.
func (r *Request) SetBody(buf []byte) {
	s := &bodyState{buf: buf, have: true}
	s.eof.Store(true)
	r.body.Store(s)
}

// Wraps reports whether src is what HTTP has put in the place of the body of r, and so the same
// body.
func (r *Request) Wraps(src io.ReadCloser) bool {
	b, ok := src.(*httpBody)
	return ok && b.body.bodyState == r.body.Load()
}

// Collect returns the whole body and keeps it, so that it can be asked for again. The caller must
// not change the bytes.
func (b Body) Collect() ([]byte, error) { return b.CollectWithin(b.r.Env.Limits.Body) }

// CollectWithin is Collect with a limit of the caller's in place of Limits.Body; one that is not
// positive is none.
func (b Body) CollectWithin(limit int64) ([]byte, error) {
	if b.have {
		if limit > 0 && int64(len(b.buf)) > limit {
			return nil, tooLarge(limit)
		}
		return b.buf, nil
	}
	if b.err != nil {
		return nil, b.err
	}
	if b.taken.Load() {
		return nil, b.whyTaken()
	}
	buf, err := b.readAll(limit)
	if err != nil {
		b.err = err
		b.taken.Store(true)
		return nil, err
	}
	b.buf, b.have = buf, true
	b.eof.Store(true)
	return buf, nil
}

// whyTaken returns the error of a body that is taken.
func (b Body) whyTaken() error {
	if b.closed.Load() {
		return errClosed
	}
	return errTaken
}

// Use is Collect with the Fetch Standard's rule that a body is read once; after Buffer it can be
// read again.
func (b Body) Use() ([]byte, error) {
	if b.r.NullBody() {
		return nil, nil
	}
	if b.used && !b.keep {
		return nil, errUsed
	}
	b.used = !b.keep
	return b.Collect()
}

// Buffer collects the body so that Use can be called any number of times.
func (b Body) Buffer() error {
	if b.r.NullBody() {
		return nil
	}
	if b.used && !b.keep {
		return errUsed
	}
	if _, err := b.Collect(); err != nil {
		return err
	}
	b.keep = true
	return nil
}

// Used reports whether Use or UseStream has been called (bodyUsed).
func (b Body) Used() bool { return b.used }

// UsedErr is ErrBodyUsed where Use would return it.
func (b Body) UsedErr() error {
	if !b.keep && (b.used || b.taken.Load()) && !b.r.NullBody() {
		return errUsed
	}
	return nil
}

// SetCollected makes buf the body that everybody reads from here on, for middleware that has
// decoded what the client sent.
func (b Body) SetCollected(buf []byte) {
	b.buf, b.have, b.err = buf, true, nil
	b.eof.Store(true)
	b.taken.Store(false)
	b.closed.Store(false)
}

// Rewind makes buf the body again, as if nobody had asked for it.
func (b Body) Rewind(buf []byte) {
	b.SetCollected(buf)
	b.used = false
	b.settled.Store(unsettled)
}

// Collected returns the body where the whole of it is in memory.
func (b Body) Collected() ([]byte, bool) {
	if b.have {
		return b.buf, true
	}
	return nil, b.r.Bodyless()
}

// Untouched reports whether nobody has asked for the body yet.
func (b Body) Untouched() bool { return !b.have && !b.taken.Load() && b.err == nil }

// Tap puts what wrap makes of it in the place of what the client sends. It does nothing where there
// is no body or somebody has asked for it before.
func (b Body) Tap(wrap func(io.ReadCloser) io.ReadCloser) {
	b.mu.Lock() // of a handler that nobody waits for, the request may be ending
	defer b.mu.Unlock()
	if src := b.sourceLocked(); b.Untouched() && src != nil && src != http.NoBody {
		b.src = wrap(src)
	}
}

// TapStream is Tap for a body that is read as a stream: one that is collected is kept anyway.
func (b Body) TapStream(wrap func(io.ReadCloser) io.ReadCloser) { b.tap = wrap }

// source returns the client's body underneath what HTTP has put in its place.
func (b Body) source() io.ReadCloser {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sourceLocked()
}

func (b Body) sourceLocked() io.ReadCloser {
	if b.src != nil {
		return b.src
	}
	return b.r.R.Body
}

// readAll reads the body to its end, within the limit and Limits.ReadTimeout. A declared length
// beyond the limit is refused before a byte is read; one within it is believed only as far as bytes
// arrive.
func (b Body) readAll(limit int64) ([]byte, error) {
	src := io.Reader(b.source())
	if src == nil || src == http.NoBody {
		return nil, nil
	}
	n := b.r.R.ContentLength
	if limit > 0 && n > limit {
		return nil, tooLarge(limit)
	}
	defer b.readDeadline()()
	if n > 0 { // 0 is unknown where there is something to read
		buf := make([]byte, min(n, believed))
		for have := 0; ; {
			m, err := io.ReadFull(src, buf[have:])
			if have += m; err != nil {
				if err == io.EOF {
					err = io.ErrUnexpectedEOF
				}
				return nil, ReadError(err)
			}
			if int64(have) == n {
				break
			}
			buf = append(make([]byte, 0, min(n, 4*int64(have))), buf...)
			buf = buf[:cap(buf)]
		}
		// One more read sees the end, so that net/http starts to watch for the client's leaving.
		var end [1]byte
		if _, err := src.Read(end[:]); err != nil && err != io.EOF {
			return nil, ReadError(err)
		}
		return buf, nil
	}
	if limit > 0 {
		src = io.LimitReader(src, max(limit, limit+1)) // the largest has none above it
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

// believed is how much memory an announced length gets before a byte has arrived; from there on it
// is four times what has.
const believed = 4 << 10

// buffers are for collecting bodies of unknown length; no caller sees one.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readDeadline bounds the reads until the returned function is called.
func (b Body) readDeadline() (reset func()) {
	d := b.r.Env.Limits.ReadTimeout
	if d <= 0 {
		return func() {}
	}
	deadline := time.Now().Add(d)
	if b.setReadDeadline(deadline) != nil {
		return func() {} // no connection underneath: nothing can be slow
	}
	return func() {
		if time.Now().Before(deadline) { // else the upload is cut, and stays so
			b.setReadDeadline(time.Time{})
		}
	}
}

// setReadDeadline leaves alone a connection that may be another request's by now: who reads a body
// need not be the handler, nor end with it.
func (s *bodyState) setReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over.Load() {
		return http.ErrBodyReadAfterClose
	}
	return http.NewResponseController(s.conn).SetReadDeadline(t)
}

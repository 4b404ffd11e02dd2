package message

// The one place where a head goes out, and the writes after it. Whoever
// answers, in whatever shape, commits here: the head hooks run, the framing is
// settled, and from then on the state is known that decides whether an error
// can still become a response or must cut the connection.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/crossfade-go/crossfade/internal/status"
)

// Committed reports whether the head is out.
func (x *Exchange) Committed() bool { return x.is(committed) }

// Status is the status of the committed head, or 0.
func (x *Exchange) Status() int {
	if !x.is(committed) {
		return 0
	}
	return int(x.status)
}

// Commit sends the head with the headers of W.
func (x *Exchange) Commit(code int) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.commit(code)
}

// CommitOnce is Commit for the first of several writers: the head may be out
// already.
func (x *Exchange) CommitOnce(code int) error {
	if x.is(committed) {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.is(committed) {
		return nil
	}
	return x.commit(code)
}

func (x *Exchange) commit(code int) error {
	if err := x.committable(code); err != nil {
		return err
	}
	h := x.W.Header()
	if code < 200 && code != http.StatusSwitchingProtocols {
		x.W.WriteHeader(code) // informational: the head is still to come
		return nil
	}
	x.status = int16(code)
	x.state.Or(committed)
	x.sendHead(code, h, false)
	return nil
}

func (x *Exchange) committable(code int) error {
	switch {
	case x.is(closed):
		return ErrHandlerReturned
	case x.is(committed):
		return ErrAlreadySent
	case code < 100 || code > 999:
		return fmt.Errorf("status %d cannot be sent: HTTP has the statuses 100 to 999", code)
	}
	return nil
}

// sendHead sends the head, which is final.
func (x *Exchange) sendHead(code int, h http.Header, empty bool) {
	if len(x.Env.Head) > 0 {
		x.runHooks(code, h)
	}
	typed := x.known.typed
	if !x.Plain(h) {
		typed = x.tidy(code, h)
	}
	if !typed && !x.sniff && !empty {
		h["Content-Type"] = nil // net/http would guess one
	}
	x.settleBody(h)
	x.W.WriteHeader(code)
}

// Answer sends a whole answer with the headers h of W: the head, and as the body
// text or bytes, one of which is empty. The body must be one that the status and
// the method allow.
func (x *Exchange) Answer(h http.Header, code int, text string, bytes []byte) (err error) {
	if code < 200 {
		if err = x.Commit(code); err != nil || len(text)+len(bytes) == 0 {
			return err
		}
		code = http.StatusOK // whose body this is
	}
	x.mu.Lock()
	// What others see of the state changes once, because each change costs as
	// much as a lock. Deferred, since a panic on the way leaves a head behind.
	var reached uint32
	defer func() {
		if reached != 0 {
			x.state.Or(reached)
		}
		x.mu.Unlock()
	}()
	if err = x.committable(code); err != nil {
		return err
	}
	x.whole = true
	if x.nested {
		x.ext().body.whole = true
	}
	reached = committed
	x.status = int16(code)
	size := len(text) + len(bytes)
	x.sendHead(code, h, size == 0)
	if size > 0 {
		x.startClock()
		n := 0
		if text != "" {
			n, err = io.WriteString(x.W, text)
		} else {
			n, err = x.W.Write(bytes)
		}
		x.stopClock()
		x.written += int64(n)
	}
	if err == nil && x.filled() && !x.is(streaming) {
		reached |= complete
	}
	return err
}

// Write sends bytes of the body, after the head.
func (x *Exchange) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.writable(); err != nil {
		return 0, err
	}
	n, err := x.W.Write(p)
	x.note(err)
	x.stopClock()
	x.written += int64(n)
	return n, err
}

// WriteString is Write without a copy of the string.
func (x *Exchange) WriteString(s string) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.writable(); err != nil {
		return 0, err
	}
	n, err := io.WriteString(x.W, s)
	x.note(err)
	x.stopClock()
	x.written += int64(n)
	return n, err
}

// note remembers that a write has failed. The context of a client that has left
// may end only later.
func (x *Exchange) note(err error) {
	switch {
	case err == nil, errors.Is(err, http.ErrContentLength), errors.Is(err, http.ErrBodyNotAllowed), NotSupported(err),
		errors.Is(err, ErrHandlerReturned), errors.Is(err, ErrAlreadySent), errors.Is(err, http.ErrHijacked):
	default:
		x.state.Or(unread)
	}
}

// open sends the head, unless it is out, for somebody who may go on writing.
func (x *Exchange) open(code int) error {
	switch {
	case x.is(closed):
		return ErrHandlerReturned
	case x.is(complete | claimed):
		return ErrAlreadySent
	case x.is(committed):
		return nil
	}
	return x.commit(code)
}

func (x *Exchange) writable() error {
	first := !x.is(committed)
	if err := x.open(http.StatusOK); err != nil {
		return err
	}
	switch {
	case first: // a 200 has a body
	case status.NullBody(int(x.status)):
		return http.ErrBodyNotAllowed
	case x.R.Method == http.MethodHead && (x.is(streaming) || x.written >= headBody):
		return ErrAnswerComplete
	}
	x.startClock()
	return nil
}

// headBody is how much of the body a handler may write although only the head
// was asked for: net/http throws it away, but counts a short one. It would do so
// for ever, so whoever writes more than this, or after a flush, is told to stop.
const headBody = 64 << 10

// ReadFrom streams r, through the fast path of the writer underneath where it
// has one. The first chunk is read before the head goes out: r may be the body
// of the request, which an answer that begins without it would close.
func (x *Exchange) ReadFrom(r io.Reader) (int64, error) {
	rf, ok := x.W.(io.ReaderFrom)
	if !ok || x.is(streaming) || x.Env.Limits.WriteTimeout != 0 {
		return io.Copy(writerOnly{x}, r) // write by write, each with its own time
	}
	var n int64
	if !x.is(committed) {
		buf := chunks.Get().(*[32 << 10]byte)
		defer chunks.Put(buf)
		first, err := io.CopyBuffer(writerOnly{x}, io.LimitReader(r, int64(len(buf))), buf[:])
		if n = first; err != nil || n < int64(len(buf)) {
			return n, err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.writable(); err != nil {
		return n, err
	}
	rest, err := rf.ReadFrom(x.relayed(r))
	x.written += rest
	return n + rest, err
}

// relayed is r for a copy that holds the lock. A file does not keep anybody
// waiting, and the operating system can send it by itself.
func (x *Exchange) relayed(r io.Reader) io.Reader {
	file := r
	if l, ok := r.(*io.LimitedReader); ok {
		file = l.R
	}
	if _, ok := file.(*os.File); ok {
		return r
	}
	return &relay{x, r}
}

// writerOnly hides ReadFrom from io.Copy.
type writerOnly struct{ io.Writer }

// Flush sends what is buffered, the head first; an answer that is flushed is a
// stream. The error is http.ErrNotSupported where the writer underneath cannot.
func (x *Exchange) Flush() (err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.open(http.StatusOK); err != nil {
		return err
	}
	x.beginStream()
	x.startClock()
	defer func() {
		x.note(err)
		x.stopClock()
	}()
	if x.R.Method == http.MethodHead {
		defer x.headSent()
	}
	switch f := x.W.(type) {
	case interface{ FlushError() error }:
		return f.FlushError()
	case http.Flusher:
		f.Flush()
		return nil
	default:
		return http.NewResponseController(x.W).Flush()
	}
}

// headSent ends the request of somebody who wanted no more than the head.
func (x *Exchange) headSent() {
	x.state.Or(ended)
	x.ext().endContext()
}

// End says that the answer is complete, so that an error which comes later can
// no longer spoil it.
func (x *Exchange) End() { x.state.Or(ended) }

// Hijacked says that the connection is no longer HTTP's.
func (x *Exchange) Hijacked() {
	x.mu.Lock()
	x.status = http.StatusSwitchingProtocols
	x.state.Or(committed | ended)
	x.mu.Unlock()
}

// NotSupported reports whether err says that a writer lacks an operation, which
// is no failure of the client.
func NotSupported(err error) bool { return errors.Is(err, http.ErrNotSupported) }

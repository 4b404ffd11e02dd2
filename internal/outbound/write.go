package outbound

// The body, after the head.

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/crossfade-go/crossfade/internal/status"
)

// Write sends bytes of the body. The head goes out first, with 200.
func (a *Answer) Write(p []byte) (int, error) { return a.write("", p) }

// WriteString is Write without a copy of the string.
func (a *Answer) WriteString(s string) (int, error) { return a.write(s, nil) }

func (a *Answer) write(text string, bytes []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.openLocked(); err != nil {
		return 0, err
	}
	if n := int64(len(text) + len(bytes)); a.declared >= 0 && n > 0 && (a.exceeded || a.written+n > a.declared) {
		a.exceeded = true // none of it, nor of what follows, as net/http has it
		return 0, http.ErrContentLength
	}
	a.startClockLocked()
	n, err := a.putLocked(text, bytes)
	a.note(err)
	return n, err
}

// putLocked hands text or bytes, one of which is empty, to the writer underneath.
func (a *Answer) putLocked(text string, bytes []byte) (n int, err error) {
	if text != "" {
		n, err = io.WriteString(a.W, text)
	} else {
		n, err = a.W.Write(bytes)
	}
	a.stopClockLocked()
	a.written += int64(n)
	return n, err
}

// openLocked sends the head, unless it is out, for somebody who goes on to write a body.
func (a *Answer) openLocked() error {
	if err := a.writeErrLocked(); err != nil {
		return err
	}
	switch {
	case !a.state.has(committed): // a 200 has a body
		return a.commitLocked(http.StatusOK)
	case status.NullBody(int(a.status)):
		return http.ErrBodyNotAllowed
	case a.R.Method == http.MethodHead && (a.state.has(streaming) || a.written >= headBody):
		return ErrAnswerComplete
	}
	return nil
}

// headBody is how much of the body a handler may write although only the head was asked for:
// net/http throws it away, but counts a short one. It would do so for ever, so whoever writes more
// than this, or after a flush, is told to stop.
const headBody = 64 << 10

// note remembers that a write has failed. The context of a client that has left may end only later.
func (a *Answer) note(err error) {
	switch {
	case err == nil, errors.Is(err, http.ErrContentLength), errors.Is(err, http.ErrBodyNotAllowed), NotSupported(err),
		errors.Is(err, ErrHandlerReturned), errors.Is(err, ErrAlreadySent), errors.Is(err, http.ErrHijacked):
	default:
		a.state.add(failed)
	}
}

// NotSupported reports whether err says that a writer lacks an operation, which is not a failure of
// the client.
func NotSupported(err error) bool { return errors.Is(err, http.ErrNotSupported) }

// Flush sends what is buffered, the head first; an answer that is flushed is a stream. The error is
// http.ErrNotSupported where the writer underneath cannot. Of an answer to HEAD only the head is
// wanted, so that it has ended.
func (a *Answer) Flush() (err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.writeErrLocked(); err != nil {
		if err == ErrAnswerComplete {
			return nil
		}
		return err
	}
	if !a.state.has(committed) {
		if err := a.commitLocked(http.StatusOK); err != nil {
			return err
		}
	}
	a.beginStreamLocked()
	a.startClockLocked()
	defer func() {
		a.note(err)
		a.stopClockLocked()
	}()
	if a.R.Method == http.MethodHead {
		defer a.state.add(ended)
	}
	return http.NewResponseController(a.W).Flush()
}

// Claim sends the head, if it is not out yet, and makes the caller the only writer of what follows:
// it writes to W, and tells Wrote. It reports false where that cannot be, because writes have a
// time of their own or nothing may be written.
func (a *Answer) Claim(code int) (alone bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.writeErrLocked(); err != nil && err != ErrAnswerComplete {
		return false, err
	}
	if !a.state.has(committed) {
		if err := a.commitLocked(code); err != nil {
			return false, err
		}
	}
	if a.R.Method == http.MethodHead || status.NullBody(int(a.status)) {
		return false, nil // Write says what becomes of a body
	}
	a.beginStreamLocked()
	a.startClockLocked()
	if !a.untimed {
		return false, nil
	}
	a.state.add(exclusive)
	return true, nil
}

// Wrote is told of each write to W by the one who has claimed the answer.
func (a *Answer) Wrote(n int64, err error) {
	a.written += n
	if err != nil {
		a.note(err)
	}
}

// ReadFrom streams r. A file goes through the writer underneath where that copies by itself, since
// the operating system can send it: after a first chunk, which may fail before the head goes out.
func (a *Answer) ReadFrom(r io.Reader) (n int64, err error) {
	buf := Chunks.Get().(*[32 << 10]byte)
	defer Chunks.Put(buf)
	rf, ok := a.W.(io.ReaderFrom)
	if !ok || !isFile(r) || a.Streaming() || a.Env.Limits.WriteTimeout != 0 {
		return io.CopyBuffer(writerOnly{a}, r, buf[:]) // write by write, each with its own time
	}
	if !a.Committed() {
		n, err = io.CopyBuffer(writerOnly{a}, io.LimitReader(r, int64(len(buf))), buf[:])
		if err != nil || n < int64(len(buf)) {
			return n, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.openLocked(); err != nil {
		return n, err
	}
	a.startClockLocked()
	rest, err := rf.ReadFrom(r)
	a.written += rest
	return n + rest, err
}

// Chunks are copy buffers; a reader sees one for the time of one Read.
var Chunks = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// writerOnly hides ReadFrom from io.Copy.
type writerOnly struct{ io.Writer }

// isFile reports whether r is a file, or a part of one: it keeps nobody waiting who wants the lock.
func isFile(r io.Reader) bool {
	if l, ok := r.(*io.LimitedReader); ok {
		r = l.R
	}
	_, ok := r.(*os.File)
	return ok
}

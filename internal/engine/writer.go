package engine

// The writer underneath the one that a handler has. It has no Unwrap: what a handler says passes
// the middleware around it, but for what only a connection can do.

import (
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// holdBack is how much of a body is held while the head may still change.
const holdBack = 4 << 10

// writer is the Body as the handler sees it.
type writer Body

// connWriter is a writer with a connection underneath.
type connWriter struct{ *writer }

// pushWriter is one of HTTP/2.
type pushWriter struct{ connWriter }

// Push starts a push of HTTP/2.
func (w pushWriter) Push(target string, o *http.PushOptions) error {
	return w.outer.Pusher().Push(target, o)
}

// Writer returns the writer of the handler.
func (b *Body) Writer() http.ResponseWriter {
	w := connWriter{(*writer)(b)}
	switch {
	case b.outer == nil || !b.outer.Connected():
		return w.writer
	case outbound.CanHijack(b.outer.W):
		return hijackWriter{w}
	case b.outer.Pusher() != nil:
		return pushWriter{w}
	}
	return w
}

// SetReadDeadline sets that of the connection.
func (w connWriter) SetReadDeadline(t time.Time) error {
	return w.outer.Control(func(c *http.ResponseController) error { return c.SetReadDeadline(t) })
}

// SetWriteDeadline sets that of the connection.
func (w connWriter) SetWriteDeadline(t time.Time) error {
	return w.outer.Control(func(c *http.ResponseController) error { return c.SetWriteDeadline(t) })
}

// EnableFullDuplex enables it on the connection.
func (w connWriter) EnableFullDuplex() error {
	return w.outer.Control(func(c *http.ResponseController) error { return c.EnableFullDuplex() })
}

func (w *writer) Header() http.Header {
	if w.header == nil {
		w.header = make(http.Header)
	}
	return w.header
}

func (w *writer) WriteHeader(code int) {
	b := (*Body)(w)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.status != 0:
	case code >= 200 || code == http.StatusSwitchingProtocols:
		b.snapshot(code)
	case b.outer != nil && !b.closed:
		b.outer.Inform(code, b.header)
	}
}

// Flushed reports whether the handler has flushed its answer.
func (b *Body) Flushed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flow != nil && b.flow.flushed
}

func (w *writer) Write(p []byte) (int, error) { return (*Body)(w).write("", p) }

func (w *writer) WriteString(s string) (int, error) { return (*Body)(w).write(s, nil) }

// write takes a write of text or of p, one of which is empty. The first text of a small answer is
// kept as it is.
func (b *Body) write(text string, p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	n := len(text) + len(p)
	switch {
	case b.done:
		return 0, outbound.ErrHandlerReturned
	case b.closed:
		return 0, errClosed
	case b.flow == nil && !b.chunked && len(b.text)+len(b.held)+n <= holdBack:
		if b.text == "" && b.held == nil && text != "" {
			b.text = text
			return n, nil
		}
		b.holdText()
		b.held = append(append(b.held, text...), p...)
		return n, nil
	}
	if text != "" {
		p = []byte(text)
	}
	b.guessType(p)
	b.holdText()
	b.goOn()
	return b.pass(p)
}

// holdText makes what was kept as text a part of what is held.
func (b *Body) holdText() {
	if b.text != "" {
		b.held = append(b.held, b.text...)
		b.text = ""
	}
}

// pass hands p to the consumer and waits until it has it.
func (b *Body) pass(p []byte) (int, error) {
	f := b.flow
	for f.pending != nil && !b.closed { // another goroutine of the handler is first
		f.cond.Wait()
	}
	if f.sink != nil && len(b.held) == 0 {
		return b.toSink(p)
	}
	f.pending = p
	b.changed()
	for len(f.pending) > 0 && !b.closed && f.sink == nil {
		f.cond.Wait()
	}
	rest := f.pending
	f.pending = nil
	b.changed()
	switch {
	case len(rest) == 0:
		return len(p), nil
	case b.closed:
		return len(p) - len(rest), errClosed
	default:
		n, err := b.toSink(rest)
		return len(p) - len(rest) + n, err
	}
}

func (b *Body) toSink(p []byte) (int, error) {
	if b.flow.sinkErr != nil {
		return 0, b.flow.sinkErr
	}
	n, err := b.flow.sink.Write(p)
	if err != nil {
		b.flow.sinkErr = err
		b.changed()
	}
	return n, err
}

// FlushError makes http.ResponseController work; it hands over the head.
func (w *writer) FlushError() error {
	b := (*Body)(w)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.done:
		return outbound.ErrHandlerReturned
	case b.closed:
		return errClosed
	}
	if b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	b.guessType(nil)
	b.holdText()
	b.goOn() // net/http guesses nothing later either
	b.flow.flush, b.flow.flushed = true, true
	if b.flow.sink == nil || len(b.held) > 0 {
		b.changed()
		return nil
	}
	b.flow.flush = false
	return b.flow.sink.Flush()
}

func (w *writer) Flush() { w.FlushError() }

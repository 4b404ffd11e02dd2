package engine

// The writer underneath the one that a handler has. It has no Unwrap: what a handler says passes
// the middleware around it, but for what only a connection can do.

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// holdBack is how much of a body is held while the head may still change.
const holdBack = 4 << 10

// sniffed is how much of a body its type is guessed of, as by net/http.
const sniffed = 512

// ErrUpgradeRefused is what a handler gets that has taken the connection, where middleware around
// it does not let the upgrade pass.
var ErrUpgradeRefused = errors.New("the upgrade was refused by what is around the handler")

// writer is the Body as the handler sees it.
type writer Body

// connWriter is a writer with a connection underneath.
type connWriter struct{ *writer }

// hijackWriter is one whose connection can be taken over.
type hijackWriter struct{ connWriter }

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

// snapshot fixes the head; the handler may go on changing its header map.
func (b *Body) snapshot(code int) {
	b.status = code
	b.Fields = header.AppendFields(b.Fields[:0], b.header)
	_, typed := b.header["Content-Type"]
	b.guess = !typed && b.header.Get("Content-Encoding") == ""
	if b.chunked = slices.ContainsFunc(b.Fields, func(f header.Field) bool { return trailing(f.Name) }); b.chunked {
		b.Fields = slices.DeleteFunc(b.Fields, func(f header.Field) bool {
			early := strings.HasPrefix(f.Name, http.TrailerPrefix)
			if early {
				b.early = append(b.early, f)
			}
			return early
		})
	}
}

// trailers reports whether there are some, or the head announces them.
func (b *Body) trailers() bool {
	for name, values := range b.header {
		if trailing(name) && len(values) > 0 {
			return true
		}
	}
	return false
}

func trailing(name string) bool {
	return name == "Trailer" || strings.HasPrefix(name, http.TrailerPrefix)
}

// Flushed reports whether the handler has flushed its answer.
func (b *Body) Flushed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.flow != nil && b.flow.flushed
}

// Announced reports whether the head has announced trailers, or has some.
func (b *Body) Announced() bool { return b.chunked }

// Early are the trailers that were there before the head: net/http counts no body that has some.
func (b *Body) Early() []header.Field { return b.early }

// Trailers returns the trailers of the answer, once the handler has returned; nil for none.
func (b *Body) Trailers() (late http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.done {
		return nil
	}
	add := func(name string) {
		if values := b.header[name]; len(values) > 0 {
			if late == nil {
				late = make(http.Header)
			}
			late[name] = slices.Clone(values)
		}
	}
	for name := range b.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			add(name)
		}
	}
	for _, line := range b.header["Trailer"] {
		for name := range header.Tokens(line) {
			add(http.CanonicalHeaderKey(name))
		}
	}
	return late
}

// guessType gives the head the type that net/http would guess of what is held and of p, which comes
// next. Without a byte there is nothing to guess.
func (b *Body) guessType(p []byte) {
	if !b.guess || len(b.text)+len(b.held)+len(p) == 0 {
		return
	}
	b.guess = false
	first := append([]byte(b.text), b.held...)
	if len(first) < sniffed {
		first = append(first, p[:min(len(p), sniffed-len(first))]...)
	}
	i, _ := slices.BinarySearchFunc(b.Fields, "Content-Type", func(f header.Field, name string) int { return strings.Compare(f.Name, name) })
	b.Fields = slices.Insert(b.Fields, i, header.Field{Name: "Content-Type", Value: http.DetectContentType(first)})
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

// Hijack hands over a head of status 101 and waits until it has passed the middleware.
func (w hijackWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	b := (*Body)(w.writer)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.done:
		return nil, nil, outbound.ErrHandlerReturned
	case b.Upgrades():
		return nil, nil, http.ErrHijacked
	case b.closed:
		return nil, nil, ErrUpgradeRefused
	case b.flow != nil || b.status != 0 && b.status != http.StatusSwitchingProtocols || len(b.text)+len(b.held) > 0:
		return nil, nil, outbound.ErrAlreadySent // behind middleware the head is a value by now
	}
	bare := b.status == 0
	if bare {
		b.snapshot(http.StatusSwitchingProtocols)
	}
	b.outer.Cleanup(func() { b.Close() }) // for middleware that drops the response without closing it
	b.goOn()
	u := &b.flow.upgrade
	u.asked, u.bare = true, bare
	for !u.granted && !b.closed {
		b.flow.cond.Wait()
	}
	if !u.granted {
		return nil, nil, ErrUpgradeRefused
	}
	return u.conn, u.rw, u.err
}

// Upgrades reports whether the handler wants the connection.
func (b *Body) Upgrades() bool { return b.flow != nil && b.flow.upgrade.asked }

// Grant gives the connection of x to the handler and waits for its end, since net/http takes the
// request for answered when its handler returns. The head that goes out is that of x; a handler
// that writes its own finds in its header map what is in x's.
func (b *Body) Grant(x *exchange.Exchange) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrUpgradeRefused
	}
	u := &b.flow.upgrade
	if u.bare {
		clear(b.header)
		for name, values := range x.W.Header() {
			(*writer)(b).Header()[name] = values
		}
	}
	u.conn, u.rw, u.err = x.HijackAs(u.bare)
	u.granted = true
	b.changed()
	for !b.done {
		b.flow.cond.Wait()
	}
	return b.err
}

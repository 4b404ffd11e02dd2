package exchange

// The exchange as an http.Handler sees it: a ResponseWriter with the optional
// interfaces that handlers in the wild assert for.

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Writer is the http.ResponseWriter of an exchange for http.Handlers.
type Writer Exchange

// HTTPWriter returns x as an http.Handler's writer, with net/http's rules: a
// guessed content type, and an empty 200 where nothing is written.
func HTTPWriter(x *Exchange) *Writer {
	x.Foreign = true
	return (*Writer)(x)
}

func (w *Writer) x() *Exchange { return (*Exchange)(w) }

// Finish ends the answer as net/http does when a handler returns.
func (w *Writer) Finish() error {
	x := w.x()
	if !x.Committed() {
		if err := x.Commit(http.StatusOK); err != nil {
			return err
		}
	}
	x.End()
	return nil
}

// Header returns the header map underneath.
func (w *Writer) Header() http.Header { return w.W.Header() }

// WriteHeader commits. As with net/http, a second call does nothing, and a status that HTTP does not have
// panics.
func (w *Writer) WriteHeader(code int) {
	if err := w.x().Commit(code); errors.Is(err, outbound.ErrStatus) {
		panic(err)
	}
}

// Write writes to the body.
func (w *Writer) Write(p []byte) (int, error) { return w.x().Write(p) }

// WriteString writes to the body.
func (w *Writer) WriteString(s string) (int, error) { return w.x().WriteString(s) }

// ReadFrom streams r to the body.
func (w *Writer) ReadFrom(r io.Reader) (int64, error) { return w.x().ReadFrom(r) }

// FlushError flushes.
func (w *Writer) FlushError() error { return w.x().Flush() }

// Flush flushes, for handlers that assert http.Flusher.
func (w *Writer) Flush() { w.x().Flush() }

// Hijack takes over the connection, where the server allows it.
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.x().Hijack() }

// CloseNotify tells when the request ends, for handlers that assert http.CloseNotifier.
func (w *Writer) CloseNotify() <-chan bool { return CloseNotify(w.x().Context()) }

// Unwrap lets http.ResponseController reach the writer underneath.
func (w *Writer) Unwrap() http.ResponseWriter { return w.W }

// Hijack takes over the connection.
func (x *Exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if x.Closed() {
		return nil, nil, outbound.ErrHandlerReturned
	}
	conn, rw, err := http.NewResponseController(x.W).Hijack()
	if err == nil {
		x.Hijacked()
	}
	return conn, rw, err
}

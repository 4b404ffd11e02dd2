package exchange

// The exchange as an http.Handler sees it: a ResponseWriter with the optional interfaces that
// net/http's own has, and no others, since handlers ask for them by type.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Writer is the http.ResponseWriter of an exchange for http.Handlers, on a connection that can
// neither be taken over nor pushed to.
type Writer Exchange

// hijackWriter is a Writer of HTTP/1.
type hijackWriter struct{ *Writer }

// pushWriter is a Writer of HTTP/2.
type pushWriter struct{ *Writer }

// HTTPWriter returns x as an http.Handler's writer, with net/http's rules: a guessed content type,
// and an empty 200 where nothing is written.
func HTTPWriter(x *Exchange) http.ResponseWriter {
	x.Foreign = true
	w := (*Writer)(x)
	if outbound.CanHijack(x.W) {
		return hijackWriter{w}
	}
	if outbound.Pusher(x.W) != nil {
		return pushWriter{w}
	}
	return w
}

func (w *Writer) x() *Exchange { return (*Exchange)(w) }

// EndHTTP ends the answer of an http.Handler as net/http does when it returns.
func (x *Exchange) EndHTTP() error {
	if err := x.Unkept(); err != nil {
		return err
	}
	if err := x.Err(); err != nil {
		return err // of WriteHeader
	}
	if err := x.CommitOnce(http.StatusOK); err != nil {
		return err
	}
	x.End()
	return nil
}

// Unkept is the error of a handler that has said 101 and not taken the connection.
func (x *Exchange) Unkept() error {
	if x.Committed() || !x.Promised() {
		return nil
	}
	return errUnkept
}

var errUnkept = errors.New("the handler has said 101 Switching Protocols and not taken the connection")

// Header returns the header map underneath.
func (w *Writer) Header() http.Header { return w.W.Header() }

// WriteHeader commits. As with net/http, a second call does nothing, and a status that HTTP does
// not have panics.
func (w *Writer) WriteHeader(code int) {
	switch err := w.x().Commit(code); {
	case errors.Is(err, outbound.ErrStatus):
		panic(fmt.Sprintf("invalid WriteHeader code %d", code))
	case err != nil && code == http.StatusSwitchingProtocols && !w.x().Committed():
		w.x().Extras().Err = err
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

// CloseNotify returns a channel that gets a value when the client leaves (http.CloseNotifier, which
// is deprecated and still asked for).
func (w *Writer) CloseNotify() <-chan bool {
	return CloseNotify(w.R.Context())
}

// Unwrap lets http.ResponseController reach the writer underneath.
func (w *Writer) Unwrap() http.ResponseWriter { return w.W }

// Hijack takes over the connection.
func (w hijackWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.x().TakeOver() }

// Push starts a push of HTTP/2.
func (w pushWriter) Push(target string, o *http.PushOptions) error {
	return outbound.Pusher(w.W).Push(target, o)
}

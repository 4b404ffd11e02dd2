package reqres

// The response as an http.ResponseWriter, so that templates, http.ServeContent, websocket.Accept
// and http.ResponseController work on it.

import (
	"bufio"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Header returns the header map that is going to be sent. Values that are put into it directly are
// not validated; use Set and Append.
func (r *Response) Header() http.Header {
	return r.x.W.Header()
}

// WriteHeader sends the head with a status. A status of 100 to 199 other than 101 is informational,
// such as 103 Early Hints, and the head is still to come.
func (r *Response) WriteHeader(code int) {
	if r.Err() != nil {
		return // the handler's end reports it
	}
	if err := r.x.Commit(code); err != nil {
		r.refuse(err)
	}
}

// Write writes to the body. The head goes out first, with the status that Status has set, or 200.
func (r *Response) Write(p []byte) (int, error) {
	if err := r.head(); err != nil {
		return 0, err
	}
	return r.x.Write(p)
}

// WriteString is Write without a copy of the string.
func (r *Response) WriteString(s string) (int, error) {
	if err := r.head(); err != nil {
		return 0, err
	}
	return r.x.WriteString(s)
}

// Flush sends what has been written so far, or just the head. The error is http.ErrNotSupported
// where the writer underneath cannot.
func (r *Response) Flush() error {
	if err := r.head(); err != nil {
		return err
	}
	return r.x.Flush()
}

// FlushError is Flush, for http.ResponseController.
func (r *Response) FlushError() error { return r.Flush() }

// Unwrap returns the writer underneath, for http.ResponseController.
func (r *Response) Unwrap() http.ResponseWriter { return r.x.W }

// Hijack takes over the connection, for upgrades. The error is http.ErrNotSupported where there is
// none, as behind a conversion.
func (r *Response) Hijack() (net.Conn, *bufio.ReadWriter, error) { return r.x.Hijack() }

// CloseNotify tells when the request ends, for an http.Handler that asserts http.CloseNotifier of
// the writer that it is given. Elsewhere ask the request's Context.
func (r *Response) CloseNotify() <-chan bool { return exchange.CloseNotify(r.x.Context()) }

// head makes way for bytes of the body.
func (r *Response) head() error {
	switch {
	case r.Err() != nil:
		return r.Err()
	case r.first != noCall:
		return r.twice(callWrite)
	}
	return r.x.CommitOnce(r.StatusCode())
}

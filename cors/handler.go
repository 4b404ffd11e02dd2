package cors

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Handler returns a handler that speaks the protocol for next: it answers preflights itself and
// applies p to every other response of next when its header is written. Requests are never refused
// because of their origin; CSRF protection does that, see [Policy.CrossOriginProtection].
//
// Put it around everything that answers (authentication, routing by method, redirects), or
// preflights and failures do not get the headers that they need. If p is off, the result is next.
func (p *Policy) Handler(next http.Handler) http.Handler {
	if p.isOff() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := requestOf(r.Method, r.Header)
		if req.isPreflight() {
			w.WriteHeader(p.own.answer(w.Header(), req))
			return
		}
		cw := &writer{ResponseWriter: w, policy: p}
		cw.room[0] = p.admit(req.Origin)
		// A handler that writes nothing still sends a response, and one that panics may be turned
		// into one.
		defer cw.commit()
		next.ServeHTTP(cw, r)
	})
}

// writer applies a policy at the moment the header leaves, and is otherwise the writer it wraps.
// Besides Unwrap, for [http.ResponseController], it has those optional methods that handlers are
// known to ask for by type assertion.
type writer struct {
	http.ResponseWriter
	policy *Policy // nil once it has been applied
	// room is for the values of the headers, so that they cost no allocation of their own. The
	// first is decided on the request as it came in: a handler may change its headers.
	room [5]string
}

func (w *writer) commit() {
	if p := w.policy; p != nil {
		w.policy = nil
		p.apply(w.Header(), w.room[0], w.room[:])
	}
}

// Unwrap gives [http.ResponseController] access to the deadlines and the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *writer) WriteHeader(status int) {
	// 1xx responses other than 101 come before the one that counts (RFC 9110, section 15.2).
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.commit()
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(b []byte) (int, error) {
	w.commit()
	return w.ResponseWriter.Write(b)
}

func (w *writer) WriteString(s string) (int, error) {
	w.commit()
	return io.WriteString(w.ResponseWriter, s)
}

// ReadFrom lets the server send a file without copying it through here.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	w.commit()
	return io.Copy(w.ResponseWriter, r)
}

func (w *writer) FlushError() error {
	w.commit()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *writer) Flush() { _ = w.FlushError() }

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

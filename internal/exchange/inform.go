package exchange

// What an exchange does for one that was forked from it and has another writer: the things for
// which a connection is needed. Once the request has been answered the connection may be another
// request's.

import (
	"bufio"
	"maps"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Inform sends an informational head with the headers h. It passes by middleware whose responses
// cannot be informational.
func (x *Exchange) Inform(code int, h http.Header) {
	x.WhileOpen(func(w http.ResponseWriter) {
		if w == nil {
			return
		}
		head := w.Header()
		before := maps.Clone(head)
		for name, values := range h {
			head[name] = values
		}
		w.WriteHeader(code)
		clear(head)
		maps.Copy(head, before)
	})
}

// Connected reports whether there is a connection underneath, or something in its place.
func (x *Exchange) Connected() bool { return x.root().W != nil }

// Control lets do have the connection, unless the request has been answered.
func (x *Exchange) Control(do func(c *http.ResponseController) error) error {
	root := x.root()
	if root.W == nil {
		return http.ErrNotSupported
	}
	e := root.Extras()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.released || root.Closed() {
		return outbound.ErrHandlerReturned
	}
	return do(http.NewResponseController(root.W))
}

// Hijack takes over the connection.
func (x *Exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) { return x.TakeOver() }

// Pusher is that of the connection, or nil.
func (x *Exchange) Pusher() http.Pusher {
	return outbound.Pusher(x.root().W)
}

// HijackAs takes the connection for somebody whose answer has passed what is around x: with a head
// that is still to go out, or without.
func (x *Exchange) HijackAs(bare bool) (net.Conn, *bufio.ReadWriter, error) {
	if !bare {
		if err := x.Commit(http.StatusSwitchingProtocols); err != nil {
			return nil, nil, err
		}
	}
	return x.Hijack()
}

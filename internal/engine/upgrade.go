package engine

// Upgrades: what becomes of a handler that takes the connection. Its 101 passes the middleware as a
// head does, and only then is the connection its own.

import (
	"bufio"
	"errors"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// ErrUpgradeRefused is what a handler gets that has taken the connection, where middleware around
// it does not let the upgrade pass.
var ErrUpgradeRefused = errors.New("the upgrade was refused by what is around the handler")

// upgrade is what becomes of a handler that takes the connection.
type upgrade struct {
	asked   bool // the handler waits for it
	bare    bool // the handler writes the head itself
	granted bool
	conn    net.Conn
	rw      *bufio.ReadWriter
	err     error
}

// hijackWriter is one whose connection can be taken over.
type hijackWriter struct{ connWriter }

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

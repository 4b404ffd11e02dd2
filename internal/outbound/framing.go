package outbound

// What a head says about its message and its connection: that is between us and net/http, whatever
// handlers, hooks and middleware have put there.

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/status"
)

// SetHeader sets a header of the answer to one value, without an allocation as long as there is
// room. The name is canonical and both are valid.
func (a *Answer) SetHeader(h http.Header, name, value string) { h[name] = a.Strings.One(value) }

// AddHeader adds a value to a header of the answer.
func (a *Answer) AddHeader(h http.Header, name, value string) {
	if before := h[name]; len(before) > 0 {
		h[name] = append(before, value)
		return
	}
	a.SetHeader(h, name, value)
}

// ServerCounts is up to where net/http counts a body by itself, over any protocol.
const ServerCounts = 2048

// SetLength sets the Content-Length to the length of a whole body.
func (a *Answer) SetLength(h http.Header, n int) { a.SetHeader(h, "Content-Length", strconv.Itoa(n)) }

// Short returns an error where the head has promised more than was written.
func (a *Answer) Short() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.shortLocked()
}

func (a *Answer) shortLocked() error {
	if !a.state.has(committed) || a.filled() || a.hijacked() {
		return nil
	}
	return fmt.Errorf("the body has %d bytes, its Content-Length said %d", a.written, a.declared)
}

// filled reports whether the body is as long as the head has promised.
func (a *Answer) filled() bool {
	return a.declared < 0 || a.written == a.declared || a.R.Method == http.MethodHead || status.NullBody(int(a.status))
}

// tidyLocked looks at the headers, once, because a look-up of each that matters would cost more,
// and reports whether there is a type.
func (a *Answer) tidyLocked(code int, h http.Header) (typed bool) {
	var framing, perHop bool
	for name := range h {
		switch name {
		case "Content-Type":
			typed = true
		case "Content-Length", "Transfer-Encoding":
			framing = true
		default:
			perHop = perHop || header.OfConnection(name)
		}
	}
	if perHop {
		a.dropPerHop(code, h)
		_, typed = h["Content-Type"] // Connection may have named it
	}
	if framing {
		a.frameLocked(code, h)
	}
	return typed
}

// frameLocked reads the length that the head promises, and reports whether there is a type.
func (a *Answer) frameLocked(_ int, h http.Header) (typed bool) {
	if _, ok := h["Transfer-Encoding"]; ok {
		delete(h, "Transfer-Encoding") // net/http frames; a second one breaks the message
		delete(h, "Content-Length")
	}
	if _, ok := h["Content-Length"]; ok {
		n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
		if err != nil || n < 0 {
			delete(h, "Content-Length")
		} else {
			a.declared = n
		}
	}
	_, typed = h["Content-Type"]
	return typed
}

// dropPerHop removes what describes a connection and not the answer: the fields that RFC 9110,
// 7.6.1 lists, and those that Connection names. "close" stays, as net/http acts on it, and so does
// the offer or the acceptance of an upgrade. Trailer and Transfer-Encoding are framing: net/http's,
// and ours.
func (a *Answer) dropPerHop(code int, h http.Header) {
	h1 := a.R.ProtoMajor < 2
	if h1 && (code == http.StatusSwitchingProtocols || code == http.StatusUpgradeRequired) {
		return
	}
	last := false
	for name := range header.ConnectionNames(h) {
		last = last || name == "Close"
		delete(h, name)
	}
	for name := range h {
		if header.OfConnection(name) {
			delete(h, name)
		}
	}
	if last && h1 {
		h["Connection"] = []string{"close"}
	}
}

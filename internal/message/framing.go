package message

// What a head says about its message and its connection: that is between us and
// net/http, whatever handlers, hooks and middleware have put there.

import (
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/header"
)

func (x *Exchange) runHooks(code int, h http.Header) {
	plain := x.Env.Tame && x.Plain(h)
	for _, hook := range x.Env.Head {
		hook(x.R, code, h)
	}
	x.known.recount(h, plain)
}

// tidy looks at the headers that others have put there, once, because a look-up
// of each that matters would cost more, and reports whether there is a type.
func (x *Exchange) tidy(code int, h http.Header) (typed bool) {
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
		x.dropPerHop(code, h)
		_, typed = h["Content-Type"] // Connection may have named it
	}
	if framing {
		x.frame(h)
	}
	return typed
}

// frame reads the length that the head promises.
func (x *Exchange) frame(h http.Header) {
	if _, ok := h["Transfer-Encoding"]; ok {
		delete(h, "Transfer-Encoding") // net/http frames; a second one breaks the message
		delete(h, "Content-Length")
	}
	if cl, ok := h["Content-Length"]; ok {
		n, err := strconv.ParseInt(first(cl), 10, 64)
		if err != nil || n < 0 {
			delete(h, "Content-Length")
		} else {
			x.declared = n
		}
	}
}

// dropPerHop removes what describes a connection and not the answer: the fields
// that RFC 9110, 7.6.1 lists, and those that Connection names. "close" stays, as
// net/http acts on it, and so does the offer or the acceptance of an upgrade.
// Trailer and Transfer-Encoding are framing: net/http's, and frame's.
func (x *Exchange) dropPerHop(code int, h http.Header) {
	h1 := x.R.ProtoMajor < 2
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

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

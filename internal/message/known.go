package message

// What is known about the headers of an answer without asking the map. A
// look-up costs as much as the rest of what most requests need, and the commit
// would make a dozen of them for headers that hardly any answer has. So an
// exchange counts the headers that it has put into the map: as long as the map
// holds no more, and nobody else has it in hand, what was not put there is not
// there.

import (
	"math"
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/header"
)

type known struct {
	shared bool  // somebody else may change the map
	typed  bool  // x has set the Content-Type
	n      uint8 // headers that x has added and that do not concern the framing
}

// SetHeader sets a header of the answer to one value, without an allocation
// as long as the slab lasts. The name is canonical and both are valid.
func (x *Exchange) SetHeader(h http.Header, name, value string) {
	before := len(h)
	h[name] = x.single(value)
	if len(h) == before {
		return
	}
	switch name {
	case "Content-Type":
		x.known.typed = true
	case "Content-Length", "Trailer", "Transfer-Encoding":
		return // for the commit to see
	default:
		if header.OfConnection(name) {
			return
		}
	}
	if x.known.n++; x.known.n == 0 {
		x.known.shared = true // more than can be counted
	}
}

// AddHeader adds a value to a header of the answer.
func (x *Exchange) AddHeader(h http.Header, name, value string) {
	if before := h[name]; len(before) > 0 {
		h[name] = append(before, value)
		return
	}
	x.SetHeader(h, name, value)
}

// RemoveHeader removes a header of the answer.
func (x *Exchange) RemoveHeader(h http.Header, name string) {
	if _, ok := h[name]; ok {
		delete(h, name)
		x.ShareHeader()
	}
}

// SetLength sets the Content-Length to the length of a whole body.
func (x *Exchange) SetLength(h http.Header, n int) {
	before := len(h)
	h["Content-Length"] = x.single(strconv.Itoa(n))
	if x.declared = int64(n); len(h) > before {
		x.known.n++
	}
}

func (x *Exchange) single(value string) []string {
	if int(x.used) == len(x.slab) {
		return []string{value}
	}
	i := x.used
	x.slab[i] = value
	x.used++
	return x.slab[i : i+1 : i+1]
}

// ShareHeader says that somebody else has the header map in hand, or that a
// header has been removed from it.
func (x *Exchange) ShareHeader() { x.known.shared = true }

// recount follows a change that somebody else has made; plain says that it
// concerned neither the framing nor the Content-Type, and that h was Plain.
func (k *known) recount(h http.Header, plain bool) {
	k.n = uint8(len(h))
	k.shared = k.shared || !plain || len(h) > math.MaxUint8
}

// Plain reports that h, the header map of W, has no headers but those that
// SetHeader has put there, and no Content-Length unless from SetLength.
func (x *Exchange) Plain(h http.Header) bool {
	return len(h) == int(x.known.n) && !x.known.shared
}

// Typed reports that the Content-Type is what SetHeader has set last.
func (x *Exchange) Typed() bool { return x.known.typed && !x.known.shared }

// Untyped reports that h has no Content-Type, where that is known without a
// look-up.
func (x *Exchange) Untyped(h http.Header) bool { return !x.known.typed && x.Plain(h) }

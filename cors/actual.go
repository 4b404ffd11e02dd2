package cors

import (
	"net/http"
	"strings"
)

// applyTo writes p's headers for a request that is not a preflight into the header of its response,
// in place of those of the protocol that it finds there. Call it when the response is committed, so
// that nothing is added behind its back; it belongs on every response, errors, redirects and 304
// included, whatever the origin.
//
// The policy owns these headers: two values of Access-Control-Allow-Origin are a failure in every
// browser, so those of a handler give way. Vary is merged, because the handler has a say in that
// (Fetch, "CORS protocol and HTTP caches"). Nothing in the response ever shares memory with p or
// with another response.
func (p *Policy) applyTo(response http.Header, req request) {
	if !p.isOff() {
		p.apply(response, p.admit(req.Origin), nil)
	}
}

// admit is the first check of the protocol. It returns the value of Access-Control-Allow-Origin, or
// "" if there is to be none. More than one Origin line is not a browser's doing, and which one the
// next server believes is anybody's guess.
func (p *Policy) admit(origin []string) string {
	switch {
	case p.origins.any:
		return "*"
	case len(origin) == 1 && p.origins.has(origin[0]):
		return origin[0]
	}
	return ""
}

// maxValues is how many values apply writes at most, without others' Vary: Allow-Origin,
// Allow-Credentials, Expose-Headers and Vary.
const maxValues = 4

// apply is applyTo for an origin that has been admitted or not, with room for the header values if
// the caller has some.
func (p *Policy) apply(h http.Header, allow string, room values) {
	p.clear(h)
	if allow == "*" {
		// The answer is the same for everybody, so that caches may keep one copy: it is sent also
		// where no origin asked, and nothing varies.
		room.grow(maxValues).set(h, "Access-Control-Allow-Origin", "*").setNonEmpty(h, "Access-Control-Expose-Headers", p.expose)
		return
	}
	// Vary goes also to those who are refused and to requests without an origin: their copy in a
	// cache must not be served to an allowed origin.
	vary := h["Vary"]
	if allow == "" {
		room.grow(1+len(vary)).vary(h, vary, varyOrigin)
		return
	}
	v := room.grow(maxValues+len(vary)).set(h, "Access-Control-Allow-Origin", allow).vary(h, vary, varyOrigin)
	if p.credentials {
		v = v.set(h, "Access-Control-Allow-Credentials", "true")
	}
	v.setNonEmpty(h, "Access-Control-Expose-Headers", p.expose)
}

// clear removes, and counts, what others have set of the protocol's headers, however its name is
// spelled: a header map may have been written to without canonical keys, and the wire does not know
// the difference.
func (p *Policy) clear(h http.Header) {
	const prefix = "access-control-"
	n := uint64(0)
	for name := range h {
		if len(name) > len(prefix) && name[0]|0x20 == 'a' && name[6] == '-' && strings.EqualFold(name[:len(prefix)], prefix) {
			delete(h, name)
			n++
		}
	}
	if n > 0 {
		p.replaced.Add(n)
	}
}

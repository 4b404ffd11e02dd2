package cors

import (
	"net/http"
	"strings"
)

// Apply writes p's headers for a request that is no preflight into the header of its response, and returns how many
// headers of the protocol it found there and removed. Call it when the response is committed, so that nothing is
// added behind its back; it belongs on every response, errors, redirects and 304 included, whatever the origin.
//
// The policy owns these headers: two values of Access-Control-Allow-Origin are a failure in every browser, so those
// of a handler give way. Vary is merged, because the handler has a say in that (Fetch, "CORS protocol and HTTP
// caches"). Nothing in the response ever shares memory with p or with another response.
func (p *Policy) Apply(response http.Header, req Request) (replaced int) {
	return p.apply(response, req.Origin, nil)
}

// apply is Apply with room for the header values, if the caller has some to spare.
func (p *Policy) apply(h http.Header, origin []string, room values) (replaced int) {
	if p.IsOff() {
		return 0
	}
	replaced = p.clear(h)
	allowed := p.allows(origin)
	if p.origins.any {
		// The answer is the same for everybody, so that caches may keep one copy: it is sent also where no
		// origin asked, and nothing varies.
		v := room.grow(2)
		v.set(h, "Access-Control-Allow-Origin", "*")
		v.setNonEmpty(h, "Access-Control-Expose-Headers", p.expose)
		return replaced
	}
	// Vary goes also to those who are refused and to requests without an origin: their copy in a cache must not be
	// served to an allowed origin.
	if !allowed {
		v := room.grow(varyRoom(h, varyOrigin))
		v.vary(h, varyOrigin)
		return replaced
	}
	v := room.grow(3 + varyRoom(h, varyOrigin))
	v.vary(h, varyOrigin)
	v.set(h, "Access-Control-Allow-Origin", origin[0])
	if p.credentials {
		v.set(h, "Access-Control-Allow-Credentials", "true")
	}
	v.setNonEmpty(h, "Access-Control-Expose-Headers", p.expose)
	return replaced
}

// clear removes what others have set of the protocol's headers, however its name is spelled: a header map may have
// been written to without canonical keys, and the wire does not know the difference.
func (p *Policy) clear(h http.Header) (n int) {
	const prefix = "access-control-"
	for name := range h {
		if len(name) > len(prefix) && name[0]|0x20 == 'a' && name[6] == '-' && strings.EqualFold(name[:len(prefix)], prefix) {
			delete(h, name)
			n++
		}
	}
	if n > 0 {
		p.replaced.Add(uint64(n))
	}
	return n
}

// values hands out the slices of header values from one allocation. Each slice has room for its own value only, so
// that an append by others moves away instead of running into the next header, and no response gets a slice that
// another has seen (jub0bs/cors#14, rs/cors#198).
type values []string

func (v values) grow(n int) values {
	if len(v) >= n {
		return v
	}
	return make(values, n)
}

func (v *values) set(h http.Header, name, value string) {
	(*v)[0] = value
	h[name] = (*v)[:1:1]
	*v = (*v)[1:]
}

func (v *values) setNonEmpty(h http.Header, name, value string) {
	if value != "" {
		v.set(h, name, value)
	}
}

func (v *values) setLines(h http.Header, name string, lines []string) {
	n := copy(*v, lines)
	h[name] = (*v)[:n:n]
	*v = (*v)[n:]
}

package cors

import (
	"iter"
	"slices"
	"sync/atomic"
)

// Policy decides which origins may read the responses of an endpoint, and says so in its headers.
// It is made by [New], never changes (but for the counter behind [Policy.Replaced]), and is safe
// for concurrent use.
//
// The zero Policy, like [Off] and a nil *Policy, means that the protocol is not spoken: nothing is
// added to a response, nothing is taken from it, and a preflight is an OPTIONS request like any
// other.
type Policy struct {
	active      bool
	origins     originSet
	credentials bool
	methods     []string // beyond the safelisted ones
	anyMethod   bool
	// listsMethods is set if the configuration said anything about methods, be it only "GET".
	listsMethods   bool
	allowHeaders   string // Access-Control-Allow-Headers
	reflectHeaders bool   // credentials and "*": the protocol has no wildcard then, so names are sent back
	expose         string // Access-Control-Expose-Headers
	maxAge         string // Access-Control-Max-Age
	status         int    // of a successful preflight
	own            *preflight
	notes          []*ConfigError
	replaced       atomic.Uint64
}

// Off returns the policy of an endpoint that has none on purpose. Where policies are inherited (a
// scope in a mux), nil inherits and Off does not. It is the same policy each time.
func Off() *Policy { return off }

var off = new(Policy)

// isOff reports whether p does nothing: nil, [Off] or the zero Policy.
func (p *Policy) isOff() bool { return p == nil || !p.active }

// AllowsOrigin reports whether p allows the value of an Origin header. It is for protocols to which
// browsers do not apply CORS, such as the handshake of WebSocket; responses are taken care of
// without it.
func (p *Policy) AllowsOrigin(origin string) bool {
	return !p.isOff() && p.origins.has(origin)
}

// Notes yields what [New] noticed without refusing it: elements that change nothing, and limits
// that browsers set.
func (p *Policy) Notes() iter.Seq[*ConfigError] {
	if p.isOff() {
		return slices.Values[[]*ConfigError](nil)
	}
	return slices.Values(p.notes)
}

// Replaced returns how many headers of the protocol p has found already set, by hand, in the
// responses that it was applied to, and has removed. It is 0 once no handler does CORS of its own
// any more.
func (p *Policy) Replaced() uint64 {
	if p.isOff() {
		return 0
	}
	return p.replaced.Load()
}

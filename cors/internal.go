package cors

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/door"
)

// Internal is for the packages of this module: nobody else can make its argument.
func Internal(key door.Of) internals {
	key.Open()
	return internals{}
}

// internals is the decision itself, for a mux that applies policies route by route.
type internals struct{}

// IsOff reports whether p does nothing: nil, [Off] or the zero Policy.
func (internals) IsOff(p *Policy) bool { return p.isOff() }

// Preflighted returns the method that a preflight asks for; not ok if r is not one.
func (internals) Preflighted(r *http.Request) (method string, ok bool) {
	req := requestOf(r.Method, r.Header)
	if !req.isPreflight() {
		return "", false
	}
	return req.RequestMethod[0], true
}

// Preflight compiles the answer to preflights for a path on which these methods are registered
// under p; "*" stands for a handler of any method. It writes the header of the response and returns
// its status; there is no body.
func (internals) Preflight(p *Policy, methods ...string) func(response http.Header, r *http.Request) (status int) {
	f := p.preflight(methods...)
	return func(response http.Header, r *http.Request) int {
		return f.answer(response, requestOf(r.Method, r.Header))
	}
}

// Apply writes p's headers for a request that is not a preflight into the header of its response,
// which is about to go out.
func (internals) Apply(p *Policy, response http.Header, r *http.Request) {
	p.applyTo(response, requestOf(r.Method, r.Header))
}

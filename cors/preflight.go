package cors

import (
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/internal/header"
)

// preflight answers preflights under one policy and for one set of methods. It is compiled once, by
// Policy.preflight, never changes and is safe for concurrent use.
//
// An answer lists all that is allowed and leaves the comparison to the browser, as the standard has
// it ("HTTP responses": a server may list more than was asked for). So the size of what a client
// asks for costs nothing, one answer fills the browser's cache for all methods, and the console
// names the method or the header that is not allowed instead of a status.
type preflight struct {
	policy  *Policy
	methods string // Access-Control-Allow-Methods
	// reflectMethod is set for credentials and any method: the protocol has no wildcard then, so
	// the method that was asked for is sent back.
	reflectMethod bool
	depends       dependence
}

// maxPreflightValues is how many values an answer has at most, without Vary and what it repeats:
// Allow-Origin, Allow-Credentials, Allow-Methods, Allow-Headers and Max-Age.
const maxPreflightValues = 5

// maxReflected bounds the header lines that are sent back because a client asked for them: names,
// values and line ends together.
const maxReflected = 4 << 10

// preflight compiles the answer for a path on which these methods are registered under p, spelled
// as they are registered. GET implies HEAD. Methods that p does not list are left out, unless it
// lists none; OPTIONS, if it is registered as a method of its own, counts as listed.
//
// "*" among them is a handler of any method (a mounted subtree): the answer then is p's own list,
// or the verbs in common use if p lists none, and what else is registered. Without methods, for a
// handler outside a mux, it is p's own list, which may be no more than GET, HEAD and POST.
func (p *Policy) preflight(methods ...string) *preflight {
	f := &preflight{policy: p}
	if p.isOff() {
		return f
	}
	var names []string
	if p.reflectHeaders {
		names = append(names, "Access-Control-Request-Headers")
	}
	unknown := len(methods) == 0 || slices.Contains(methods, "*")
	switch {
	case !unknown:
		f.methods = join(p.among(methods))
	case !p.anyMethod:
		f.methods = join(slices.Concat(p.general(len(methods) > 0), p.among(methods)))
	case p.credentials:
		f.reflectMethod = true
		names = append(names, "Access-Control-Request-Method")
	default:
		f.methods = "*"
	}
	if !p.origins.any {
		names = append(names, "Origin")
	}
	f.depends = dependOn(names...)
	return f
}

// general returns what p allows of a handler whose methods are not known one by one. all says that
// it has every method.
func (p *Policy) general(all bool) []string {
	list := []string{"GET", "HEAD", "POST"}
	if all && !p.listsMethods {
		return append(list, "DELETE", "PATCH", "PUT")
	}
	return append(list, p.methods...)
}

// among returns those methods that p allows, and HEAD with GET.
func (p *Policy) among(registered []string) (allowed []string) {
	for _, m := range registered {
		if m == "*" {
			continue
		}
		if p.anyMethod || !p.listsMethods || header.SafelistedMethod(m) || m == "OPTIONS" || slices.Contains(p.methods, m) {
			allowed = append(allowed, m)
		}
		if m == "GET" {
			allowed = append(allowed, "HEAD")
		}
	}
	return allowed
}

// answer writes the answer to a preflight into the header of its response, and returns the status:
// that of [Config.PreflightStatus] if the origin is allowed, 403 without any permission if not.
// There is no body. It makes one allocation, and looks at nothing that is longer than it can use.
//
// The policy that is off answers no preflights: serve them as the OPTIONS requests that they are.
func (f *preflight) answer(response http.Header, req request) (status int) {
	p := f.policy
	if p.isOff() {
		return http.StatusForbidden
	}
	p.clear(response)
	vary := response["Vary"]
	room := 1
	if len(vary) > 0 {
		room = len(vary) + len(f.depends.names)
	}
	allow, lines := p.admit(req.Origin), f.reflected(req)
	if allow == "" || lines < 0 {
		make(values, room).vary(response, vary, f.depends)
		return http.StatusForbidden
	}
	v := make(values, room+maxPreflightValues+lines).vary(response, vary, f.depends).set(response, "Access-Control-Allow-Origin", allow)
	if p.credentials {
		v = v.set(response, "Access-Control-Allow-Credentials", "true")
	}
	methods := f.methods
	if f.reflectMethod {
		methods = req.RequestMethod[0]
	}
	// Also if there is none: browsers take a missing list for consent to the method of a request
	// that is preflighted on account of its body (Fetch, "CORS-preflight fetch", use-CORS-preflight
	// flag).
	v = v.set(response, "Access-Control-Allow-Methods", methods)
	switch {
	case len(req.RequestHeaders) == 0:
	case p.reflectHeaders:
		v = v.setLines(response, "Access-Control-Allow-Headers", req.RequestHeaders)
	default:
		v = v.setNonEmpty(response, "Access-Control-Allow-Headers", p.allowHeaders)
	}
	v.setNonEmpty(response, "Access-Control-Max-Age", p.maxAge)
	return p.status
}

// reflected returns how many lines of req's headers the answer repeats, or -1 if they are not fit
// to be repeated: no names, or more of them than a browser's request could have. Only policies with
// credentials and "*" repeat any.
func (f *preflight) reflected(req request) (lines int) {
	if f.reflectMethod {
		// Two lines, or no method, are not a browser's doing; the answer has to be one method.
		if m := req.RequestMethod; len(m) != 1 || len(m[0]) > maxReflected || !header.ValidName(m[0]) {
			return -1
		}
	}
	if !f.policy.reflectHeaders {
		return 0
	}
	size := 0
	for _, line := range req.RequestHeaders {
		size += len("Access-Control-Allow-Headers: \r\n") + len(line)
		if size > maxReflected || !isTokenList(line) {
			return -1
		}
	}
	return len(req.RequestHeaders)
}

// isTokenList reports whether line is a list of tokens (RFC 9110, section 5.6.1.2), empty elements
// allowed.
func isTokenList(line string) bool {
	for name := range header.Tokens(line) {
		if !header.ValidName(name) {
			return false
		}
	}
	return true
}

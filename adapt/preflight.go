package adapt

// CORS in the table. The policy hangs on the route, not on the handler: the mux answers preflights
// from what is registered, before redirects, middleware and the user's own OPTIONS handlers, and a
// migration changes nothing about them.

import (
	"cmp"
	"net/http"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/route"
)

var policies = cors.Internal(door.Key())

// preflight answers a preflight; see cors.Internal.
type preflight = func(response http.Header, r *http.Request) (status int)

// corsHook applies the policy to an answer, last of all hooks, since it owns its headers. The
// origin is read at that moment: keeping it from the start would cost every request an allocation,
// and a handler that takes Origin out of its request only gives up what it would have been granted.
func corsHook(p *cors.Policy) headHook {
	return func(r *http.Request, _ int, h http.Header) { policies.Apply(p, h, r) }
}

// preflights compiles the answers at build time: for each pattern and policy the methods that are
// registered there.
func (m *Mux) preflights() {
	served := []string{everyMethod} // at paths without a route
	for _, p := range m.table.places {
		methods := make(map[*cors.Policy][]string)
		for _, e := range p.routes {
			method := e.Method
			if method == anyMethod {
				method = everyMethod
			}
			methods[e.target.scope.CORS] = append(methods[e.target.scope.CORS], method)
			if method != http.MethodOptions {
				served = append(served, method)
			}
		}
		compiled := make(map[*cors.Policy]preflight, len(methods))
		for policy, list := range methods {
			if !policies.IsOff(policy) {
				compiled[policy] = policies.Preflight(policy, list...)
			}
		}
		for _, e := range p.routes {
			e.target.preflight = compiled[e.target.scope.CORS]
		}
	}
	if !policies.IsOff(m.config.CORS) {
		// A script may ask for what is not there with any method that is somewhere: what it is to
		// read is the 404.
		m.preflight = policies.Preflight(m.config.CORS, served...)
	}
}

// everyMethod tells a policy of a handler that has all methods.
const everyMethod = "*"

// preflightFor returns the answer to a preflight, or nil for a request that is none or that no
// policy speaks for.
func (m *Mux) preflightFor(r *http.Request, path string) preflight {
	if r.Method != http.MethodOptions {
		return nil
	}
	method, ok := policies.Preflighted(r)
	if !ok {
		return nil
	}
	var room few
	there, near := m.table.at(path, &room)
	if len(there) == 0 && near {
		there, _ = m.table.at(toggleSlash(path), &room)
	}
	if e := there.serving(method); e != nil {
		return e.target.preflight
	}
	if e := there.common(); e != nil {
		return e.target.preflight
	}
	return m.preflight
}

// common returns a route of the spot if all that serve there have one policy, else nil.
func (s spot) common() (first *entry) {
	for _, p := range s {
		for _, method := range p.methods {
			e := s.serving(method)
			if first = cmp.Or(first, e); first.target.scope.CORS != e.target.scope.CORS {
				return nil
			}
		}
	}
	return first
}

// servePreflight writes the answer, which only hooks see, and returns its status.
func (m *Mux) servePreflight(w http.ResponseWriter, r *http.Request, f preflight) (status int) {
	h := w.Header()
	status = f(h, r)
	for _, hook := range m.heads {
		hook(r, status, h)
	}
	if name := m.config.RequestID; name != "" {
		answerID(name)(r, status, h)
	}
	w.WriteHeader(status)
	return status
}

// envOf returns the environment of what the mux itself says about a path: with the policy of the
// routes there if they have one, else with that of the mux.
func (m *Mux) envOf(there spot) *route.Env {
	if e := there.common(); e != nil {
		return m.envs[e.target.scope.CORS]
	}
	return m.env
}

package adapt

// CORS in the table. The policy hangs on the route, not on the handler: the mux
// answers preflights from what is registered, before redirects, middleware and
// the user's own OPTIONS handlers, and a migration changes nothing about them.

import (
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/internal/message"
)

// corsHook applies the policy to an answer, last of all hooks, since it owns
// its headers. The origin is read at that moment: keeping it from the start
// would cost every request an allocation, and a handler that takes Origin out
// of its request only gives up what it would have been granted.
func corsHook(p *cors.Policy) headHook {
	return func(r *http.Request, _ int, h http.Header) { p.Apply(h, cors.RequestOf(r.Method, r.Header)) }
}

// preflights compiles the answers at build time: for each pattern and policy
// the methods that are registered there.
func (m *Mux) preflights() {
	type place struct {
		key    string
		policy *cors.Policy
	}
	methods := make(map[place][]string)
	served := []string{everyMethod} // at paths without a route
	for _, e := range m.entries {
		p, method := place{e.pattern.Key(), e.target.cors}, e.Method
		if method == anyMethod {
			method = everyMethod
		}
		methods[p] = append(methods[p], method)
		if method != http.MethodOptions {
			served = append(served, method)
		}
	}
	compiled := make(map[place]*cors.Preflight, len(methods))
	for p, list := range methods {
		if !p.policy.IsOff() {
			compiled[p] = p.policy.Preflight(list...)
		}
	}
	for _, e := range m.entries {
		e.target.preflight = compiled[place{e.pattern.Key(), e.target.cors}]
	}
	if !m.config.CORS.IsOff() {
		// A script may ask for what is not there with any method that is
		// somewhere: what it is to read is the 404.
		m.preflight = m.config.CORS.Preflight(served...)
	}
}

// everyMethod tells a policy of a handler that has all methods.
const everyMethod = "*"

// preflightFor returns the answer to a preflight, or nil for a request that is
// none or that no policy speaks for.
func (m *Mux) preflightFor(r *http.Request, path string) *cors.Preflight {
	req := cors.RequestOf(r.Method, r.Header)
	if !req.IsPreflight() {
		return nil
	}
	if e, _ := m.table.find(req.RequestMethod[0], path); e != nil {
		return e.target.preflight
	}
	t := m.common(path)
	if t == nil {
		if toggled := toggleSlash(path); toggled != "" {
			if e, _ := m.table.find(req.RequestMethod[0], toggled); e != nil {
				return e.target.preflight
			}
			t = m.common(toggled)
		}
	}
	if t == nil {
		return m.preflight
	}
	return t.preflight
}

// common is a target of the path if all its targets have one policy. Where
// they differ it is one that has the mux's.
func (m *Mux) common(path string) *target {
	var first *target
	allow, _ := m.table.allow(path)
	for method := range strings.SplitSeq(allow, ", ") {
		e, _ := m.table.find(method, path)
		switch {
		case e == nil: // OPTIONS, which the mux answers
		case first == nil:
			first = &e.target
		case first.cors != e.target.cors:
			return &target{cors: m.config.CORS, preflight: m.preflight, env: m.env}
		}
	}
	return first
}

// servePreflight writes the answer; only head hooks see it.
func (m *Mux) servePreflight(w http.ResponseWriter, r *http.Request, f *cors.Preflight) {
	h := w.Header()
	status := f.Answer(h, cors.RequestOf(r.Method, r.Header))
	for _, hook := range m.heads {
		hook(r, status, h)
	}
	w.WriteHeader(status)
}

// envOf is the environment of what the mux itself says about a path: with the
// policy of the path's routes.
func (m *Mux) envOf(path string) *message.Env {
	if len(m.envs) == 1 { // there is no other policy
		return m.env
	}
	if t := m.common(path); t != nil {
		return m.envs[t.cors]
	}
	return m.env
}

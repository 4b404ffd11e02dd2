package adapt

// What the mux answers itself, to requests that no route serves: all of it from one look at what
// the path has.

import (
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/route"
)

// unmatched returns the target of a request that no route serves: for a path that has routes the
// list of their methods, or 405; for one that lacks a slash or has one too many a redirect; else
// 404.
func (m *Mux) unmatched(r *http.Request, path string) *target {
	var room few
	there, near := m.table.at(path, &room)
	if allow := there.allow(); allow != "" {
		env := m.envOf(there)
		if r.Method == http.MethodOptions {
			return answering(env, func(*fetch.Request) (*fetch.Response, error) {
				return fetch.NoContent(fetch.SetHeader("Allow", allow))
			})
		}
		return refusal(env, &fetch.Error{
			Status:  http.StatusMethodNotAllowed,
			Message: r.Method + " is not supported here, but " + allow,
			Header:  http.Header{"Allow": {allow}},
		})
	}
	if !near {
		return m.missing
	}
	path = toggleSlash(path)
	there, _ = m.table.at(path, &room)
	return m.redirect(r, path, there)
}

// answering returns the target of an answer of the mux itself.
func answering(env *route.Env, h fetch.Handler) *target {
	return &target{env: env, handler: handler{fetch: h}}
}

func refusal(env *route.Env, err error) *target {
	return answering(env, func(*fetch.Request) (*fetch.Response, error) { return nil, err })
}

var errNotFound = fetch.Errorf(http.StatusNotFound, "Not Found")

// undecodable refuses a request whose route has a parameter that does not decode. What is handed on
// as it was sent has no parameters.
func (m *Mux) undecodable(method, path string) *target {
	e, ps := m.table.find(method, path)
	if e.asSent {
		return nil
	}
	i := slices.IndexFunc(ps, garbled)
	return refusal(m.envs[e.target.scope.CORS], fetch.Errorf(http.StatusBadRequest,
		"the path parameter %q is not valid percent-encoded UTF-8", e.pattern.Names()[i]))
}

package adapt

// One path. Nobody sees another path than the one that is routed on: a guard that looks at the path
// protects what the router serves. What was sent in another form is redirected to that path or
// refused, and only an app behind a Mount, which reads paths by its own rules, gets it as it was
// sent. The table is in the documentation of this package, under "Paths".

import (
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/pathname"
)

// crooked reports whether a target may name another path than the one that is routed on.
func crooked(r *http.Request, flags pathname.Flags) bool {
	return flags&pathname.Dots != 0 || hasRaw(r, flags)
}

// hasRaw reports whether a target has a "\" or "#" that a browser would not have sent: it sends a
// slash for the one and nothing for the other, so that whoever stands in front may have seen
// another path.
func hasRaw(r *http.Request, flags pathname.Flags) bool {
	return flags&pathname.Raw != 0 || r.URL.RawQuery != "" && strings.IndexByte(r.URL.RawQuery, '#') >= 0
}

// straighten answers a request with a crooked target, or returns the path to route on: for what is
// to be 404, and for an app that gets the request as it was sent.
func (m *Mux) straighten(r *http.Request, path string, flags pathname.Flags) (instead *target, routed string) {
	if r.Method == http.MethodConnect {
		return m.missing, path // a tunnel cannot be redirected
	}
	var room few
	sent, before := pathname.Sent(r.URL)
	app := m.appAt(r.Method, sent)
	if hasRaw(r, flags) {
		if there, _ := m.table.at(before, &room); app != nil && !there.ours() {
			return nil, sent
		}
		return refusal(m.env, errRawTarget), path
	}
	there, near := m.table.at(path, &room)
	if len(there) == 0 && !near {
		return nil, path
	}
	if e := there.serving(r.Method); e != nil && e.asSent && app != nil && (app == e || app.app != nil && app.app == e.app) {
		return nil, path
	}
	if len(there) == 0 {
		path = toggleSlash(path)
		there, _ = m.table.at(path, &room)
	}
	return m.redirect(r, path, there), path
}

var errRawTarget = fetch.Errorf(http.StatusBadRequest, `the request target has a raw "\" or "#": write %%5C or %%23`)

// appAt returns the Mount or the part of a legacy app whose prefix a path begins with as it was
// sent, nil where none serves it.
func (m *Mux) appAt(method, sent string) *entry {
	var room few
	there, _ := m.table.at(sent, &room)
	e := there.serving(method)
	if e == nil || !e.asSent {
		return nil
	}
	if _, ok := cutSegments(sent, e.prefixed()); !ok {
		return nil
	}
	return e
}

// prefixed returns the number of segments in front that a Mount or a legacy app does not see.
func (e *entry) prefixed() int {
	if e.app != nil {
		return strings.Count(e.app.prefix, "/")
	}
	return len(e.pattern.Segments) - 1
}

// ours reports whether something there is served by a handler of the mux, for any method.
func (s spot) ours() bool {
	for _, p := range s {
		for _, e := range p.routes {
			if !e.asSent {
				return true
			}
		}
	}
	return false
}

// redirect sends the client to another path, at which there is something.
func (m *Mux) redirect(r *http.Request, path string, there spot) *target {
	return answering(m.envOf(there), func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Redirect(location(r, path), fetch.Status(http.StatusPermanentRedirect))
	})
}

// location returns the target of a redirect to a path of the mux: with the prefix that a router
// around the mux has taken off, with the query, and on the same host.
func location(r *http.Request, path string) string {
	return pathname.Redirect(pathname.Outer(r.RequestURI, r.URL)+path, r.URL.RawQuery)
}

// toggleSlash returns the path with or without its last slash.
func toggleSlash(path string) string {
	if without, ok := strings.CutSuffix(path, "/"); ok {
		return without
	}
	return path + "/"
}

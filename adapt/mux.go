package adapt

// The mux: one table for both shapes. A request is matched once, on the normalised escaped path,
// and served in the shape in which its route was written; what no route serves the mux answers
// itself.

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Mux serves the routes of both shapes. Its routes are immutable once built, and it is safe for any
// number of goroutines.
type Mux struct {
	config    Config
	rows      []*entry // all that was registered
	entries   []*entry // those of the table
	apps      []*app
	table     *table
	heads     []headHook // of every answer
	ends      []endHook  // likewise
	env       *route.Env
	answers   *route.Answers              // of routes whose answers are alike
	envs      map[*cors.Policy]*route.Env // of the mux's own answers, by policy
	preflight preflight                   // for paths without a route
	missing   *target                     // of what nobody serves
	after     *after
	following following
	watchers  []func() // stop what watches the mux
}

// ServeHTTP serves a request: what is wrong with its host or its path is answered first, then a
// preflight by the table, what a route matches natively by its handler, and all else by what the
// mux itself says to it.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name := m.config.RequestID; name != "" {
		identify(r, name)
	}
	path, flags, instead := m.enter(r)
	if instead != nil {
		instead.serve(w, r, nil)
		return
	}
	if f := m.preflightFor(r, path); f != nil {
		began := time.Now()
		status := m.servePreflight(w, r, f)
		if len(m.ends) > 0 {
			m.tellEnd(m.ends, Ended{
				Request: r, Status: status, Duration: time.Since(began), IP: m.env.Proxies.IP(r), RequestID: r.Header.Get(m.config.RequestID),
			})
		}
		return
	}
	serve, ps := m.table.lookup(r.Method, path)
	if instead := m.answer(r, path, flags, serve != nil, ps); instead != nil {
		instead.serve(w, r, nil)
		return
	}
	serve(w, r, ps)
}

// enter returns the path that a request is routed on, or an answer to one that goes no further.
func (m *Mux) enter(r *http.Request) (path string, flags pathname.Flags, instead *target) {
	path, flags = pathname.Normalize(r.URL)
	if err := m.env.Proxies.Check(r); err != nil {
		instead = refusal(m.env, err)
	} else if crooked(r, flags) {
		instead, path = m.straighten(r, path, flags)
	}
	return path, flags, instead
}

// answer returns the target that answers what the mux itself has to say to a request, or nil for
// one that its route serves.
func (m *Mux) answer(r *http.Request, path string, flags pathname.Flags, matched bool, ps httprouter.Params) *target {
	switch {
	case !matched:
		return m.unmatched(r, path)
	case flags&pathname.Escaped != 0 && slices.ContainsFunc(ps, garbled):
		return m.undecodable(r.Method, path)
	}
	return nil
}

// Routes lists every endpoint in the order of registration. Those of legacy apps are among them,
// but for those that have moved.
func (m *Mux) Routes() iter.Seq[Route] {
	return func(yield func(Route) bool) {
		for _, e := range m.rows {
			if e.taken == nil && !yield(e.Route) {
				return
			}
		}
	}
}

// Overlaps lists the pairs of routes that both match some request, with the one that serves it:
// where surprises come from while endpoints move. Last come the endpoints of legacy apps that are
// dead, since they have moved. All pairs of routes are compared each time: it is for reports.
func (m *Mux) Overlaps() iter.Seq[Overlap] {
	return func(yield func(Overlap) bool) {
		for o := range overlaps(m.entries) {
			if !yield(o) {
				return
			}
		}
		for _, e := range m.rows {
			if !e.dead() {
				continue
			}
			if o, _ := overlapOf(e.taken, e); !yield(o) {
				return
			}
		}
	}
}

// Migrations lists the pairs of Migrate, in the order of registration.
func (m *Mux) Migrations() iter.Seq[*migrate.Pair] {
	return func(yield func(*migrate.Pair) bool) {
		for _, e := range m.entries {
			if e.Pair != nil && !yield(e.Pair) {
				return
			}
		}
	}
}

// Migration returns the pair of Migrate with that name, which is the route's "GET /path" unless its
// configuration names it.
func (m *Mux) Migration(name string) (*migrate.Pair, bool) {
	for p := range m.Migrations() {
		if p.Name() == name {
			return p, true
		}
	}
	return nil, false
}

// Shutdown stops following a source, and waits for that, for the work that After has started and
// for the shadow runs of migrations, until ctx ends. Call it after http.Server.Shutdown. It may be
// called again.
func (m *Mux) Shutdown(ctx context.Context) error {
	m.unwatch()
	errs := []error{m.following.end(ctx), m.after.wait(ctx)}
	for p := range m.Migrations() {
		errs = append(errs, p.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

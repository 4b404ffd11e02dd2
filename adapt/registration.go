package adapt

// One line that registers a route, as it becomes a row of the table.

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/pattern"
	"github.com/crossfade-go/crossfade/internal/rollout"
	"github.com/crossfade-go/crossfade/reqres"
)

// registration is one line that registers a route.
type registration struct {
	method, path string
	shape        Shape
	fetch        fetch.Handler
	reqres       reqres.Handler
	http         http.Handler
	take, mount  bool
	pair         *rollout.Sides
}

// handler returns the function that the user wrote, to name it and to find a nil.
func (r *registration) handler() any {
	switch {
	case r.fetch != nil && r.shape == ShapeFetch:
		return r.fetch
	case r.reqres != nil:
		return r.reqres
	case r.http != nil:
		return r.http
	}
	return nil
}

// register notes that the scope, and those around it, have a route.
func (s *scope) register(at callsite.Site) {
	for up := s; up != nil; up = up.parent {
		if up.routed == "" {
			up.routed = at.String()
		}
	}
}

func (s *scope) add(r registration) {
	at := callsite.Caller()
	s.register(at)
	path := below(s.Prefix, r.path)
	p, err := pattern.Parse(path)
	if err != nil {
		s.mistake(at, err)
	}
	badMethod := !header.ValidName(r.method) // anyMethod is a valid one
	if badMethod {
		s.mistake(at, fmt.Errorf("%q is not an HTTP method", r.method))
	}
	h := origin(r.handler())
	if isNil(h) {
		s.mistake(at, fmt.Errorf("%s %s has a nil handler", r.method, path))
	}
	if err != nil || badMethod || isNil(h) {
		return
	}
	written := path
	if r.mount {
		written = strings.TrimSuffix(path, "/[[...mounted]]") + "/[[...]]"
	}
	e := &entry{
		Route: Route{
			Method: r.method, Pattern: written, Handler: callsite.FuncName(h), Source: at.Position,
			Owner: s.Owner, Shape: r.shape,
		},
		pattern: p, take: r.take, caller: at.CalledFrom, order: len(s.entries), asSent: r.mount,
	}
	if r.pair != nil {
		e.Pair = r.pair.Pair
	}
	e.target = target{scope: s, line: &r}
	s.entries = append(s.entries, e)
	s.describe(at, e, r.handler())
}

// describe notes what is known of e where its handler is one of fetch.Typed, and what is wrong with
// that.
func (s *scope) describe(at callsite.Site, e *entry, h any) {
	t := made(unconverted(h)).Typed
	if t == nil {
		return
	}
	e.In, e.Out, e.Status, e.Fails = t.In, t.Out, t.Status, t.Fails
	mistakes := []error{t.Mistake}
	for _, name := range t.Path {
		if !slices.Contains(e.pattern.Names(), name) {
			mistakes = append(mistakes, fmt.Errorf("%s has the tag path:%q, and the pattern has no parameter of that name", t.In, name))
		}
	}
	if t.Body && (e.Method == http.MethodGet || e.Method == http.MethodHead) {
		mistakes = append(mistakes, fmt.Errorf("%s has members for a body, which is never read of a %s: give them a tag path, query, header or cookie, or json:\"-\"", t.In, e.Method))
	}
	if err := errors.Join(mistakes...); err != nil {
		s.mistake(at, fmt.Errorf("%s is given %s: %w", e.request(), e.Handler, err))
	}
}

package adapt

// Both sides of a migration as one handler. The pair decides; this calls the
// side that it names, in the shape that side was written in, and reports how it
// went.

import (
	"fmt"
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

type sides struct {
	pair *migrate.Pair
	old  reqres.Handler
	next fetch.Handler
}

func (s *scope) migrate(method, path string, old reqres.Handler, next fetch.Handler) *migrate.Pair {
	at := callsite.Caller()
	if old == nil || next == nil {
		s.mistake(at, fmt.Errorf("Migrate %s %s needs an old and a new handler, and one is nil", method, path))
	}
	config := migrate.Config{}
	if s.migration != nil {
		config = *s.migration
	}
	route := method + " " + s.prefix + path
	if config.Name == "" {
		config.Name = route
	} else {
		config.Name += " " + route
	}
	pair, err := migrate.NewPair(config)
	if err != nil {
		s.mistake(at, fmt.Errorf("Migrate %s %s: %w", method, path, err))
		pair, _ = migrate.NewPair(migrate.Config{Name: config.Name}) // for the caller's next line
	}
	if old != nil && next != nil {
		s.add(registration{method: method, path: path, shape: Fetch, reqres: old, fetch: next, pair: pair})
	}
	return pair
}

// handler is the pair in both shapes.
func (s *sides) handler() handler {
	return handler{
		fetch: func(req *fetch.Request) (*fetch.Response, error) {
			if s.decide(req.Exchange()).Side == migrate.NewSide {
				return s.next(req)
			}
			return ToFetch(s.old)(req)
		},
		reqres: func(req *reqres.Request, res *reqres.Response) error {
			if s.decide(req.Exchange()).Side == migrate.NewSide {
				return ToReqRes(s.next)(req, res)
			}
			return s.old(req, res)
		},
	}
}

func (s *sides) decide(x *message.Exchange) migrate.Decision {
	r := x.R
	if s.pair.Plan().Stage == migrate.Canary {
		r = x.HTTP() // the key may read path values and what middleware has left
	}
	return s.pair.Decide(r)
}

// serve enters the side that serves in its own shape.
func (s *sides) serve(t *target, w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	req, res, x := reqres.Enter()
	t.begin(x, w, r, ps)
	t.handler.reqres.Serve(req, res)
}

package adapt

// The registration of a migration: both sides in every shape, and the pair that decides between
// them. What runs them is package rollout.

import (
	"fmt"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/rollout"
	"github.com/crossfade-go/crossfade/reqres"
)

func (s *scope) migrate(method, path string, old reqres.Handler, next fetch.Handler) *migrate.Pair {
	at := callsite.Caller()
	whole := !isNil(origin(old)) && !isNil(origin(next))
	if !whole {
		s.mistake(at, fmt.Errorf("Migrate %s %s needs an old and a new handler, and one is nil", method, path))
	}
	config := s.Migration
	route := method + " " + s.Prefix + path
	if config.Name == "" {
		config.Name = route
	} else {
		config.Name += " " + route
	}
	pairs := migrate.Internal(door.Key())
	pair, err := pairs.NewPair(config, method != "ANY" && !pairs.Safe(method))
	if err != nil {
		s.mistake(at, fmt.Errorf("Migrate %s %s: %w", method, path, err))
		pair, _ = migrate.NewPair(migrate.Config{Name: config.Name}) // for the caller's next line
	}
	if whole {
		both := &rollout.Sides{
			Pair: pair, Old: old, Next: next,
			OldFetch: handler{reqres: old}.asFetch(), NextReqRes: ToReqRes(next),
			OldOrigin: originOf(old), NextOrigin: originOf(next),
			ToFetch: func(h reqres.Handler) fetch.Handler { return newToFetch(h, false) },
		}
		s.add(registration{method: method, path: path, shape: ShapeFetch, reqres: old, fetch: next, pair: both})
	}
	return pair
}

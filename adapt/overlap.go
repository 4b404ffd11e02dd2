package adapt

// What precedence decides, listed: while endpoints move, a surprise is a request that goes to
// another route than the reader of one file thinks.

import (
	"fmt"
	"iter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// Overlap is two routes that some request matches both, and the one that serves it.
type Overlap struct {
	Winner, Loser Route // the route that serves the example, and the other one that matches it
	// Example is a path, for a method of both, that both match and the winner serves.
	Example string
	// Dead says that the loser is an endpoint of a legacy app that has moved: no request reaches it
	// any more.
	Dead bool
}

// String says what happens, such as
//
//	fetch GET /users/me (routes.go:18) takes GET /users/me from GET /users/:id of gin (shop.getUser, shop.go:31)
//	fetch GET /search (routes.go:19) has replaced GET /search of gin (shop.search, shop.go:40), which is dead
func (o Overlap) String() string {
	loser := o.Loser.request()
	if o.Loser.App != "" {
		loser += " of " + o.Loser.App
	}
	winner := fmt.Sprintf("%s %s (%s)", o.Winner.Shape, o.Winner.request(), o.Winner.Source)
	loser += fmt.Sprintf(" (%s, %s)", o.Loser.Handler, o.Loser.Source)
	if o.Dead {
		return winner + " has replaced " + loser + ", which is dead"
	}
	verb, _ := verbFirst(o.Winner, o.Loser)
	return winner + " takes " + verb.Method + " " + o.Example + " from " + loser
}

// overlaps lists every pair of routes for a common method that precedence decides, by winner and
// then by loser, in the order of precedence. That GET serves HEAD beside a HEAD route is not
// listed. All pairs are compared, while the sequence is consumed.
func overlaps(entries []*entry) iter.Seq[Overlap] {
	return func(yield func(Overlap) bool) {
		all := sorted(entries, byPrecedence)
		for i, winner := range all {
			for _, loser := range all[i+1:] {
				if !winner.sharesMethod(loser) || winner.coveredBy(loser) {
					continue
				}
				o, ok := overlapOf(winner, loser)
				collides := winner.Method == loser.Method && winner.pattern.Key() == loser.pattern.Key()
				if ok && !collides && !yield(o) {
					return
				}
			}
		}
	}
}

// coveredBy reports whether an overlap of the two is the business of an app alone: both are its
// endpoints, or the loser is only what the app does not list.
func (e *entry) coveredBy(loser *entry) bool {
	return loser.ofApp() && (e.ofApp() && e.app == loser.app || loser.rest && (loser.app.listed() || e.app == loser.app))
}

// overlapOf returns the overlap of two routes, if they have one.
func overlapOf(winner, loser *entry) (o Overlap, ok bool) {
	example, ok := pattern.Overlap(winner.pattern, loser.pattern)
	if !ok {
		return Overlap{}, false
	}
	return Overlap{Winner: winner.Route, Loser: loser.Route, Example: example, Dead: loser.taken == winner}, true
}

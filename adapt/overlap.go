package adapt

// What precedence decides, listed: while endpoints move, a surprise is a request that goes to
// another route than the reader of one file thinks.

import (
	"fmt"
	"iter"
	"slices"

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
	method := o.Winner.Method
	if method == anyMethod {
		method = o.Loser.Method
	}
	return winner + " takes " + method + " " + o.Example + " from " + loser
}

// overlaps lists every pair of routes for a common method that precedence decides, by winner and
// then by loser, in the order of precedence. That GET serves HEAD beside a HEAD route is not
// listed.
//
// Of n routes that do not overlap, each costs one walk down the tree of patterns and not n
// comparisons. All work is done while the sequence is consumed.
func overlaps(entries []*entry) iter.Seq[Overlap] {
	return func(yield func(Overlap) bool) {
		places, root := placesOf(entries)
		var losers []int
		for i, p := range places {
			losers = root.overlapping(losers[:0], p.routes[0].pattern.Segments, i)
			slices.Sort(losers)
			for n, winner := range p.routes {
				for _, loser := range p.routes[n+1:] {
					if !winner.coveredBy(loser) && winner.Method != anyMethod && loser.Method == anyMethod && !yield(newOverlap(winner, loser)) {
						return
					}
				}
				for _, j := range losers {
					for _, loser := range places[j].routes {
						if !winner.coveredBy(loser) && winner.sharesMethod(loser) && !yield(newOverlap(winner, loser)) {
							return
						}
					}
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

func newOverlap(winner, loser *entry) Overlap {
	example, _ := pattern.Overlap(winner.pattern, loser.pattern)
	return Overlap{Winner: winner.Route, Loser: loser.Route, Example: example, Dead: loser.taken == winner}
}

// overlapping appends the numbers greater than after of the patterns below n of which the rest
// overlaps these segments. The numbers below n that are not greater are left out early, so that
// only what precedence lets come later is visited.
func (n *node) overlapping(found []int, segments []pattern.Segment, after int) []int {
	if n == nil || n.last <= after {
		return found
	}
	if len(segments) == 0 {
		if n.end && n.first > after {
			found = append(found, n.first)
		}
		return later(found, n.optional, after)
	}
	switch s := segments[0]; s.Kind {
	case pattern.Literal:
		found = n.byText[s.Text].overlapping(found, segments[1:], after)
		if s.Text != "" {
			found = n.param.overlapping(found, segments[1:], after)
			found = later(found, n.required, after)
		}
		return later(found, n.optional, after)
	case pattern.Param:
		for i := len(n.literals) - 1; i >= 0 && n.literals[i].last > after; i-- {
			found = n.literals[i].overlapping(found, segments[1:], after)
		}
		found = n.param.overlapping(found, segments[1:], after)
		found = later(found, n.required, after)
		return later(found, n.optional, after)
	}
	from := n.first
	if segments[0].Kind == pattern.CatchAll { // which needs more than nothing, and more than a slash
		if n.end {
			from++
		}
		if n.byText[""] != nil {
			from++
		}
	}
	for number := max(from, after+1); number <= n.last; number++ {
		found = append(found, number)
	}
	return found
}

// later appends the number of a catch-all, if there is one and it is greater than after.
func later(found []int, number, after int) []int {
	if number-1 > after {
		found = append(found, number-1)
	}
	return found
}

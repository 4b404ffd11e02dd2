package adapt

// The text of a collision: a sentence that stands alone, the two lines of source with what they
// register, the requests that show it, and one way out, as code where there is any. It is made from
// the values of a CollisionError only, so that each part can be tested by itself.

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
)

// Error is the report on all collisions; its first line stands alone.
func (r report) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "adapt: %d route collision", len(r))
	if len(r) > 1 {
		b.WriteByte('s')
	}
	for i, e := range r {
		fmt.Fprintf(&b, "\n\n%d. %s", i+1, e.text())
	}
	return b.String()
}

// Error is the report on this collision; its first line stands alone.
func (e *CollisionError) Error() string { return "adapt: " + e.text() }

func (e *CollisionError) text() string {
	var b strings.Builder
	b.WriteString(e.sentence() + "\n")
	rows := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, e.row(e.First, e.callers[0]))
	fmt.Fprintln(rows, e.row(e.Second, e.callers[1]))
	rows.Flush()
	b.WriteString("   " + e.requests() + "\n")
	if intro, _ := e.advice(); intro != "" {
		b.WriteString("   " + intro + "\n  ")
	}
	return b.String() + "   " + e.Fix
}

// sentence says how the routes are related.
func (e *CollisionError) sentence() string {
	first, second := e.First.request(), e.Second.request()
	switch e.Kind {
	case KindDuplicate:
		if first == second {
			return first + " has two handlers"
		}
		return first + " and " + second + " are one route with two handlers"
	case KindVerbOverAny:
		if e.First.Pair != nil || e.Second.Pair != nil {
			return first + " and " + second + " are one path, in a migration and outside"
		}
		return first + " and " + second + " are one path in two shapes"
	case KindAmbiguous:
		return first + " and " + second + " are two catch-alls at one level"
	}
	return first + " and " + second + " collide"
}

// row returns a route in four columns.
func (e *CollisionError) row(r Route, caller string) string {
	shape, source := r.Shape.String(), r.Source
	switch {
	case r.Pair != nil:
		shape = "migrate"
	case r.Shape == ShapeLegacy:
		shape += " " + r.App
	}
	if caller != "" {
		source += " (called from " + caller + ")"
	}
	return strings.Join([]string{"     " + shape, r.request(), r.Handler, source}, "\t")
}

// requests shows the relation.
func (e *CollisionError) requests() string {
	switch {
	case e.OnlyFirst != "":
		return fmt.Sprintf("Both match %s, and only the first %s.", e.Example, e.OnlyFirst)
	case e.OnlySecond != "":
		return fmt.Sprintf("Both match %s, and only the second %s.", e.Example, e.OnlySecond)
	}
	return fmt.Sprintf("Both match the same requests, such as %s.", e.Example)
}

// advice returns the way out, for a pair with an endpoint of a legacy app or for another.
func (e *CollisionError) advice() (intro, fix string) {
	legacy, other := e.First, e.Second
	if legacy.Shape != ShapeLegacy {
		legacy, other = other, legacy
	}
	path := cmp.Or(strings.TrimPrefix(legacy.Pattern, e.prefix), "/")
	switch {
	case legacy.Shape != ShapeLegacy || path == "/[[...]]":
		return advice(e.Kind, e.First, e.Second)
	case other.Shape == ShapeLegacy:
		return "", fmt.Sprintf("Give one of the apps another prefix, or leave the endpoint out of the list of %s or of %s.", legacy.App, other.App)
	case other.Pair != nil:
		return fmt.Sprintf("The old side is %s? Then migrate it there, on what Legacy returned:", legacy.App),
			fmt.Sprintf("%s.Migrate(%q, %q, %s)", legacy.App, other.Method, path, paste(other.Handler, "next"))
	case other.Shape == ShapeFetch:
		return fmt.Sprintf("Has it moved out of %s? Then say so, on what Legacy returned:", legacy.App),
			fmt.Sprintf("%s.Moved(%q, %q, %s)", legacy.App, other.Method, path, paste(other.Handler, "handler"))
	}
	return "", fmt.Sprintf("Delete one of them, or write the new one in the fetch shape and register it with Moved of %s.", legacy.App)
}

// advice returns the way out: what it is for, and the line of code, or a sentence alone.
func advice(kind Kind, first, second Route) (intro, fix string) {
	first.Pattern, second.Pattern = registrable(first.Pattern), registrable(second.Pattern)
	verb, all := verbFirst(first, second)
	old, next := first, second
	if first.Shape == ShapeFetch {
		old, next = second, first
	}
	switch {
	case kind == KindVerbOverAny:
		return fmt.Sprintf("Meant? Then say so where %s is registered:", verb.Method), by("Take", verb, all.Pattern)
	case first.Method != second.Method && verb.Pair != nil:
		return "", fmt.Sprintf("Give the Migrate the pattern %s.", all.Pattern)
	case first.Method != second.Method && verb.Shape == all.Shape && all.Pair == nil:
		return fmt.Sprintf("One pattern for both leaves no doubt about %s:", verb.Method), by("On", verb, all.Pattern)
	case first.Method != second.Method:
		return fmt.Sprintf("Is %s alone in another shape? Then say so, with one pattern for both:", verb.Method), by("Take", verb, all.Pattern)
	case old.Pair == nil && next.Pair == nil && next.Shape == ShapeFetch && old.Shape != ShapeFetch:
		pattern := next.Pattern
		if kind == KindAmbiguous && !strings.HasSuffix(pattern, "]]") {
			pattern = old.Pattern // the optional one, for what either matches
		}
		return fmt.Sprintf("Moving it from %s to fetch? Register both at once:", old.Shape),
			fmt.Sprintf("r.Migrate(%q, %q, %s, %s)", next.Method, pattern, expression(old, "old"), paste(next.Handler, "next"))
	case kind == KindAmbiguous:
		return "", "Delete one of them: the optional catch-all matches all that the other one matches."
	case first.Pair != nil && second.Pair == nil:
		return "", fmt.Sprintf("Delete the one at %s: the Migrate at %s has both sides.", second.Source, first.Source)
	case second.Pair != nil && first.Pair == nil:
		return "", fmt.Sprintf("Delete the one at %s: the Migrate at %s has both sides.", first.Source, second.Source)
	}
	return "", "Delete one of them."
}

// registrable returns a pattern as a route is registered with: the catch-all of a Mount or a legacy
// app has no name.
func registrable(pattern string) string {
	if prefix, ok := strings.CutSuffix(pattern, "/[[...]]"); ok {
		return prefix + "/[[...rest]]"
	}
	return pattern
}

// by returns the line that registers a route with another pattern, by On, or by Take beside an Any
// of another shape.
func by(call string, r Route, pattern string) string {
	face := "ReqRes"
	switch {
	case r.Shape == ShapeFetch:
		face = "Fetch"
	case call == "On" && r.Shape != ShapeReqRes:
		return fmt.Sprintf("r.Handle(%q, %q, handler)", r.Method, pattern)
	}
	return fmt.Sprintf("r.%s.%s(%q, %q, %s)", face, call, r.Method, pattern, expression(r, "handler"))
}

// expression returns a handler as an expression of a shape, that of net/http of the mutable one.
func expression(r Route, placeholder string) string {
	if r.Shape == ShapeHTTP {
		return "reqres.FromHTTP(" + placeholder + ")" // its name may be that of a type
	}
	return paste(r.Handler, placeholder)
}

// paste returns a handler's name as an expression of Go, or a placeholder for what has none: a
// method value or a closure.
func paste(name, placeholder string) string {
	if strings.Count(name, ".") != 1 || strings.ContainsAny(name, "(*[-") {
		return placeholder
	}
	return strings.TrimPrefix(name, "main.")
}

// verbFirst puts the route for a verb before the one for all.
func verbFirst(first, second Route) (verb, all Route) {
	if first.Method == anyMethod {
		return second, first
	}
	return first, second
}

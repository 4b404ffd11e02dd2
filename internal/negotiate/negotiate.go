// Package negotiate picks what a client accepts, and tells what it sent: npm accepts 2.0.0 with
// negotiator 1.1.0 and npm type-is 2.1.0, which Express 5.3.0 calls for req.accepts,
// req.acceptsCharsets, req.acceptsEncodings, req.acceptsLanguages and req.is.
//
// A header is given as its lines; none means that the request has no such header. Each function
// comes in two forms: the one picks the best of the offers and returns it as it was given, or "" if
// none is acceptable; the other lists what the header accepts, best first, as Express does when it
// is asked without offers.
//
// The best offer is the one with the highest q, then the one that is named most specifically, then
// the one whose member of the header comes first, then the first offer. A q that is not a number
// accepts nothing; one above 1 counts as it is.
//
// All functions are pure and safe for concurrent use.
package negotiate

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
)

// member is one member of an Accept-style header.
type member struct {
	name   string        // as written
	params []media.Param // q among them
	q      float64
}

// maxMembers bounds the members that are read of one header; further ones are ignored. Browsers
// send a dozen, and a header of a megabyte must not become sixty.
const maxMembers = 256

// parse reads the members of a header. Lines are one list, as in RFC 9110; empty members are left
// out.
func parse(lines []string) []member {
	var members []member
	for rest := strings.Join(lines, ", "); rest != "" && len(members) < maxMembers; {
		var m member
		m.name, m.params, rest = media.Lenient(rest, true, nil)
		if m.name == "" {
			continue
		}
		m.q = 1
		for _, p := range m.params {
			if p.Name == "q" && p.Value != "" {
				m.q = parseFloat(p.Value)
			}
		}
		members = append(members, m)
	}
	return members
}

// list returns the names of the acceptable members by falling q, ties in the order of the header.
func list(members []member) []string {
	acceptable := slices.DeleteFunc(members, func(m member) bool { return !(m.q > 0) }) // also without NaN
	slices.SortStableFunc(acceptable, func(a, b member) int { return cmp.Compare(b.q, a.q) })
	names := make([]string, len(acceptable))
	for i, m := range acceptable {
		names[i] = m.name
	}
	return names
}

// rank is how a header judges one offer: with which q, how specifically, and by which of its
// members. The zero value is not a match.
type rank struct {
	q        float64
	specific int
	order    int // of the member, from 1
}

// best returns the best offer, or "". match tells how specifically a member names an offer, below 0
// for not at all; the most specific member decides about an offer, among equals the one with the
// higher q.
func best(members []member, offers []string, match func(m *member, offer int) int) (found string) {
	var top rank
	for offer := range offers {
		var r rank
		for i := range members {
			specific := match(&members[i], offer)
			if specific < 0 {
				continue
			}
			next := rank{members[i].q, specific, i + 1}
			if r.order == 0 || r.overruledBy(next) {
				r = next
			}
		}
		if r.q > 0 && r.better(top) {
			found, top = offers[offer], r
		}
	}
	return found
}

// overruledBy reports whether next decides instead of r. A q that is not a number compares equal to
// every other one, so that the later member decides.
func (r rank) overruledBy(next rank) bool {
	switch {
	case next.specific != r.specific:
		return next.specific > r.specific
	case next.q != r.q && !math.IsNaN(next.q) && !math.IsNaN(r.q):
		return next.q > r.q
	}
	return next.order > r.order
}

func (r rank) better(than rank) bool {
	switch {
	case r.q != than.q:
		return r.q > than.q
	case r.specific != than.specific:
		return r.specific > than.specific
	}
	return r.order < than.order
}

package pattern

import "strings"

// What httprouter v1.3.0 needs to know, and what it can hold.
//
// Its tree gives a position either to one wildcard or to literals, compares the names of wildcards,
// and has no way to write a colon or a star that is meant. So names become the same everywhere, the
// two characters become bytes that no escaped path contains, and Fits says which patterns must not
// meet in one tree: httprouter would panic, and keep half of the refused pattern.

var (
	mark   = strings.NewReplacer(":", "\x01", "*", "\x02")
	unmark = strings.NewReplacer("\x01", ":", "\x02", "*")

	wildcards = strings.NewReplacer(ParamMark, ":p", RequiredMark, "*"+RouterRequired, OptionalMark, "*o")
)

// RouterRequired is the name of every required catch-all in httprouter, by which a hit tells it
// from an optional one.
const RouterRequired = "r"

// Router is p as httprouter takes it, with the same name for all parameters of a kind. An optional
// catch-all needs two entries in the tree: bare is the path without it, or "" where the first entry
// is enough. httprouter's catch-all of an optional one also matches the lone slash, as it should;
// that of a required one does too, which the caller has to refuse, like an empty parameter before a
// slash.
func (p Pattern) Router() (path, bare string) {
	path = wildcards.Replace(RouterPath(p.key))
	if before, ok := strings.CutSuffix(path, "/*o"); ok {
		bare = before
	}
	return path, bare
}

// HasMarks reports whether a literal of p contains a colon or a star, so that requests have to be
// looked up by RouterPath and their values read by FromRouter.
func (p Pattern) HasMarks() bool { return strings.ContainsAny(p.key, ":*") }

// RouterPath translates a request's path for a tree that holds patterns with marks.
func RouterPath(path string) string { return mark.Replace(path) }

// FromRouter undoes RouterPath in a value that httprouter cut out of the path.
func FromRouter(value string) string { return unmark.Replace(value) }

// MaxParams is how many parameters a pattern can have: httprouter counts them in a byte.
const MaxParams = 255

// Fits reports whether one tree of httprouter takes both patterns, in either order. For a set it is
// enough to ask for every pair; and for a set that is sorted by Compare it is enough to ask for the
// neighbours, because what a pattern meets on its way down the tree are those that share its first
// segments, the last of which is its neighbour.
//
// Patterns that some path matches both never fit. Others may not fit either, such as /users/me/keys
// and /users/:id.
func Fits(a, b Pattern) bool {
	s, t := a.Segments, b.Segments
	if len(s) > len(t) {
		s, t = t, s
	}
	for i := range s {
		switch low, high := min(s[i].Kind, t[i].Kind), max(s[i].Kind, t[i].Kind); {
		case low == Literal && high == Literal:
			if s[i].Text != t[i].Text {
				return true
			}
		case low == Literal && high == Param:
			return s[i] == Segment{} || t[i] == Segment{} // only the end of a path stands beside a parameter
		case low != high:
			return false // nothing stands beside a catch-all, which owns the slash before it
		}
	}
	// The entry of the shorter one is the bare entry of an optional catch-all that follows.
	return len(s) < len(t) && t[len(s)].Kind != OptionalCatchAll
}

package pattern

import (
	"cmp"
	"net/url"
	"strings"
)

// Relations between two patterns. All of them walk the segments of both from the left, because
// precedence does, and because a pattern says nothing about a segment that depends on another one.

// Compare orders patterns by precedence, the most specific first: at the first segment in which
// they differ a literal comes before a parameter, that before a catch-all, that before an optional
// catch-all; literals are in the order of their decoded text, and a pattern comes before those that
// go on where it ends. Compare is 0 exactly if the keys are equal. The order of a table is the
// order in which Next.js sorts its routes.
func Compare(a, b Pattern) int {
	for i := range min(len(a.Segments), len(b.Segments)) {
		if c := compareSegments(a.Segments[i], b.Segments[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a.Segments), len(b.Segments))
}

func compareSegments(s, t Segment) int {
	switch {
	case s.Kind != t.Kind:
		return cmp.Compare(s.Kind, t.Kind)
	case s.Kind != Literal || s.Text == t.Text:
		return 0
	}
	return cmp.Or(strings.Compare(decoded(s.Text), decoded(t.Text)), strings.Compare(s.Text, t.Text))
}

func decoded(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// sample is the text that stands for a parameter in an example.
const sample = "x"

// Overlap reports whether some path is matched by both patterns, and returns one.
func Overlap(a, b Pattern) (example string, ok bool) {
	s, t := a.Segments, b.Segments
	for i := range min(len(s), len(t)) {
		if s[i].Kind == Literal && t[i].Kind == Literal && s[i].Text != t[i].Text {
			return "", false // soon, since nearly all pairs of a table do not overlap
		}
	}
	var path strings.Builder
	for len(s) > 0 && len(t) > 0 && s[0].Kind < CatchAll && t[0].Kind < CatchAll {
		text := s[0].Text
		switch {
		case s[0].Kind == Param && t[0].Kind == Param:
			text = sample
		case s[0].Kind == Param:
			text = t[0].Text
		}
		if text == "" && s[0].Kind != t[0].Kind { // a parameter is not empty
			return "", false
		}
		path.WriteString("/" + text)
		s, t = s[1:], t[1:]
	}
	if len(s) == 0 || s[0].Kind < CatchAll {
		s, t = t, s // s has the catch-all, if there is one
	}
	switch {
	case len(s) == 0:
		return path.String(), len(t) == 0
	case s[0].Kind < CatchAll:
		return "", false
	case s[0].Kind == CatchAll && (len(t) == 0 || t[0] == Segment{}):
		return "", false // t ends here, or with a slash: nothing is left for the catch-all
	}
	for i, u := range t {
		switch {
		case u.Kind == Literal:
			path.WriteString("/" + u.Text)
		case u.Kind != OptionalCatchAll || i == 0:
			path.WriteString("/" + sample)
		}
	}
	return path.String(), true
}

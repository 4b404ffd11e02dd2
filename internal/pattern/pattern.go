// Package pattern is the algebra of route patterns: what a pattern means, which of two is more
// specific, whether a path exists that both match, and what httprouter has to be told about it.
//
// A pattern is a path of segments. Two syntaxes write the same thing and may be mixed:
//
//	:id        [id]          one segment, not empty
//	*rest      [...rest]     the rest of the path, not empty; the last segment only
//	           [[...rest]]   the rest of the path, or nothing at all; the last segment only
//
// Every other segment is a literal. A parameter is always a whole segment. A slash at the end is
// significant: /users and /users/ are different patterns. A backslash takes the meaning from the
// character behind it: \: \* \[ \].
//
// Patterns match the escaped path of a request as package pathname normalises it, and a literal is
// brought to that form too. So a %2F inside a segment stays inside it; who asks for the value of a
// parameter decodes it afterwards.
//
// A Pattern is a value that nothing changes after Parse; all functions are pure and safe for
// concurrent use.
package pattern

import "strings"

// Kind says what a segment matches. The values are in order of precedence, the most specific first.
type Kind uint8

const (
	Literal          Kind = iota // exactly Text; an empty Text is the end of a path with a trailing slash
	Param                        // one segment, not empty
	CatchAll                     // what is left behind the slash, not empty; it may contain slashes
	OptionalCatchAll             // like CatchAll, and also nothing, with the slash or without it
)

// Segment is one part of a pattern: what stands behind one slash.
type Segment struct {
	Kind Kind
	// Text is the name of a parameter or a catch-all, or a literal in the form in which requests
	// are matched: percent-encoded where the URL Standard does it in paths, and nowhere else.
	Text string
}

// Pattern is a parsed pattern. The zero value matches nothing.
type Pattern struct {
	// Source is the pattern as it was written.
	Source string
	// Segments is never empty after Parse; "/" is one literal without text. It must not be changed.
	Segments []Segment

	names []string
	key   string
}

// newPattern derives what is asked for often.
func newPattern(source string, parts []part) Pattern {
	p := Pattern{Source: source, Segments: make([]Segment, len(parts))}
	var key strings.Builder
	for i, s := range parts {
		p.Segments[i] = s.Segment
		if s.Kind != Literal {
			p.names = append(p.names, s.Text)
		}
		key.WriteString("/" + [...]string{s.Text, ParamMark, RequiredMark, OptionalMark}[s.Kind])
	}
	p.key = key.String()
	return p
}

// What stands in a key for a segment that is not a literal. A literal never contains a brace,
// because the URL Standard encodes both, so a key reads only one way.
const (
	ParamMark    = "{}"
	RequiredMark = "{+}"
	OptionalMark = "{?}"
)

// Key identifies the set of paths that p matches: two patterns have equal keys exactly if they
// match the same paths. The names of the parameters and the syntax do not count.
func (p Pattern) Key() string { return p.key }

// OptionalKey is the key of the pattern that differs from p only in that its catch-all may match
// nothing, or "" if p does not end in a catch-all that may not.
func (p Pattern) OptionalKey() string {
	if prefix, ok := strings.CutSuffix(p.key, RequiredMark); ok {
		return prefix + OptionalMark
	}
	return ""
}

// Names lists the names of the parameters from left to right, the catch-all included. It must not
// be changed.
func (p Pattern) Names() []string { return p.names }

// last returns the segment at the end, where a catch-all stands if there is one.
func (p Pattern) last() Segment {
	if len(p.Segments) == 0 {
		return Segment{}
	}
	return p.Segments[len(p.Segments)-1]
}

// CatchesAll reports whether p ends in a catch-all of either kind.
func (p Pattern) CatchesAll() bool { return p.last().Kind >= CatchAll }

// Match reports whether p matches the path, and the raw value of each parameter in the order of
// Names. A catch-all's value has no leading slash; it is empty where an optional one matched
// nothing.
//
// Match is the definition of what a pattern means. For a request on the wire the mux asks
// httprouter, and tests compare.
func (p Pattern) Match(path string) (values []string, ok bool) {
	if path == "" || len(p.Segments) == 0 {
		return nil, false
	}
	for _, s := range p.Segments {
		if path == "" {
			return append(values, ""), s.Kind == OptionalCatchAll
		}
		if path[0] != '/' {
			return nil, false
		}
		rest := path[1:]
		if s.Kind >= CatchAll {
			return append(values, rest), s.Kind == OptionalCatchAll || rest != ""
		}
		text := rest
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			text = rest[:i]
		}
		path = rest[len(text):]
		switch {
		case s.Kind == Param && text != "":
			values = append(values, text)
		case s.Kind == Literal && text == s.Text:
		default:
			return nil, false
		}
	}
	return values, path == ""
}

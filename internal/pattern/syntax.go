package pattern

import (
	"fmt"
	"strconv"
	"strings"
)

// Rule is a rule of the syntax that a pattern can break: what its error says, with {text} for the
// part that breaks it, {fix} for what to write in its place, {other} for a second name, and {most}
// for MaxParams. Those that Next.js has too mean the same here.
type Rule string

// The rules.
const (
	// Start: a pattern begins with a slash.
	Start Rule = "a pattern begins with a slash: write {fix}"
	// NoEmpty: no segment is empty, but the last may be.
	NoEmpty Rule = "two slashes in a row: only the last segment can be empty"
	// NoDots: no segment is . or .., also written %2e.
	NoDots Rule = "{text} never reaches a route, because dot segments are resolved before: write the path that is meant"
	// NoQuery: a pattern ends before the query.
	NoQuery Rule = "{text} begins a query or a fragment, and a pattern is a path: register a path without the optional part beside it, or write {fix} for the character itself"
	// Escapes: %XX, and a backslash before : * [ ] only.
	Escapes Rule = "{text} escapes nothing: write %25 for a percent sign, and a backslash only before : * [ and ]"
	// Signs: : * [ and ] belong to a parameter, or have a backslash.
	Signs Rule = "{text} has a : * or [ that does not begin the segment, and a parameter is a whole segment: write {fix} for the character itself"
	// WholeSegment: a parameter is a whole segment.
	WholeSegment Rule = "{text} goes on behind the name, and a parameter is a whole segment: write {fix}"
	// Named: a parameter has a name.
	Named Rule = "{text} has no name: write {fix}"
	// Brackets: one pair of brackets, two for an optional catch-all.
	Brackets Rule = "{text} has a bracket too many or too few: write {fix}"
	// Periods: none before a name, or exactly three.
	Periods Rule = "{text} has periods before its name: write {fix}"
	// ThreeDots: three full stops, not the character U+2026.
	ThreeDots Rule = "{text} has the one character U+2026 where three periods are meant: write {fix}"
	// NotOptional: only a catch-all can be optional.
	NotOptional Rule = "{text} is an optional parameter, and only a catch-all can be optional: register the path without it as well, or write {fix}"
	// Last: a catch-all is the last segment.
	Last Rule = "{text} is a catch-all, and nothing can follow it: move it to the end, or write {fix} for one segment"
	// Repeated: no name twice.
	Repeated Rule = "{text} is the name of two parameters: rename one"
	// Alike: no two names that differ only by punctuation.
	Alike Rule = "{text} and {other} are names that differ only by punctuation: rename one"
	// Braces: {name} is net/http's syntax.
	Braces Rule = "{text} is a parameter for net/http only: write {fix}, or %7B and %7D for the characters themselves"
	// AtEnd: {$} is net/http's too.
	AtEnd Rule = "{text} is the end of a path for net/http only: leave it out, a slash at the end means just that"
	// TooMany: not more parameters than MaxParams.
	TooMany Rule = "{text} is one parameter too many: {most} are allowed"
)

// SyntaxError is one mistake in one pattern.
type SyntaxError struct {
	Pattern string // as it was written
	Offset  int    // where in it, in bytes
	Rule    Rule   // which it breaks
	Text    string // the part that breaks it
	Other   string // for Alike: the name that Text is too much like
	Fix     string // what to write in place of Text, if that can be guessed
}

// Error names the place, the rule and the way out.
func (e *SyntaxError) Error() string {
	said := strings.NewReplacer("{text}", quote(e.Text), "{fix}", quote(e.Fix), "{other}", quote(e.Other),
		"{most}", strconv.Itoa(MaxParams)).Replace(string(e.Rule))
	switch bracketed := strings.HasPrefix(e.Text, "["); {
	case e.Rule == WholeSegment && !bracketed:
		said += ", or " + quote(inBrackets(e.Text)) + " if all of it is the name"
	case e.Rule == Named && !bracketed: // whom the sign of a parameter caught by surprise, as in /*
		said += `, or \` + e.Text[:1] + " for the character itself"
	}
	return fmt.Sprintf("pattern %s, offset %d: %s", quote(e.Pattern), e.Offset, said)
}

// quote writes s as a Go string that can be pasted, in the form that needs no doubled backslashes.
func quote(s string) string {
	if strings.Contains(s, `\`) {
		return fmt.Sprintf("%#q", s)
	}
	return strconv.Quote(s)
}

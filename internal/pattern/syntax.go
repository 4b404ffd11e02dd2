package pattern

import (
	"fmt"
	"strconv"
	"strings"
)

// Rule is a rule of the syntax that a pattern can break.
type Rule uint8

// The rules. Those that Next.js has too mean the same here.
const (
	Start        Rule = iota + 1 // a pattern begins with a slash
	NoEmpty                      // no segment is empty, but the last may be
	NoDots                       // no segment is . or .., also written %2e
	NoQuery                      // a pattern ends before the query
	Escapes                      // %XX, and a backslash before : * [ ] only
	Signs                        // : * [ and ] belong to a parameter, or have a backslash
	WholeSegment                 // a parameter is a whole segment
	Named                        // a parameter has a name
	Brackets                     // one pair of brackets, two for an optional catch-all
	Periods                      // none before a name, or exactly three
	ThreeDots                    // three full stops, not the character U+2026
	NotOptional                  // only a catch-all can be optional
	Last                         // a catch-all is the last segment
	Repeated                     // no name twice
	Alike                        // no two names that differ only by punctuation
	Braces                       // {name} is net/http's syntax
	TooMany                      // not more parameters than MaxParams
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
	return fmt.Sprintf("pattern %s, offset %d: %s", quote(e.Pattern), e.Offset, e.describe())
}

func (e *SyntaxError) describe() string {
	text, fix := quote(e.Text), quote(e.Fix)
	switch e.Rule {
	case Start:
		return "a pattern begins with a slash: write " + fix
	case NoEmpty:
		return "two slashes in a row: only the last segment can be empty"
	case NoDots:
		return text + " never reaches a route, because dot segments are resolved before: write the path that is meant"
	case NoQuery:
		return text + " begins a query or a fragment, and a pattern is a path: register a path without the optional part beside it, or write " +
			fix + " for the character itself"
	case Escapes:
		return text + ` escapes nothing: write %25 for a percent sign, and a backslash only before : * [ and ]`
	case Signs:
		return text + " has a : * or [ that does not begin the segment, and a parameter is a whole segment: write " + fix +
			" for the character itself"
	case WholeSegment:
		text += " goes on behind the name, and a parameter is a whole segment: write " + fix
		if strings.HasPrefix(e.Text, "[") {
			return text
		}
		return text + ", or " + quote(inBrackets(e.Text)) + " if all of it is the name"
	case Named:
		return text + " has no name: write " + fix + e.orCharacter()
	case Brackets:
		return text + " has a bracket too many or too few: write " + fix
	case Periods:
		return text + " has periods before its name: write " + fix
	case ThreeDots:
		return text + " has the one character U+2026 where three periods are meant: write " + fix
	case NotOptional:
		return text + " is an optional parameter, and only a catch-all can be optional: register the path without it as well, or write " + fix
	case Last:
		return text + " is a catch-all, and nothing can follow it: move it to the end, or write " + fix + " for one segment"
	case Repeated:
		return text + " is the name of two parameters: rename one"
	case Alike:
		return text + " and " + quote(e.Other) + " are names that differ only by punctuation: rename one"
	case Braces:
		if e.Fix == "" {
			return text + " is the end of a path for net/http only: leave it out, a slash at the end means just that"
		}
		return text + " is a parameter for net/http only: write " + fix + ", or %7B and %7D for the characters themselves"
	case TooMany:
		return text + " is one parameter too many: " + strconv.Itoa(MaxParams) + " are allowed"
	}
	return "breaks a rule: " + text
}

// orCharacter helps whom the sign of a parameter caught by surprise, as in /*.
func (e *SyntaxError) orCharacter() string {
	if strings.HasPrefix(e.Text, "[") {
		return ""
	}
	return `, or \` + e.Text[:1] + " for the character itself"
}

// quote writes s as a Go string that can be pasted, in the form that needs no doubled backslashes.
func quote(s string) string {
	if strings.Contains(s, `\`) {
		return fmt.Sprintf("%#q", s)
	}
	return strconv.Quote(s)
}

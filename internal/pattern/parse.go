package pattern

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Parsing. Each segment is judged alone, then the names together, and nothing stops at the first
// mistake: who writes a table of routes wants to see them all.

// Parse reads a pattern. The error joins one *SyntaxError for each mistake, from left to right.
func Parse(source string) (Pattern, error) {
	p := parser{source: source}
	segments := p.path(source)
	p.judgeNames(segments)
	if len(p.mistakes) > 0 {
		return Pattern{}, p.err()
	}
	return newPattern(source, segments), nil
}

type parser struct {
	source   string
	mistakes []*SyntaxError
}

// mistake notes that text, which stands at offset, breaks a rule.
func (p *parser) mistake(offset int, rule Rule, text, fix string) *SyntaxError {
	e := &SyntaxError{Pattern: p.source, Offset: offset, Rule: rule, Text: text, Fix: fix}
	p.mistakes = append(p.mistakes, e)
	return e
}

func (p *parser) err() error {
	slices.SortStableFunc(p.mistakes, func(a, b *SyntaxError) int { return cmp.Compare(a.Offset, b.Offset) })
	errs := make([]error, len(p.mistakes))
	for i, e := range p.mistakes {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// part is a segment as it was written, and where, with what was understood of it.
type part struct {
	Segment
	raw    string
	offset int
}

// path splits the source and judges each segment and its place.
func (p *parser) path(path string) []part {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		p.mistake(i, NoQuery, path[i:], fmt.Sprintf("%%%X", path[i]))
		path = strings.TrimSuffix(path[:i], `\`)
	}
	offset := 1
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		fix := "/" + path
		if i := strings.Index(path, " /"); i >= 0 {
			fix = path[i+1:] // net/http has the method in the pattern
		}
		p.mistake(0, Start, path, fix)
		offset = 0
	}
	parts := make([]part, 0, strings.Count(rest, "/")+1)
	for more := true; more; {
		s := part{offset: offset}
		s.raw, rest, more = strings.Cut(rest, "/")
		p.segment(&s)
		switch {
		case s.raw == "" && more:
			p.mistake(offset, NoEmpty, "", "")
		case pathname.DotsOf(s.raw) > 0:
			p.mistake(offset, NoDots, s.raw, "")
		case s.Kind >= CatchAll && more:
			p.mistake(offset, Last, s.raw, ":"+cmp.Or(s.Text, "id"))
		}
		parts = append(parts, s)
		offset += len(s.raw) + 1
	}
	return parts
}

// segment decides which of the four kinds s is, and reads its text.
func (p *parser) segment(s *part) {
	switch raw := s.raw; {
	case strings.HasPrefix(raw, ":"):
		s.Kind = Param
		p.bareName(s, "id")
	case strings.HasPrefix(raw, "*"):
		s.Kind = CatchAll
		p.bareName(s, "rest")
	case strings.HasPrefix(raw, "[") && strings.HasSuffix(raw, "]") && !strings.HasSuffix(raw, `\]`):
		p.bracketed(s)
	case raw == "{$}":
		p.mistake(s.offset, AtEnd, raw, "")
	case strings.HasPrefix(raw, "{") && strings.HasSuffix(raw, "}"):
		p.mistake(s.offset, Braces, raw, fromBraces(raw))
	default:
		p.literal(s)
	}
}

// literal takes the backslashes off and brings the rest to the form in which requests are matched.
func (p *parser) literal(s *part) {
	plain, sign := s.raw, -1
	if strings.ContainsAny(plain, `\%:*[]`) {
		plain, sign = p.unescape(s)
	}
	switch {
	case sign == 0:
		p.behindBrackets(s)
	case sign > 0:
		// The fix puts a backslash before each sign that has none.
		p.mistake(s.offset+sign, Signs, s.raw, escapeSigns.Replace(s.raw))
	}
	path, _ := pathname.Canonical("/" + plain)
	s.Text = path[1:]
}

var escapeSigns = strings.NewReplacer(`\:`, `\:`, `\*`, `\*`, `\[`, `\[`, `\]`, `\]`, `:`, `\:`, `*`, `\*`, `[`, `\[`, `]`, `\]`)

// unescape reads the raw text and finds the first : or * that has no backslash, or the first pair
// of brackets, at -1 if there is none.
func (p *parser) unescape(s *part) (plain string, sign int) {
	var b strings.Builder
	sign = -1
	open := -1
	for i := 0; i < len(s.raw); i++ {
		_, escape := text.Unescape(s.raw[i:])
		switch c := s.raw[i]; {
		case c == '\\' && i+1 < len(s.raw) && strings.IndexByte(`:*[]`, s.raw[i+1]) >= 0:
			i++
		case c == '\\':
			p.mistake(s.offset+i, Escapes, s.raw[i:min(i+2, len(s.raw))], "")
		case c == '%' && !escape:
			p.mistake(s.offset+i, Escapes, s.raw[i:min(i+3, len(s.raw))], "")
		case (c == ':' || c == '*') && sign < 0:
			sign = i
		case c == '[' && open < 0:
			open = i
		case c == ']' && open >= 0 && (sign < 0 || open < sign):
			sign = open
		}
		b.WriteByte(s.raw[i])
	}
	return b.String(), sign
}

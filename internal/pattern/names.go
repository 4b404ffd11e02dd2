package pattern

import (
	"cmp"
	"strings"
	"unicode"
)

// The names of parameters, in all the ways in which they are written: :id, *rest, [id], [...rest]
// and [[...rest]].

// bareName reads the name behind a colon or a star. It ends where something else than letters,
// digits and underscores begins, as in Express, so text behind it is a mistake; a name with a
// hyphen is written in brackets.
func (p *parser) bareName(s *part, example string) {
	sign, name := s.raw[:1], s.raw[1:]
	if i := strings.IndexFunc(name, isPunctuation); i >= 0 {
		name = name[:i]
	}
	s.Text = name
	switch {
	case name == "":
		p.mistake(s.offset, Named, s.raw, sign+example)
	case name != s.raw[1:]:
		p.mistake(s.offset, WholeSegment, s.raw, sign+name)
	}
}

func isPunctuation(r rune) bool {
	return r != '_' && !unicode.In(r, unicode.Letter, unicode.Digit, unicode.Mark)
}

// inBrackets turns :a-b and *a-b into the form in which the hyphen is part of the name.
func inBrackets(raw string) string {
	if strings.HasPrefix(raw, "*") {
		return "[..." + raw[1:] + "]"
	}
	return "[" + raw[1:] + "]"
}

// bracketed reads a segment that brackets enclose, by the rules of Next.js in its order, of which
// the first that is broken is reported (getSortedRoutes in its sorted-routes.ts).
func (p *parser) bracketed(s *part) {
	name := s.raw[1 : len(s.raw)-1]
	optional := len(name) > 1 && name[0] == '[' && name[len(name)-1] == ']'
	if optional {
		name = name[1 : len(name)-1]
	}
	wrong := func(rule Rule) { p.mistake(s.offset, rule, s.raw, correct(s.raw)) }
	if strings.HasPrefix(name, "…") {
		wrong(ThreeDots)
		return
	}
	name, catchAll := strings.CutPrefix(name, "...")
	switch {
	case catchAll && optional:
		s.Kind = OptionalCatchAll
	case catchAll:
		s.Kind = CatchAll
	default:
		s.Kind = Param
	}
	switch {
	case strings.HasPrefix(name, "[") || strings.HasSuffix(name, "]"):
		wrong(Brackets)
	case strings.HasPrefix(name, "."):
		wrong(Periods)
	case optional && !catchAll:
		wrong(NotOptional)
	case name == "":
		wrong(Named)
	case strings.Contains(name, "]") && strings.Contains(name[strings.Index(name, "]"):], "["):
		p.behindBrackets(s)
	case strings.Contains(name, `\`):
		p.mistake(s.offset+strings.IndexByte(s.raw, '\\'), Escapes, `\`, "")
	default:
		s.Text = name
	}
}

// behindBrackets is the mistake of a segment that goes on behind a name in brackets.
func (p *parser) behindBrackets(s *part) {
	p.mistake(s.offset, WholeSegment, s.raw, s.raw[:strings.IndexByte(s.raw, ']')+1])
}

// correct guesses what a bracketed segment was meant to be: several periods speak for a catch-all,
// and brackets that are doubled anywhere for an optional one.
func correct(raw string) string {
	core := strings.ReplaceAll(strings.Trim(raw, "[]"), "…", "...")
	name := strings.TrimLeft(core, ".")
	opened, closed := strings.HasPrefix(raw, "[["), strings.HasSuffix(raw, "]]")
	catchAll := strings.HasPrefix(core, "..")
	switch {
	case catchAll && (opened || closed), opened && closed:
		return "[[..." + cmp.Or(name, "rest") + "]]"
	case catchAll:
		return "[..." + cmp.Or(name, "rest") + "]"
	}
	return "[" + cmp.Or(name, "id") + "]"
}

// fromBraces translates a parameter of net/http.
func fromBraces(raw string) string {
	name := strings.Trim(raw, "{}")
	if rest, ok := strings.CutSuffix(name, "..."); ok {
		return "*" + cmp.Or(rest, "rest")
	}
	return ":" + cmp.Or(name, "id")
}

// judgeNames compares the names of one pattern with each other. Names that differ only by
// punctuation are refused because Next.js refuses them, and because a reader takes them for one.
func (p *parser) judgeNames(parts []part) {
	var names []string
	for _, s := range parts {
		if s.Kind == Literal || s.Text == "" {
			continue
		}
		for _, name := range names {
			if name == s.Text {
				p.mistake(s.offset, Repeated, name, "")
				break
			}
			if letters(name) == letters(s.Text) {
				p.mistake(s.offset, Alike, s.Text, "").Other = name
				break
			}
		}
		names = append(names, s.Text)
		if len(names) > MaxParams {
			p.mistake(s.offset, TooMany, s.raw, "")
			return
		}
	}
}

func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if isPunctuation(r) {
			return -1
		}
		return r
	}, name)
}

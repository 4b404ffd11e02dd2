package parity

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A path names places of an answer. Rules use it as a pattern, differences print it, and what is
// printed can be pasted into a rule. Matching is segment by segment and exact: a pattern never
// matches because it is contained in a name.
//
//	path    = root { segment }
//	root    = "status" | "error" | "header" | "trailer" | "cookie" | "body"
//	segment = "." name       a member, header or cookie; name is letters, digits, "_", "-" and "$", not digits alone
//	        | ["quoted"]     any other name, as a Go string
//	        | [3]            an element, counted from 0
//	        | ".*"  | [*]    any name, any element
//	        | ".**"          any number of segments, also none

type segmentKind uint8

const (
	byName segmentKind = iota
	anyName
	byIndex
	anyIndex
	anyDepth
)

type segment struct {
	kind  segmentKind
	name  string
	index int
}

// maxDeep bounds what matching one pattern can cost.
const maxDeep = 2

func (s segment) matches(at step) bool {
	switch s.kind {
	case byName:
		return at.index < 0 && string(at.key) == s.name
	case anyName:
		return at.index < 0
	case byIndex:
		return at.index == s.index && !at.loose
	case anyIndex:
		return at.index >= 0
	}
	return true
}

var roots = []string{"status", "error", "header", "trailer", "cookie", "body"}

// cookieAttributes are the names below cookie.<name>.
var cookieAttributes = []string{"value", "path", "domain", "expires", "max-age", "secure", "httponly", "samesite", "partitioned"}

// parsePath reads a pattern and checks that something can stand where it points to.
func parsePath(text string) ([]segment, error) {
	root := len(text)
	if i := strings.IndexAny(text, ".["); i >= 0 {
		root = i
	}
	if !slices.Contains(roots, text[:root]) {
		return nil, fmt.Errorf("a path begins with one of %s, as in body.items[*].id or header.etag", strings.Join(roots, ", "))
	}
	path := []segment{{kind: byName, name: text[:root]}}
	deep := 0
	for rest := text[root:]; rest != ""; {
		s, n, err := parseSegment(rest)
		if err != nil {
			return nil, err
		}
		if s.kind == anyDepth {
			if deep++; deep > maxDeep {
				return nil, fmt.Errorf("more than %d ** in one path", maxDeep)
			}
		}
		path = append(path, s)
		rest = rest[n:]
	}
	return path, checkPlace(path)
}

// parseSegment reads the segment at the start of text and returns its length.
func parseSegment(text string) (segment, int, error) {
	if text[0] == '[' {
		return parseBrackets(text)
	}
	n := 1
	for n < len(text) && text[n] != '.' && text[n] != '[' {
		n++
	}
	word := text[1:n]
	switch {
	case text[0] != '.':
		return segment{}, 0, fmt.Errorf("%q: after ] comes . or [ or the end", text)
	case word == "*":
		return segment{kind: anyName}, n, nil
	case word == "**":
		return segment{kind: anyDepth}, n, nil
	case word == "":
		return segment{}, 0, fmt.Errorf("a name is missing after %q; an empty name is written [\"\"]", ".")
	case strings.Trim(word, "0123456789") == "":
		return segment{}, 0, fmt.Errorf("%q: an element is written [%s], a name of digits [%q]", "."+word, word, word)
	case !isWord(word):
		return segment{}, 0, fmt.Errorf("%q: a name with other characters than letters, digits, _, - and $ is written [%q]", "."+word, word)
	}
	return segment{kind: byName, name: word}, n, nil
}

func parseBrackets(text string) (segment, int, error) {
	if strings.HasPrefix(text, `["`) {
		quoted, err := strconv.QuotedPrefix(text[1:])
		if err != nil || !strings.HasPrefix(text[1+len(quoted):], "]") {
			return segment{}, 0, fmt.Errorf("%q: a quoted name is a Go string between [ and ]", text)
		}
		word, err := strconv.Unquote(quoted)
		return segment{kind: byName, name: word}, len(quoted) + 2, err
	}
	inside, _, closed := strings.Cut(text[1:], "]")
	if !closed {
		return segment{}, 0, fmt.Errorf("%q has no ]", text)
	}
	if inside == "*" || inside == "" { // [] is how reports of other tools write it
		return segment{kind: anyIndex}, len(inside) + 2, nil
	}
	i, err := strconv.ParseUint(inside, 10, 30)
	if err != nil {
		return segment{}, 0, fmt.Errorf("[%s]: between brackets stands an index, * or a quoted name", inside)
	}
	return segment{kind: byIndex, index: int(i)}, len(inside) + 2, nil
}

// checkPlace refuses paths at which no answer has anything, and folds the names in which letter
// case means nothing.
func checkPlace(path []segment) error {
	root, below := path[0].name, path[1:]
	if root == "body" {
		return nil
	}
	for i := range below {
		if k := below[i].kind; k == byIndex || k == anyIndex {
			return fmt.Errorf("%s has no elements; only body has", root)
		}
	}
	deep := slices.ContainsFunc(below, func(s segment) bool { return s.kind == anyDepth })
	most := map[string]int{"header": 1, "trailer": 1, "cookie": 2}[root]
	if len(below) > most && !deep {
		shape := map[int]string{0: root, 1: root + ".<name>", 2: root + ".<name>.<attribute>"}[most]
		return fmt.Errorf("nothing stands below %s", shape)
	}
	switch root {
	case "header", "trailer":
		for i := range below {
			below[i].name = strings.ToLower(below[i].name)
			if below[i].name == "set-cookie" {
				return fmt.Errorf("cookies stand at cookie.<name>, not at %s.set-cookie", root)
			}
		}
	case "cookie":
		if len(below) == 2 && below[1].kind == byName {
			below[1].name = strings.ToLower(below[1].name)
			if !slices.Contains(cookieAttributes, below[1].name) {
				return fmt.Errorf("a cookie has %s, but no %q", strings.Join(cookieAttributes, ", "), below[1].name)
			}
		}
	}
	return nil
}

// isWord reports whether a name stands in a path without quotes.
var isWord = regexp.MustCompile(`^[\w$-]*[A-Za-z_$-][\w$-]*$`).MatchString

// step is one segment of the place the comparison is at.
type step struct {
	key     []byte // as the client reads it, unescaped
	index   int    // of an element; -1 where key counts
	loose   bool   // the element has no position that rules could mean, because order is free or the sides disagree
	crowded bool   // the key is one of so many that they are data, not names
}

// crowd is the number of members from which on an object is taken for a map from data to data. The
// bound is opendiffy's.
const crowd = 50

func member(key []byte) step { return step{key: key, index: -1} }

func named(name string) step { return member([]byte(name)) }

// maxPath and maxKey bound what is printed of a path whose names come from a hostile answer.
const (
	maxPath = 512
	maxKey  = 100
)

// printPath writes the place. With class, elements and the names which may be data become
// wildcards.
func printPath(at []step, class bool) string {
	var b []byte
	for i, s := range at {
		switch {
		case len(b) > maxPath:
			return string(b) + "…"
		case i == 0:
			b = append(b, s.key...)
		case s.index >= 0 && class:
			b = append(b, "[*]"...)
		case s.index >= 0:
			b = append(strconv.AppendInt(append(b, '['), int64(s.index), 10), ']')
		case class && (s.crowded || !isFieldName(s.key)):
			b = append(b, ".*"...)
		case len(s.key) > maxKey:
			b = append(strconv.AppendQuote(append(b, '['), string(s.key[:maxKey])+"…"), ']')
		case isWord(string(s.key)):
			b = append(append(b, '.'), s.key...)
		default:
			b = append(strconv.AppendQuote(append(b, '['), string(s.key)), ']')
		}
	}
	return string(b)
}

// isFieldName guesses whether a programmer wrote the name: short, a word, hardly a digit. Keys of
// maps are often e-mail addresses, numbers and identifiers, which must not leave the process with
// an event (shadow-tool warns of it).
func isFieldName(key []byte) bool { return len(key) <= 40 && fieldName.Match(key) }

var fieldName = regexp.MustCompile(`^[A-Za-z_$-]+(\d[A-Za-z_$-]*){0,3}$`)

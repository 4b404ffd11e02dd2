package jsontext

// The grammar of RFC 8259, to say what was expected where text stops being JSON. encoding/json knows the place and
// tells it in words about its own state ("looking for beginning of object key string"), which change with its
// version. This reader runs only after encoding/json has refused a text, accepts exactly what that accepts, and
// stops at the same byte; a fuzz test holds it to both.

import (
	"strconv"
	"unicode/utf8"
)

// maxDepth is encoding/json's bound on nesting.
const maxDepth = 10000

// syntax reads text up to the first byte that is not JSON.
type syntax struct {
	text    []byte
	pos     int
	problem string
}

// valid reports whether the whole text is one value; if not, problem says what is wrong at pos.
func (s *syntax) valid() bool {
	if !s.value(0) {
		return false
	}
	s.space()
	return s.pos == len(s.text) || s.fail("nothing after the value")
}

// next is the byte at pos, or 0, which is no part of JSON's grammar, at the end.
func (s *syntax) next() byte {
	if s.pos == len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// skip passes the byte c if it is the next one.
func (s *syntax) skip(c byte) bool {
	if s.next() != c || c == 0 {
		return false
	}
	s.pos++
	return true
}

func (s *syntax) space() {
	for s.skip(' ') || s.skip('\t') || s.skip('\n') || s.skip('\r') {
	}
}

func (s *syntax) fail(expected string) bool {
	s.problem = "expected " + expected + ", got " + describe(s.text[s.pos:])
	return false
}

func (s *syntax) value(depth int) bool {
	s.space()
	switch c := s.next(); {
	case (c == '{' || c == '[') && depth == maxDepth:
		s.problem = "nested more than " + strconv.Itoa(maxDepth) + " levels deep"
		return false
	case c == '{':
		return s.list('{', '}', func() bool { return s.member(depth + 1) })
	case c == '[':
		return s.list('[', ']', func() bool { return s.value(depth + 1) })
	case c == '"':
		return s.quoted()
	case c == '-' || isDigit(c):
		return s.number()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	}
	return s.fail("a value")
}

func (s *syntax) list(open, end byte, item func() bool) bool {
	s.skip(open)
	s.space()
	if s.skip(end) {
		return true
	}
	for {
		if !item() {
			return false
		}
		s.space()
		if s.skip(end) {
			return true
		}
		if !s.skip(',') {
			return s.fail("',' or '" + string(end) + "'")
		}
	}
}

func (s *syntax) member(depth int) bool {
	s.space()
	if s.next() != '"' {
		return s.fail("a key in double quotes")
	}
	if !s.quoted() {
		return false
	}
	s.space()
	return (s.skip(':') || s.fail("':' after the key")) && s.value(depth)
}

func (s *syntax) quoted() bool {
	s.skip('"')
	for s.pos < len(s.text) {
		switch c := s.next(); {
		case c == '"':
			s.pos++
			return true
		case c < ' ':
			return s.fail("the rest of a string (line breaks and tabs are written \\n and \\t)")
		case c != '\\':
			s.pos++
		default:
			s.pos++
			if !s.escape() {
				return false
			}
		}
	}
	return s.fail("the rest of a string")
}

func (s *syntax) escape() bool {
	switch s.next() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return true
	case 'u':
		s.pos++
	default:
		return s.fail("an escape (one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u)")
	}
	for range 4 {
		if c := s.next(); !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return s.fail("a hexadecimal digit")
		}
		s.pos++
	}
	return true
}

func (s *syntax) number() bool {
	s.skip('-')
	if !s.skip('0') && !s.digits() {
		return false
	}
	if s.skip('.') && !s.digits() {
		return false
	}
	if s.skip('e') || s.skip('E') {
		_ = s.skip('+') || s.skip('-')
		return s.digits()
	}
	return true
}

func (s *syntax) digits() bool {
	if !isDigit(s.next()) {
		return s.fail("a digit")
	}
	for isDigit(s.next()) {
		s.pos++
	}
	return true
}

func (s *syntax) word(w string) bool {
	for i := range len(w) {
		if !s.skip(w[i]) {
			return s.fail("the word " + w)
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// describe names what stands at the start of rest.
func describe(rest []byte) string {
	if len(rest) == 0 {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRune(rest)
	if r == '\'' {
		return `"'"`
	}
	return strconv.QuoteRune(r)
}

// Package jsonread reads JSON (RFC 8259) for those who need more than a decoded value: where its
// parts stand, or what was expected at the byte where it stops being JSON. encoding/json decodes
// into interfaces, keeps the last of duplicate members, evens numbers out, and tells of a mistake
// in words about its own state ("looking for beginning of object key string"), which change with
// its version.
//
// A [Reader] accepts what encoding/json accepts, in one pass, in linear time, and stops at the same
// byte; a fuzz test holds it to both. Strings may hold bytes that are not UTF-8; they count as they
// are.
package jsonread

import (
	"strconv"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/text"
)

// DefaultDepth is encoding/json's bound on nesting.
const DefaultDepth = 10000

// Reader reads the values in Src, from Pos on. The zero value of the rest checks the grammar and
// keeps nothing.
type Reader struct {
	Src []byte
	Pos int // the next byte; after a failure, the first byte that is not JSON

	// Keep appends a Node for each value and each name to Nodes. Src must then be smaller than 4
	// GiB.
	Keep  bool
	Nodes []Node
	// Depth is how deep lists and objects may nest; zero is DefaultDepth.
	Depth int
	// Most is how many nodes are kept; zero is not a bound.
	Most int

	expected string
	over     string // the bound that was met
}

// Value reads one value and the white space before it.
func (r *Reader) Value() bool {
	if r.Depth == 0 {
		r.Depth = DefaultDepth
	}
	return r.value(0)
}

// End reports whether nothing but white space is left.
func (r *Reader) End() bool {
	r.space()
	return r.Pos == len(r.Src) || r.fail("nothing after the value")
}

// Over reports whether the failure was that of a bound, not of the grammar.
func (r *Reader) Over() bool { return r.over != "" }

// Problem says what is wrong at Pos, after a failure.
func (r *Reader) Problem() string {
	if r.over != "" {
		return r.over
	}
	return "expected " + r.expected + ", got " + describe(r.Src[r.Pos:])
}

func (r *Reader) fail(expected string) bool {
	r.expected = expected
	return false
}

// next returns the byte at Pos, or 0, which is not part of JSON's grammar, at the end.
func (r *Reader) next() byte {
	if r.Pos == len(r.Src) {
		return 0
	}
	return r.Src[r.Pos]
}

// take passes c, which is not 0, if it comes next.
func (r *Reader) take(c byte) bool {
	if r.next() != c {
		return false
	}
	r.Pos++
	return true
}

func (r *Reader) space() {
	for r.Pos < len(r.Src) {
		switch r.Src[r.Pos] {
		case ' ', '\t', '\n', '\r':
			r.Pos++
		default:
			return
		}
	}
}

// value reads one value and keeps its nodes: first itself, then what it holds.
func (r *Reader) value(depth int) bool {
	r.space()
	at, n := len(r.Nodes), Node{Start: uint32(r.Pos)}
	if r.Keep {
		if r.Most > 0 && at >= r.Most {
			r.over = "more than " + strconv.Itoa(r.Most) + " values"
			return false
		}
		r.Nodes = append(r.Nodes, n)
	}
	ok := false
	switch c := r.next(); {
	case (c == '{' || c == '[') && depth == r.Depth:
		r.over = "nested more than " + strconv.Itoa(r.Depth) + " levels deep"
	case c == '{':
		n.Kind = Object
		n.Size, ok = r.members(depth + 1)
	case c == '[':
		n.Kind = Array
		n.Size, ok = r.elements(depth + 1)
	case c == '"':
		n.Kind = String
		n.Escaped, ok = r.quoted()
	case c == '-' || isDigit(c):
		n.Kind, ok = Number, r.number()
	case c == 't':
		n.Kind, ok = Bool, r.word("true")
	case c == 'f':
		n.Kind, ok = Bool, r.word("false")
	case c == 'n':
		n.Kind, ok = Null, r.word("null")
	default:
		r.fail("a value")
	}
	if r.Keep {
		n.End, n.Next = uint32(r.Pos), uint32(len(r.Nodes))
		r.Nodes[at] = n
	}
	return ok
}

func (r *Reader) members(depth int) (size uint32, ok bool) {
	r.Pos++
	if r.space(); r.take('}') {
		return 0, true
	}
	for {
		r.space()
		if r.next() != '"' {
			return size, r.fail("a key in double quotes")
		}
		key := Node{Start: uint32(r.Pos), Kind: String}
		if key.Escaped, ok = r.quoted(); !ok {
			return size, false
		}
		if r.Keep {
			key.End, key.Next = uint32(r.Pos), uint32(len(r.Nodes)+1)
			r.Nodes = append(r.Nodes, key)
		}
		if r.space(); !r.take(':') {
			return size, r.fail("':' after the key")
		}
		if !r.value(depth) {
			return size, false
		}
		size++
		if r.space(); r.take('}') {
			return size, true
		}
		if !r.take(',') {
			return size, r.fail("',' or '}'")
		}
	}
}

func (r *Reader) elements(depth int) (size uint32, ok bool) {
	r.Pos++
	if r.space(); r.take(']') {
		return 0, true
	}
	for {
		if !r.value(depth) {
			return size, false
		}
		size++
		if r.space(); r.take(']') {
			return size, true
		}
		if !r.take(',') {
			return size, r.fail("',' or ']'")
		}
	}
}

// quoted reads a string.
func (r *Reader) quoted() (escaped, ok bool) {
	for r.Pos++; r.Pos < len(r.Src); r.Pos++ {
		switch c := r.Src[r.Pos]; {
		case c == '"':
			r.Pos++
			return escaped, true
		case c < ' ':
			return escaped, r.fail(`the rest of a string (line breaks and tabs are written \n and \t)`)
		case c == '\\':
			if escaped = true; !r.escape() {
				return escaped, false
			}
		}
	}
	return escaped, r.fail("the rest of a string")
}

// escape stops at the last byte of an escape.
func (r *Reader) escape() bool {
	r.Pos++
	switch r.next() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
	default:
		return r.fail(`an escape (one of \" \\ \/ \b \f \n \r \t \u)`)
	}
	for range 4 {
		r.Pos++
		if _, ok := text.Unhex(r.next()); !ok {
			return r.fail("a hexadecimal digit")
		}
	}
	return true
}

func (r *Reader) number() bool {
	r.take('-')
	if !r.take('0') && !r.digits() {
		return false
	}
	if r.take('.') && !r.digits() {
		return false
	}
	if r.take('e') || r.take('E') {
		_ = r.take('+') || r.take('-')
		return r.digits()
	}
	return true
}

func (r *Reader) digits() bool {
	if !isDigit(r.next()) {
		return r.fail("a digit")
	}
	for isDigit(r.next()) {
		r.Pos++
	}
	return true
}

func (r *Reader) word(w string) bool {
	for i := range len(w) {
		if !r.take(w[i]) {
			return r.fail("the word " + w)
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// IsNumber reports whether src is a number as JSON writes them.
func IsNumber(src []byte) bool {
	r := Reader{Src: src}
	return r.number() && r.Pos == len(src)
}

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

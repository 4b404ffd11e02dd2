package jsontext

// The words in which V8 (Node 20) refuses JSON. Express sends them to clients
// and to error handlers as err.message, so a service that is ported keeps them.

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Complaint is the message of JSON.parse(s), "" where s is JSON. Positions are
// in UTF-16 code units.
func Complaint(s string) string {
	switch s {
	case "undefined", "NaN", "Infinity", "[object Object]":
		return fmt.Sprintf("%q is not valid JSON", s)
	}
	v := v8{units: utf16.Encode([]rune(s))}
	if v.value() {
		if v.space(); v.pos == len(v.units) {
			return ""
		}
		v.at("Unexpected non-whitespace character after JSON")
	}
	return v.message
}

// StrictComplaint is the message of body-parser's strict mode about a text that
// does not begin as an object or a list: JSON.parse's about its first character.
func StrictComplaint(s string) string {
	rest := strings.TrimLeft(s, " \t\n\r")
	units := utf16.Encode([]rune(rest))
	if len(units) == 0 {
		return Complaint(s)
	}
	v := v8{units: utf16.Encode([]rune(s))}
	v.pos = len(v.units) - len(units)
	v.unexpectedToken()
	return v.message
}

// v8 reads as V8's JsonParser does, up to the first mistake.
type v8 struct {
	units   []uint16
	pos     int
	depth   int
	message string
}

// next is the code unit at pos, or -1 at the end.
func (v *v8) next() int {
	if v.pos >= len(v.units) {
		return -1
	}
	return int(v.units[v.pos])
}

func (v *v8) space() {
	for {
		switch v.next() {
		case ' ', '\t', '\n', '\r':
			v.pos++
		default:
			return
		}
	}
}

// at fails with a message that names the place.
func (v *v8) at(message string) bool {
	v.message = fmt.Sprintf("%s in JSON at position %d", message, v.pos)
	if strings.HasSuffix(message, "after JSON") {
		v.message = fmt.Sprintf("%s at position %d", message, v.pos)
	}
	return false
}

// unexpected fails where what stands at pos cannot stand there; kinds of tokens
// with a message of their own come first.
func (v *v8) unexpected(message string) bool {
	switch c := v.next(); {
	case message != "":
		return v.at(message)
	case c < 0:
		v.message = "Unexpected end of JSON input"
		return false
	case c == '-' || c >= '0' && c <= '9':
		return v.at("Unexpected number")
	case c == '"':
		return v.at("Unexpected string")
	}
	return v.unexpectedToken()
}

// unexpectedToken quotes the text: whole if it is short, else what is around pos.
func (v *v8) unexpectedToken() bool {
	const whole, around = 20, 10
	n := len(v.units)
	before, after, from, to := "", "", 0, n
	if n > whole {
		if v.pos >= around {
			before, from = "...", v.pos-around
		}
		if v.pos < n-around {
			after, to = "...", v.pos+around
		}
	}
	token := string(utf16.Decode(v.units[v.pos : v.pos+1]))
	v.message = fmt.Sprintf(`Unexpected token '%s', %s"%s"%s is not valid JSON`, token, before,
		string(utf16.Decode(v.units[from:to])), after)
	return false
}

func (v *v8) value() bool {
	v.space()
	v.depth++
	defer func() { v.depth-- }()
	switch c := v.next(); {
	case (c == '{' || c == '[') && v.depth > maxDepth:
		return v.at(fmt.Sprintf("Nested more than %d levels deep", maxDepth)) // V8 has no bound, encoding/json has
	case c == '{':
		return v.object()
	case c == '[':
		return v.array()
	case c == '"':
		return v.str()
	case c == '-' || c >= '0' && c <= '9':
		return v.number()
	case c == 't':
		return v.literal("true")
	case c == 'f':
		return v.literal("false")
	case c == 'n':
		return v.literal("null")
	}
	return v.unexpected("")
}

func (v *v8) object() bool {
	v.pos++
	if v.space(); v.next() == '}' {
		v.pos++
		return true
	}
	expected := "Expected property name or '}'"
	for {
		if v.next() != '"' {
			return v.unexpected(expected)
		}
		expected = "Expected double-quoted property name"
		if !v.str() {
			return false
		}
		if v.space(); v.next() != ':' {
			return v.unexpected("Expected ':' after property name")
		}
		v.pos++
		if !v.value() {
			return false
		}
		v.space()
		switch v.next() {
		case ',':
			v.pos++
			v.space()
		case '}':
			v.pos++
			return true
		default:
			return v.unexpected("Expected ',' or '}' after property value")
		}
	}
}

func (v *v8) array() bool {
	v.pos++
	if v.space(); v.next() == ']' {
		v.pos++
		return true
	}
	for {
		if !v.value() {
			return false
		}
		v.space()
		switch v.next() {
		case ',':
			v.pos++
		case ']':
			v.pos++
			return true
		default:
			return v.unexpected("Expected ',' or ']' after array element")
		}
	}
}

func (v *v8) literal(word string) bool {
	for i := range len(word) {
		if v.next() != int(word[i]) {
			return v.unexpected("")
		}
		v.pos++
	}
	return true
}

func (v *v8) number() bool {
	if v.next() == '-' {
		v.pos++
		if !v.digit() {
			return v.at("No number after minus sign")
		}
	}
	if v.next() == '0' {
		v.pos++
		if v.digit() {
			return v.unexpected("")
		}
	} else {
		v.digits()
	}
	if v.next() == '.' {
		v.pos++
		if !v.digit() {
			return v.at("Unterminated fractional number")
		}
		v.digits()
	}
	if c := v.next(); c == 'e' || c == 'E' {
		v.pos++
		if c := v.next(); c == '+' || c == '-' {
			v.pos++
		}
		if !v.digit() {
			return v.at("Exponent part is missing a number")
		}
		v.digits()
	}
	return true
}

func (v *v8) digit() bool { c := v.next(); return c >= '0' && c <= '9' }

func (v *v8) digits() {
	for v.digit() {
		v.pos++
	}
}

func (v *v8) str() bool {
	for v.pos++; ; v.pos++ {
		switch c := v.next(); {
		case c < 0:
			return v.at("Unterminated string")
		case c == '"':
			v.pos++
			return true
		case c < 0x20:
			return v.at("Bad control character in string literal")
		case c == '\\':
			if !v.escape() {
				return false
			}
		}
	}
}

// escape stops at the last unit of an escape.
func (v *v8) escape() bool {
	v.pos++
	switch c := v.next(); {
	case c < 0:
		return v.unexpected("")
	case c < 0x80 && strings.IndexByte(`"\/bfnrt`, byte(c)) >= 0:
		return true
	case c != 'u':
		return v.at("Bad escaped character")
	}
	for range 4 {
		v.pos++
		if c := v.next(); c < 0 || c >= 0x80 || strings.IndexByte("0123456789abcdefABCDEF", byte(c)) < 0 {
			return v.at("Bad Unicode escape")
		}
	}
	return true
}

package parity

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a value is shown: in one line, without control characters, at most some 60 characters of it,
// and of two long values the part where they begin to differ.

type form uint8

const (
	absent form = iota
	plain       // as it is
	quoted      // between quotation marks
	asJSON      // as the answer writes it, on one line
	asHex
)

// side is one of the two values of a difference. Nothing of it is rendered before it is known to be
// reported.
type side struct {
	typ  string
	form form
	raw  []byte // what is shown
	text []byte // what it means, where that is not raw: a JSON string without its escapes
}

var none = side{typ: "absent"}

func textSide(s string) side { return side{typ: "string", form: quoted, raw: []byte(s)} }

// meaning returns the value itself, for rules.
func (s side) meaning() []byte {
	if s.text != nil {
		return s.text
	}
	return s.raw
}

const (
	shownRunes = 60
	shownBytes = 16 // of a hex dump
	lead       = 20 // bytes shown before the first difference
)

// show renders both sides of a difference.
func show(old, next side) (string, string) {
	at := 0
	if old.form == next.form && old.form != absent {
		at = commonPrefix(old.raw, next.raw)
	}
	return old.show(at), next.show(at)
}

func (s side) show(at int) string {
	switch s.form {
	case absent:
		return s.typ
	case asHex:
		from := max(0, at-4)
		return hex.EncodeToString(s.raw[min(from, len(s.raw)):min(from+shownBytes, len(s.raw))])
	case asJSON:
		if n := len(s.raw); n > 0 && (s.raw[0] == '{' || s.raw[0] == '[') {
			return window(bytes.Join(bytes.Fields(s.raw[:min(n, 4*shownRunes)]), []byte{' '}), 0)
		}
		return window(s.raw, at)
	case quoted:
		return `"` + strings.ReplaceAll(window(s.raw, at), `"`, `\"`) + `"`
	}
	return window(s.raw, at)
}

// window cuts out what surrounds the first difference and makes it one printable line.
func window(b []byte, at int) string {
	var out []byte
	if at > lead+10 && len(b) > shownRunes {
		from := min(at, len(b)) - lead
		for from > 0 && !utf8.RuneStart(b[from]) {
			from--
		}
		out, b = append(out, "…"...), b[from:]
	}
	for range shownRunes {
		if len(b) == 0 {
			return string(out)
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			out = fmt.Appendf(out, `\x%02x`, b[0])
		case !unicode.IsPrint(r):
			out = append(out, strings.Trim(strconv.QuoteRune(r), "'")...)
		default:
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	if len(b) > 0 {
		out = append(out, "…"...)
	}
	return string(out)
}

// commonPrefix returns the length of what both begin with.
func commonPrefix(x, y []byte) int {
	const block = 4096
	n, limit := 0, min(len(x), len(y))
	for n+block <= limit && bytes.Equal(x[n:n+block], y[n:n+block]) {
		n += block
	}
	for n < limit && x[n] == y[n] {
		n++
	}
	return n
}

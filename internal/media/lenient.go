package media

// How Express reads a type: npm content-type 2.1.0, which takes whatever stands before a semicolon
// for the type and skips what does not look like a parameter.

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Lenient reads one media type, or one member of an Accept-style list (type-or-name *( ";" name "="
// value )), as npm content-type does. kind is what stands there, spaces trimmed and case kept, not
// validated and possibly empty. The parameters are appended to room. With list, the member ends at
// a comma outside quotes, and rest is what follows it; without, a comma is a character like any
// other and rest is empty.
func Lenient(s string, list bool, room []Param) (kind string, params []Param, rest string) {
	stops := ";"
	if list {
		stops = ";,"
	}
	params = room
	end := until(s, stops)
	kind, s = strings.Trim(s[:end], "\t "), s[end:]
	for s != "" && s[0] != ',' {
		s = strings.TrimLeft(s[1:], "\t ")
		end := until(s, stops)
		eq := strings.IndexByte(s[:end], '=')
		if eq < 0 {
			s = s[end:]
			continue
		}
		name := strings.TrimRight(s[:eq], "\t ")
		s = strings.TrimLeft(s[eq+1:], "\t ")
		if !strings.HasPrefix(s, `"`) {
			end = until(s, stops)
			params = addParam(params, name, strings.TrimRight(s[:end], "\t "))
			s = s[end:]
			continue
		}
		if _, closed := quotedEnd(s); !closed {
			return kind, params, "" // the rest of the header was inside the quotes
		}
		var value string
		value, s = unquote(s)
		params = addParam(params, name, value)
		s = s[until(s, stops):]
	}
	if s != "" {
		rest = s[1:]
	}
	return kind, params, rest
}

// until returns the index of the first of the stops in s, or len(s).
func until(s, stops string) int {
	if i := strings.IndexAny(s, stops); i >= 0 {
		return i
	}
	return len(s)
}

// WithCharset sets the charset of a Content-Type as res.send of Express 5.3.0 does for text: in
// place or at the end, the order of the other parameters kept, and those that do not parse dropped.
// A value without a valid type, for which Express throws, is returned as it is.
func WithCharset(contentType, charset string) string {
	var (
		paramRoom [8]Param
		room      [96]byte
	)
	kind, params, _ := Lenient(contentType, false, paramRoom[:0])
	if major, minor, _ := strings.Cut(kind, "/"); !header.ValidName(major) || !header.ValidName(minor) {
		return contentType
	}
	out := append(room[:0], strings.ToLower(kind)...)
	set := false
	for _, p := range params {
		if !header.ValidName(p.Name) || !text.IsField(p.Value) {
			continue
		}
		if p.Name == "charset" {
			p.Value, set = charset, true
		}
		out = appendParam(out, p)
	}
	if !set {
		out = appendParam(out, Param{"charset", charset})
	}
	if string(out) == contentType {
		return contentType
	}
	return string(out)
}

func appendParam(out []byte, p Param) []byte {
	out = append(out, "; "...)
	out = append(out, p.Name...)
	out = append(out, '=')
	return appendValue(out, p.Value)
}

// Package media reads and writes what HTTP says about content: media types, the type that belongs
// to a file extension, Content-Disposition and Content-Length.
//
// Two references meet here. [Parse] and [Extract] are the WHATWG's, strict about what is a type and
// silent about broken parameters; the fetch shape and forms use them. [Lenient], [WithCharset],
// [ContentType], [Charset] and [ContentDisposition] are the npm packages under Express 5.3.0, which
// never refuse anything.
//
// All functions are pure and safe for concurrent use. Header values are byte strings: a byte from
// 0x80 on is one character, whatever encoding it came from.
package media

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Type is a parsed MIME type. It is an immutable value; the zero value is not a type at all.
type Type struct {
	essence string // lower case
	params  []Param
}

// Param is one parameter of a media type.
type Param struct {
	Name  string // lower case
	Value string // without its quotes
}

// maxParams bounds the parameters that are read of one type; further ones are ignored. No real type
// has more than a few, and the search for repeated names is quadratic.
const maxParams = 64

// Parse is the MIME Sniffing Standard's "parse a MIME type". It fails without a type and a subtype;
// parameters that are broken or repeated are left out.
func Parse(s string) (Type, bool) {
	s = strings.Trim(s, "\t\n\r ")
	essence, rest, _ := strings.Cut(s, ";")
	essence = strings.TrimRight(essence, "\t\n\r ")
	kind, subtype, _ := strings.Cut(essence, "/")
	if !header.ValidName(kind) || !header.ValidName(subtype) {
		return Type{}, false
	}
	t := Type{essence: strings.ToLower(essence)}
	for rest != "" && len(t.params) < maxParams {
		rest = strings.TrimLeft(rest, "\t\n\r ")
		i := strings.IndexAny(rest, ";=")
		if i < 0 {
			break
		}
		name, isPair := rest[:i], rest[i] == '='
		rest = rest[i+1:]
		if !isPair {
			continue
		}
		var value string
		quoted := strings.HasPrefix(rest, `"`)
		if quoted {
			value, rest = unquote(rest)
			_, rest, _ = strings.Cut(rest, ";")
		} else {
			value, rest, _ = strings.Cut(rest, ";")
			value = strings.TrimRight(value, "\t\n\r ")
		}
		if header.ValidName(name) && (quoted || value != "") && text.IsField(value) {
			t.params = addParam(t.params, name, value)
		}
	}
	return t, true
}

// Essence returns "type/subtype" in lower case, "" for the zero value.
func (t Type) Essence() string { return t.essence }

// Param returns the value of a parameter, whose name is given in lower case, or "".
func (t Type) Param(name string) string {
	value, _ := lookup(t.params, name)
	return value
}

// String is the MIME Sniffing Standard's "serialize a MIME type": no spaces, and quotes only where
// they are needed. Parse(t.String()) gives t again.
func (t Type) String() string {
	if len(t.params) == 0 {
		return t.essence
	}
	out := []byte(t.essence)
	for _, p := range t.params {
		out = append(out, ';')
		out = append(out, p.Name...)
		out = append(out, '=')
		out = appendValue(out, p.Value)
	}
	return string(out)
}

func lookup(params []Param, name string) (string, bool) {
	for _, p := range params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}

// addParam adds a parameter unless its name is taken: the first of repeated ones counts.
func addParam(params []Param, name, value string) []Param {
	name = strings.ToLower(name)
	if _, taken := lookup(params, name); taken || len(params) == maxParams {
		return params
	}
	return append(params, Param{name, value})
}

package form

import (
	"io"
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/query"
)

// Boundary returns what delimits the parts of a body of type t, "" if t is not multipart/form-data
// or names no boundary. The parameter is a byte string; as in the Fetch Standard, the body has its
// characters as UTF-8.
func Boundary(t media.Type) string {
	if t.Essence() != "multipart/form-data" {
		return ""
	}
	var out strings.Builder
	for _, c := range []byte(t.Param("boundary")) {
		out.WriteRune(rune(c))
	}
	return out.String()
}

// ParseMultipart reads a multipart/form-data body from r as it arrives. It stops behind the closing
// delimiter and may leave an epilogue unread. The form must be closed with Close.
//
// A body that is malformed gives a *SyntaxError, one that is too large a *LimitError; errors of r
// are returned as they are. Then there is no form, and nothing to close.
func ParseMultipart(r io.Reader, boundary string, lim Limits) (*Form, error) {
	lim = lim.orDefault()
	parts := newReader(r, boundary, lim, func(err error) error { return err })
	s := store{max: lim.Memory}
	entries := make([]Entry, 0, 8)
	for {
		p, err := parts.next()
		if err == io.EOF {
			if s.spill == nil {
				return newForm(entries, nil), nil
			}
			return newForm(entries, s.spill.close), nil
		}
		var n names
		if err == nil {
			n, err = parts.names(p)
		}
		e := Entry{Name: n.name}
		switch {
		case err != nil:
		case n.isFile:
			e.File, err = s.file(p, n)
		default:
			e.Value, err = s.text(p, n.name)
		}
		if err != nil {
			if s.spill != nil {
				s.spill.close()
			}
			return nil, err
		}
		entries = append(entries, e)
	}
}

// ParseURLEncoded is the URL Standard's application/x-www-form-urlencoded parser. It never fails: a
// malformed escape is text, and so are a semicolon and a question mark at the start. The body is
// not kept.
func ParseURLEncoded(body []byte) *Form {
	var entries []Entry
	for name, value := range query.All(string(body)) {
		entries = append(entries, Entry{Name: name, Value: value})
	}
	return newForm(entries, nil)
}

package crossfade

// Headers as an immutable value. Copies share their storage, and storage is never written once a
// Header that shows it exists.

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/media"
)

// Header is an immutable list of HTTP header fields (Fetch Standard, "headers class"). The zero
// value is empty and ready to use; a Header may be copied, kept in a package variable and used from
// any number of goroutines.
//
// Names are compared without regard to case. A name that is not a token, or a value with a control
// character inside that is not TAB, is refused: the result then holds the error in Err and is
// otherwise unchanged, and a response or request with such a header is never sent.
type Header struct {
	fields header.Fields
	err    error
}

// NewHeader returns a Header of names and values in turn. A name without a value is refused.
func NewHeader(pairs ...string) Header {
	var h Header
	if len(pairs)%2 != 0 {
		return h.failed(fmt.Errorf("the header %q has no value: NewHeader takes names and values in turn", pairs[len(pairs)-1]))
	}
	for i := 0; i < len(pairs); i += 2 {
		h = h.WithAdded(pairs[i], pairs[i+1])
	}
	return h
}

// HeaderOf returns the fields of an http.Header, sorted by name. The map is not kept.
func HeaderOf(m http.Header) Header {
	fields, err := header.Checked(m)
	return Header{fields, err}
}

// Get returns the values of the header joined with ", ", or "" where there is none; see Has for the
// difference to an empty value.
func (h Header) Get(name string) string { return h.fields.Get(name) }

// Has reports whether there is such a header.
func (h Header) Has(name string) bool { return h.fields.Has(name) }

// Values returns the values of the header, one for each time that it was added, which for
// Set-Cookie is the Fetch Standard's getSetCookie; nil where there is none. The slice is the
// caller's.
func (h Header) Values(name string) []string { return h.fields.Values(name) }

// All yields the headers sorted by canonical name, each name once with its values joined as Get
// does, except Set-Cookie, which is yielded once for each value (Fetch Standard, "sort and combine",
// whose names in lower case put a word that begins with _, ^ or a grave accent elsewhere).
func (h Header) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		sorted := byName(h.fields)
		for i := 0; i < len(sorted); i++ {
			name, value := sorted[i].Name, sorted[i].Value
			if name != "Set-Cookie" && i+1 < len(sorted) && sorted[i+1].Name == name {
				value = h.Get(name)
				for i+1 < len(sorted) && sorted[i+1].Name == name {
					i++
				}
			}
			if !yield(name, value) {
				return
			}
		}
	}
}

// byName returns a copy of fields, sorted by name.
func byName(fields header.Fields) header.Fields {
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, func(a, b header.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// MediaType returns the media type that the Content-Type lines say together, as it is serialised,
// or "" where they say none (Fetch Standard, "extract a MIME type").
func (h Header) MediaType() string {
	if t, ok := media.Extract(h.Values("Content-Type")); ok {
		return t.String()
	}
	return ""
}

// With returns a copy in which the header has just this value. It stands where the first of the
// replaced ones stood.
func (h Header) With(name, value string) Header {
	return h.changed(h.fields.With(name, value))
}

// WithAdded returns a copy in which the header has one value more.
func (h Header) WithAdded(name, value string) Header {
	return h.changed(h.fields.WithAdded(name, value))
}

// Without returns a copy that lacks the named headers.
func (h Header) Without(names ...string) Header {
	return h.changed(h.fields.Without(names...))
}

// Err returns the first refused change that led to this value.
func (h Header) Err() error { return h.err }

// Equal reports whether both have the same fields: the values of each name in the same order, the
// names in any.
func (h Header) Equal(other Header) bool {
	return slices.Equal(byName(h.fields), byName(other.fields))
}

// HTTP returns the fields as an http.Header of the caller's own.
func (h Header) HTTP() http.Header {
	m := make(http.Header, len(h.fields))
	for _, f := range h.fields {
		m[f.Name] = append(m[f.Name], f.Value)
	}
	return m
}

func (h Header) changed(fields header.Fields, err error) Header {
	if err != nil {
		return h.failed(err)
	}
	return Header{fields: fields, err: h.err}
}

func (h Header) failed(err error) Header {
	if h.err == nil {
		h.err = err
	}
	return h
}

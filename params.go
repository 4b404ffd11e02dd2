package crossfade

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Params is the list of pairs that the URL Standard calls URLSearchParams, as an immutable value: a
// method whose name begins with With returns a changed copy. The zero value has no pairs. Names and
// values are well-formed UTF-8; what is not is replaced with U+FFFD where it comes in, as
// JavaScript does with a USVString.
type Params struct{ list []param }

type param struct{ name, value string }

// NewParams returns Params of names and values in turn; a name without a value has the value "".
func NewParams(pairs ...string) Params {
	list := make([]param, 0, (len(pairs)+1)/2)
	for pair := range slices.Chunk(pairs, 2) {
		list = append(list, newParam(pair[0], strings.Join(pair[1:], "")))
	}
	return Params{list}
}

// ParseParams reads a query string, with or without the "?" before it. Pairs are separated by "&"
// alone, and ";" is data; "+" is a space, and a broken escape stays as it is. It never fails.
func ParseParams(raw string) Params {
	var list []param
	for name, value := range query.All(strings.TrimPrefix(raw, "?")) {
		list = append(list, param{name, value})
	}
	return Params{list}
}

// Get is the value of the first pair with the name, "" if there is none; Has tells the two apart.
func (p Params) Get(name string) string {
	if i := p.index(name); i >= 0 {
		return p.list[i].value
	}
	return ""
}

// Has reports whether there is a pair with the name.
func (p Params) Has(name string) bool { return p.index(name) >= 0 }

// Values are the values of all pairs with the name, in order; nil if there are none.
func (p Params) Values(name string) []string {
	name = text.WellFormed(name)
	var values []string
	for _, q := range p.list {
		if q.name == name {
			values = append(values, q.value)
		}
	}
	return values
}

// All yields the pairs in order.
func (p Params) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, q := range p.list {
			if !yield(q.name, q.value) {
				return
			}
		}
	}
}

// Len is the number of pairs.
func (p Params) Len() int { return len(p.list) }

// With returns p with the value for the name: the first pair with the name gets it, the others go;
// without one, the pair is added at the end (the Standard's set).
func (p Params) With(name, value string) Params {
	q := newParam(name, value)
	i := p.index(name)
	if i < 0 {
		return p.WithAdded(name, value)
	}
	others := slices.DeleteFunc(slices.Clone(p.list[i+1:]), func(other param) bool {
		return other.name == q.name
	})
	return Params{slices.Concat(p.list[:i], []param{q}, others)}
}

// WithAdded returns p with one more pair at the end (the Standard's append).
func (p Params) WithAdded(name, value string) Params {
	return Params{append(slices.Clip(p.list), newParam(name, value))}
}

// Without returns p without the pairs that have one of the names (the Standard's delete).
func (p Params) Without(names ...string) Params {
	list := slices.DeleteFunc(slices.Clone(p.list), func(q param) bool {
		return slices.ContainsFunc(names, func(name string) bool { return text.WellFormed(name) == q.name })
	})
	return Params{list}
}

// Sorted returns p with the pairs sorted by name, pairs of one name in their order. As in the
// Standard, names compare by their UTF-16 code units, which puts U+E000 to U+FFFF behind the
// characters above them.
func (p Params) Sorted() Params {
	list := slices.Clone(p.list)
	units := func(s string) []uint16 { return utf16.Encode([]rune(s)) }
	slices.SortStableFunc(list, func(a, b param) int { return slices.Compare(units(a.name), units(b.name)) })
	return Params{list}
}

// String is the query string, without "?": letters, digits and *-._ stay, a space is "+", all else
// is escaped. It parses to the same pairs.
func (p Params) String() string { return query.Encode(p.All()) }

// Equal reports whether both lists hold the same pairs in the same order.
func (p Params) Equal(other Params) bool { return slices.Equal(p.list, other.list) }

func newParam(name, value string) param {
	return param{text.WellFormed(name), text.WellFormed(value)}
}

func (p Params) index(name string) int {
	name = text.WellFormed(name)
	return slices.IndexFunc(p.list, func(q param) bool { return q.name == name })
}

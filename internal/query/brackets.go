package query

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Extended is Express's query parser "extended", npm qs: "a[b]=1" makes an object, "a[]=1" and
// "a[0]=1" a list. It goes five brackets deep and keeps the rest of the name as one key; a list of
// more than 20 values, or an index from 20 on, makes an object with the indices as keys.
//
// The name "__proto__" is ignored, as in qs. A value whose escapes are not well-formed UTF-8 stays
// as it was sent.
func Extended(raw string) *Object {
	o, _ := Brackets{Depth: 5, Array: 20}.Parse(raw)
	return o
}

// Brackets is npm qs 6.17 with the options that Express and its body parser set. For a body of n
// pairs, express.urlencoded is Brackets{Array: n, Params: n} with extended: false, and with
// extended: true it is Brackets{Depth: 32, Array: max(100, n), Params: n, Strict: true}. The zero
// value makes no lists.
type Brackets struct {
	// Depth is how many brackets after the first name make objects.
	Depth int
	// Array is the longest list, and the first index that makes an object.
	Array int
	// Strict makes a name with more brackets than Depth an error.
	Strict bool
	// Params is how many pairs are read, empty ones counted; the rest is ignored. Zero is 1000.
	Params int
	// Latin1 says that escapes stand for characters of ISO-8859-1, not for UTF-8.
	Latin1 bool
}

// DepthError says that a name has more brackets than a strict Brackets allows. The answer is 400
// (Express: querystring.parse.rangeError).
type DepthError struct{ Depth int }

// Error names the limit.
func (e *DepthError) Error() string {
	return fmt.Sprintf("the name of a parameter is nested more than %d levels deep: use fewer brackets", e.Depth)
}

// Parse reads a query string without "?", or a body of type application/x-www-form-urlencoded. The only error is a
// *DepthError, of a strict Brackets.
func (b Brackets) Parse(raw string) (*Object, error) {
	tree := new(branch)
	left := cmp.Or(b.Params, maxPairs)
	raw = brackets.Replace(text.WellFormed(raw))
	for pair := range strings.SplitSeq(raw, "&") {
		if left--; left < 0 {
			break
		}
		name, value := b.cut(pair)
		keys, err := b.split(name)
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 {
			b.put(tree, keys, value)
		}
	}
	finish(tree)
	return &tree.Object, nil
}

// brackets undoes the escapes of brackets, in values too, before anything else is looked at.
var brackets = strings.NewReplacer("%5B", "[", "%5b", "[", "%5D", "]", "%5d", "]")

// cut splits a pair after the first "]=", else at the first "=", and decodes it.
func (b Brackets) cut(pair string) (name, value string) {
	i := strings.Index(pair, "]=") + 1
	if i == 0 {
		i = strings.IndexByte(pair, '=')
	}
	if i < 0 {
		return b.decode(pair), ""
	}
	return b.decode(pair[:i]), b.decode(pair[i+1:])
}

func (b Brackets) decode(s string) string {
	s = strings.ReplaceAll(s, "+", " ")
	if !b.Latin1 {
		if decoded, ok := text.DecodeURIComponent(s); ok {
			return decoded
		}
		return s
	}
	var out strings.Builder
	for s != "" {
		if c, ok := text.Unescape(s); ok {
			out.WriteRune(rune(c))
			s = s[3:]
		} else {
			out.WriteByte(s[0])
			s = s[1:]
		}
	}
	return out.String()
}

// key is one step of a name: the text, and whether it stood in brackets.
type key struct {
	name      string
	bracketed bool
}

// split takes a name apart: "a[b][]" is a, [b], []. Brackets inside brackets are text. What is
// deeper than Depth is one key with its brackets, and so is what follows a bracket that is not
// closed. A text between brackets is lost.
func (b Brackets) split(name string) (keys []key, err error) {
	if name == "" {
		return nil, nil
	}
	if b.Depth <= 0 {
		return []key{strip(name)}, nil
	}
	open := strings.IndexByte(name, '[')
	if open < 0 {
		return []key{{name: name}}, nil
	}
	if open > 0 {
		keys = append(keys, key{name: name[:open]})
	}
	for range b.Depth {
		end := closing(name[open:])
		if end < 0 {
			return append(keys, key{name[open:], true}), nil
		}
		keys = append(keys, key{name[open+1 : open+end], true})
		next := strings.IndexByte(name[open+end:], '[')
		if next < 0 {
			return keys, nil
		}
		open += end + next
	}
	if b.Strict {
		return nil, &DepthError{b.Depth}
	}
	return append(keys, key{name[open:], true}), nil
}

// strip returns a key without the pair of brackets around it, if it has one.
func strip(name string) key {
	if n := len(name); n > 1 && name[0] == '[' && name[n-1] == ']' {
		return key{name[1 : n-1], true}
	}
	return key{name: name}
}

// closing returns the index of the bracket that closes the one at the start of s, -1 if there is
// none.
func closing(s string) int {
	level := 0
	for i := range len(s) {
		switch s[i] {
		case '[':
			level++
		case ']':
			if level--; level == 0 {
				return i
			}
		}
	}
	return -1
}

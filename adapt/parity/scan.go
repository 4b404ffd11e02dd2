package parity

import (
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// Reading JSON, strictly and in one pass, with bounds on size, depth and number of values.

var (
	errSyntax = errors.New("not JSON")
	errLimit  = errors.New("too large or too deep")
)

// reader reads strict JSON (RFC 8259): one value, no byte order mark, nothing after it. Strings may hold bytes that are
// not UTF-8; they count as they are.
type reader struct {
	src   []byte
	pos   int
	nodes []node
	limit bool
}

func parseJSON(src []byte) (*document, error) {
	r := newReader(src)
	if r.limit || !r.value(0) || !r.end() {
		return nil, r.err()
	}
	return &document{src, r.nodes}, nil
}

func newReader(src []byte) reader {
	return reader{src: src, nodes: make([]node, 0, min(len(src)/8+4, maxNodes)), limit: len(src) > maxStructured}
}

func (r *reader) err() error {
	if r.limit {
		return errLimit
	}
	return errSyntax
}

// end reports whether only white space is left.
func (r *reader) end() bool {
	r.space()
	return r.pos == len(r.src)
}

func (r *reader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

// take consumes c if it comes next.
func (r *reader) take(c byte) bool {
	if r.pos < len(r.src) && r.src[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

// value reads one value and appends its nodes.
func (r *reader) value(depth int) bool {
	r.space()
	if r.pos == len(r.src) {
		return false
	}
	if depth > maxDepth || len(r.nodes) >= maxNodes {
		r.limit = true
		return false
	}
	at := len(r.nodes)
	r.nodes = append(r.nodes, node{start: uint32(r.pos)})
	n := node{start: uint32(r.pos)}
	ok := false
	switch r.src[r.pos] {
	case '{':
		n.kind = objectNode
		n.size, ok = r.members(depth)
	case '[':
		n.kind = arrayNode
		n.size, ok = r.elements(depth)
	case '"':
		n.kind = stringNode
		n.escaped, ok = r.str()
	case 't':
		n.kind, ok = boolNode, r.word("true")
	case 'f':
		n.kind, ok = boolNode, r.word("false")
	case 'n':
		n.kind, ok = nullNode, r.word("null")
	default:
		n.kind, ok = numberNode, r.number()
	}
	n.end, n.next = uint32(r.pos), uint32(len(r.nodes))
	r.nodes[at] = n
	return ok
}

func (r *reader) members(depth int) (size uint32, ok bool) {
	r.pos++
	r.space()
	if r.take('}') {
		return 0, true
	}
	for {
		r.space()
		key := node{start: uint32(r.pos), kind: stringNode}
		if r.pos == len(r.src) || r.src[r.pos] != '"' {
			return size, false
		}
		if key.escaped, ok = r.str(); !ok {
			return size, false
		}
		key.end, key.next = uint32(r.pos), uint32(len(r.nodes)+1)
		r.nodes = append(r.nodes, key)
		r.space()
		if !r.take(':') || !r.value(depth+1) {
			return size, false
		}
		size++
		r.space()
		if !r.take(',') {
			return size, r.take('}')
		}
	}
}

func (r *reader) elements(depth int) (size uint32, ok bool) {
	r.pos++
	r.space()
	if r.take(']') {
		return 0, true
	}
	for {
		if !r.value(depth + 1) {
			return size, false
		}
		size++
		r.space()
		if !r.take(',') {
			return size, r.take(']')
		}
	}
}

func (r *reader) word(w string) bool {
	if len(r.src)-r.pos < len(w) || string(r.src[r.pos:r.pos+len(w)]) != w {
		return false
	}
	r.pos += len(w)
	return true
}

func (r *reader) number() bool {
	r.take('-')
	if !r.take('0') && !r.digits() {
		return false
	}
	if r.take('.') && !r.digits() {
		return false
	}
	if r.take('e') || r.take('E') {
		if !r.take('+') {
			r.take('-')
		}
		return r.digits()
	}
	return true
}

func (r *reader) digits() bool {
	start := r.pos
	for r.pos < len(r.src) && '0' <= r.src[r.pos] && r.src[r.pos] <= '9' {
		r.pos++
	}
	return r.pos > start
}

func (r *reader) str() (escaped, ok bool) {
	for i := r.pos + 1; i < len(r.src); i++ {
		switch c := r.src[i]; {
		case c == '"':
			r.pos = i + 1
			return escaped, true
		case c < ' ':
			return escaped, false
		case c == '\\':
			escaped = true
			i++
			if i == len(r.src) {
				return escaped, false
			}
			switch r.src[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if _, ok := hex4(r.src[i+1:]); !ok {
					return escaped, false
				}
				i += 4
			default:
				return escaped, false
			}
		}
	}
	return escaped, false
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// unescape resolves the escapes of a valid string. A lone surrogate, which UTF-8 cannot say, becomes the three bytes that
// it would have, so that it does not equal U+FFFD.
func unescape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			u, _ := hex4(raw[i+1:])
			i += 4
			if len(raw) > i+2 && raw[i+1] == '\\' && raw[i+2] == 'u' {
				low, _ := hex4(raw[i+3:])
				if pair := utf16.DecodeRune(u, low); pair != utf8.RuneError {
					u = pair
					i += 6
				}
			}
			out = appendRune(out, u)
		default:
			out = append(out, raw[i])
		}
	}
	return out
}

func appendRune(dst []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(dst, r)
}

package jsonread

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Kind is the kind of a value. The zero value is Null.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Node is one value, or the name of a member, which stands before its value. What a value holds
// follows it: elements, or names and values in turn.
type Node struct {
	Start, End uint32 // its bytes
	Next       uint32 // the node after it and all it holds
	Size       uint32 // elements or members it holds
	Kind       Kind
	Escaped    bool // a string with escapes
}

// Document is a text that was read, with its nodes.
type Document struct {
	Src   []byte
	Nodes []Node
}

// Raw is the bytes of a node.
func (d *Document) Raw(n uint32) []byte { return d.Src[d.Nodes[n].Start:d.Nodes[n].End] }

// Text is what a string says, without quotation marks and escapes.
func (d *Document) Text(n uint32) []byte {
	raw := d.Raw(n)
	raw = raw[1 : len(raw)-1]
	if d.Nodes[n].Escaped {
		return unescape(raw)
	}
	return raw
}

// Children lists the elements of an array.
func (d *Document) Children(n uint32) []uint32 {
	list := make([]uint32, d.Nodes[n].Size)
	at := n + 1
	for i := range list {
		list[i] = at
		at = d.Nodes[at].Next
	}
	return list
}

// unescape resolves the escapes of a valid string. A lone surrogate, which UTF-8 cannot say,
// becomes the three bytes that it would have, so that it does not equal U+FFFD.
func unescape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		i++
		if raw[i] != 'u' {
			out = append(out, escaped[raw[i]])
			continue
		}
		u := hex4(raw[i+1:])
		i += 4
		if len(raw) > i+2 && raw[i+1] == '\\' && raw[i+2] == 'u' {
			if pair := utf16.DecodeRune(u, hex4(raw[i+3:])); pair != utf8.RuneError {
				u = pair
				i += 6
			}
		}
		out = appendRune(out, u)
	}
	return out
}

// escaped is what the letter behind a backslash stands for.
var escaped = [256]byte{
	'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\\': '\\', '/': '/',
}

func hex4(b []byte) (r rune) {
	for _, c := range b[:4] {
		v, _ := text.Unhex(c)
		r = r<<4 | rune(v)
	}
	return r
}

func appendRune(dst []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(dst, r)
}

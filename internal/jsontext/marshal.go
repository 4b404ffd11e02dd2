// Package jsontext writes JSON as JSON.stringify does, and reads it with errors that a client can
// act on. The work is encoding/json's; what is added is at its edges.
//
// Writing: nothing is escaped for HTML, U+2028 and U+2029 are not escaped, ill-formed UTF-8 becomes
// U+FFFD itself, and no newline follows. As in encoding/json, and other than in JavaScript, the
// keys of maps are sorted, NaN and the infinities are errors, and -0 keeps its sign. An object of
// another order marshals itself.
//
// Reading: see [Unmarshal].
//
// All functions are safe for concurrent use as long as the values are not changed meanwhile.
package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Options are the settings of JSON.stringify and Express that change the text. The zero value is
// JSON.stringify's own default.
type Options struct {
	// Indent, if not empty, puts every member on a line of its own, indented by so many copies of
	// it (Express: json spaces).
	Indent string
	// EscapeHTML writes <, > and & as \u003c, \u003e and \u0026 (Express: json escape).
	EscapeHTML bool
}

// Marshal returns v as JSON text in one slice of its size, which the caller owns.
func Marshal(v any) ([]byte, error) { return Options{}.Append(nil, v) }

// Append appends v as JSON text to dst. On an error dst is returned as it was.
func Append(dst []byte, v any) ([]byte, error) { return Options{}.Append(dst, v) }

// Append is [Append] with options. A json.RawMessage is validated and written as it is, its white
// space kept, where the options ask for nothing.
func (o Options) Append(dst []byte, v any) ([]byte, error) {
	if raw, ok := v.(json.RawMessage); ok && o == (Options{}) && json.Valid(raw) {
		return append(dst, raw...), nil
	}
	e := encoders.Get().(*encoder)
	e.dst = dst
	if err := e.run(o, v); err != nil {
		return dst, err
	}
	out := e.dst
	e.done(o)
	return out, nil
}

// Encode is [Options.Append] to w, which gets the whole text in one call and must not keep it. It
// reports whether there was such a call: the error then is that of w.
func (o Options) Encode(w io.Writer, v any) (written bool, err error) {
	if raw, ok := v.(json.RawMessage); ok && o == (Options{}) && json.Valid(raw) {
		_, err := w.Write(raw)
		return true, err
	}
	e := encoders.Get().(*encoder)
	e.to = w
	if err := e.run(o, v); err != nil {
		return false, err
	}
	err = e.err
	e.done(o)
	return true, err
}

// encoder is a json.Encoder, which alone can leave HTML unescaped. The Encoder writes a whole value
// in one call, from a buffer of encoding/json's own pool: so nothing is kept between two values,
// and a slice that it is appended to is allocated once, in the size of the text.
type encoder struct {
	json *json.Encoder
	to   io.Writer // or else
	dst  []byte
	size int
	err  error // of to; the Encoder would keep it for ever
}

// run writes v. An encoder that has failed is not used again.
func (e *encoder) run(o Options, v any) error {
	e.json.SetEscapeHTML(o.EscapeHTML)
	e.json.SetIndent("", o.Indent)
	if err := e.json.Encode(v); err != nil {
		return encodeError(v, err)
	}
	return nil
}

// done lets the next one have e.
func (e *encoder) done(o Options) {
	if o.Indent == "" || e.size <= maxKept {
		e.to, e.dst, e.err = nil, nil, nil
		encoders.Put(e)
	}
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(e)
	return e
}}

// maxKept bounds the indented text whose copy a pooled json.Encoder may hold.
const maxKept = 64 << 10

func (e *encoder) Write(p []byte) (int, error) {
	text := bytes.TrimSuffix(p, []byte("\n"))
	e.size = len(text)
	if bytes.Contains(text, []byte(`\u`)) {
		text = unescaped(text)
	}
	if e.to == nil {
		e.dst = append(e.dst, text...)
	} else {
		_, e.err = e.to.Write(text)
	}
	return len(p), nil
}

// unescaped undoes the three escapes that encoding/json writes and JSON.stringify does not. It
// passes an escaped backslash whole, so that what follows one is not taken for an escape.
func unescaped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := bytes.IndexByte(text, '\\'); i >= 0; i = bytes.IndexByte(text, '\\') {
		escape := string(text[i:min(i+6, len(text))])
		switch out = append(out, text[:i]...); escape {
		case `\u2028`, `\u2029`, `\ufffd`:
			r, _, _, _ := strconv.UnquoteChar(escape, 0)
			out = utf8.AppendRune(out, r)
		default:
			escape = escape[:2]
			out = append(out, escape...)
		}
		text = text[i+len(escape):]
	}
	return append(out, text...)
}

// encodeError says which value could not be written; the mistake is the program's, so the text is
// for its log.
func encodeError(v any, err error) error {
	if e, ok := errors.AsType[*json.UnsupportedValueError](err); ok {
		switch e.Str {
		case "NaN", "+Inf", "-Inf":
			return fmt.Errorf("cannot write %T as JSON: it holds the number %s, which JSON does not have; send null or a string instead: %w", v, e.Str, err)
		}
	}
	return fmt.Errorf("cannot write %T as JSON: %w", v, err)
}

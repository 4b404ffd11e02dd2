package parity

import (
	"bytes"
	"strings"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// A stream is compared as the array of its records: events of text/event-stream, or lines of JSON.
// How it was cut into chunks, comments and blank lines mean nothing to a client. The rules then see
// body[3].data.price or body[3].price.

func (c *comparison) stream(p *place, form content, x, y []byte, old, next *Message) {
	a, err := readRecords(form, x, old.Truncated)
	b, err2 := readRecords(form, y, next.Truncated)
	if err != nil || err2 != nil {
		c.bytes(p, KindLimit, x, y, old.Truncated, next.Truncated, "too much to read by record, so compared as bytes; ")
		return
	}
	// Of a recording that was cut, what follows is not known; of one that ended, it is known that
	// nothing follows.
	n, m := &a.Nodes[0].Size, &b.Nodes[0].Size
	if *n > *m && next.Truncated {
		*n = *m
	} else if *m > *n && old.Truncated {
		*m = *n
	}
	c.tree(p, a, b)
}

func readRecords(form content, src []byte, cut bool) (*document, error) {
	if form == eventStream {
		return readEvents(src)
	}
	return readLines(src, cut)
}

// readLines reads one JSON value per line into an array. A line that is not JSON is kept as its
// text.
func readLines(src []byte, cut bool) (*document, error) {
	r, err := newReader(src)
	if err != nil {
		return nil, err
	}
	r.Nodes = append(r.Nodes, jsonread.Node{Kind: jsonread.Array, End: uint32(len(src))})
	for start := 0; start < len(src); {
		end := bytes.IndexByte(src[start:], '\n')
		if end < 0 && cut {
			break // the rest of the line was not recorded
		} else if end < 0 {
			end = len(src)
		} else {
			end += start
		}
		r.Src, r.Pos = src[:end], start
		if !readLine(&r) {
			return nil, errLimit
		}
		start = end + 1
	}
	r.Nodes[0].Next = uint32(len(r.Nodes))
	return &document{jsonread.Document{Src: src, Nodes: r.Nodes}}, nil
}

// readLine reads the value on a line, which ends with Src. It is false beyond a bound.
func readLine(r *jsonread.Reader) bool {
	start := uint32(r.Pos)
	if r.End() {
		return true // a blank line keeps the connection alive
	}
	first := len(r.Nodes)
	if !r.Value() || !r.End() {
		if r.Over() {
			return false
		}
		r.Nodes = append(r.Nodes[:first], jsonread.Node{Kind: textNode, Start: start, End: uint32(len(r.Src)), Next: uint32(first + 1)})
	}
	r.Nodes[0].Size++
	return len(r.Nodes) <= maxNodes
}

// readEvents reads an event stream as the HTML Standard does (section 9.2.6) and writes it down as
// JSON: an array of objects with event, data, and id and retry where the stream sets them. Data
// that is an object or an array of JSON is taken as that. A block without data dispatches nothing,
// and counts only if it sets id or retry; one that the end of the stream cuts off is never
// dispatched.
func readEvents(src []byte) (*document, error) {
	if len(src) > maxStructured {
		return nil, errLimit
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	out := []byte{'['}
	var e event
	for len(src) > 0 {
		line, rest, whole := cutLine(src)
		if !whole {
			break
		}
		src = rest
		if len(line) > 0 {
			e.field(line)
			continue
		}
		out = e.appendJSON(out)
		e = event{}
	}
	return parseJSON(append(out, ']'))
}

// cutLine cuts at LF, CR or CRLF.
func cutLine(src []byte) (line, rest []byte, whole bool) {
	i := bytes.IndexAny(src, "\r\n")
	if i < 0 {
		return src, nil, false
	}
	rest = src[i+1:]
	if src[i] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return src[:i], rest, true
}

// event is the block being read.
type event struct {
	kind, data, id, retry    []byte
	hasData, hasID, hasRetry bool
}

func (e *event) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte{':'})
	value = bytes.TrimPrefix(value, []byte{' '})
	switch string(name) {
	case "event":
		e.kind = value
	case "data":
		e.data, e.hasData = append(append(e.data, value...), '\n'), true
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			e.id, e.hasID = value, true
		}
	case "retry":
		if len(value) > 0 && strings.Trim(string(value), "0123456789") == "" {
			e.retry, e.hasRetry = bytes.TrimLeft(value, "0"), true
		}
	}
}

func (e *event) appendJSON(dst []byte) []byte {
	if !e.hasData && !e.hasID && !e.hasRetry {
		return dst
	}
	if len(dst) > 1 {
		dst = append(dst, ',')
	}
	open := len(dst)
	member := func(name string) {
		if len(dst) > open {
			dst = append(dst, ',')
		} else {
			dst = append(dst, '{')
		}
		dst = append(append(append(dst, '"'), name...), `":`...)
	}
	if e.hasData {
		kind := e.kind
		if len(kind) == 0 {
			kind = []byte("message")
		}
		member("event")
		dst = appendString(dst, kind)
		member("data")
		data := e.data[:len(e.data)-1]
		if d, err := parseJSON(data); looksLikeJSON(data) && err == nil {
			dst = append(dst, d.Raw(0)...)
		} else {
			dst = appendString(dst, data)
		}
	}
	if e.hasID {
		member("id")
		dst = appendString(dst, e.id)
	}
	if e.hasRetry {
		member("retry")
		if len(e.retry) == 0 {
			dst = append(dst, '0')
		}
		dst = append(dst, e.retry...)
	}
	return append(dst, '}')
}

// appendString writes a JSON string. Bytes that are not UTF-8 stay as they are, as the reader takes
// them.
func appendString(dst, text []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for _, b := range text {
		switch {
		case b == '"' || b == '\\':
			dst = append(dst, '\\', b)
		case b < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[b>>4], digits[b&15])
		default:
			dst = append(dst, b)
		}
	}
	return append(dst, '"')
}

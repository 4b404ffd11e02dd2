package parity

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A stream is compared as the array of its records: events of text/event-stream, or lines of JSON.
// How it was cut into chunks, comments and blank lines mean nothing to a client. The rules then see
// body[3].data.price or body[3].price.

// cutRecords leaves out what is not known of the other side: of a recording that was cut, what
// follows; of one that ended, it is known that nothing follows.
func cutRecords(a, b *document, cutA, cutB bool) {
	n, m := &a.Nodes[0].Size, &b.Nodes[0].Size
	if *n > *m && cutB {
		*n = *m
	} else if *m > *n && cutA {
		*m = *n
	}
}

// linesAsJSON puts the values of the lines into an array. It is not ok if a line is not JSON.
func linesAsJSON(src []byte, cut bool) (out []byte, ok bool) {
	out = []byte{'['}
	for line := range bytes.Lines(src) {
		if cut && !bytes.HasSuffix(line, []byte{'\n'}) {
			break // the rest of the line was not recorded
		}
		if line = bytes.Trim(line, " \t\r\n"); len(line) == 0 {
			continue // a blank line keeps the connection alive
		}
		if !json.Valid(line) {
			return nil, false
		}
		out = append(append(out, line...), ',')
	}
	return closeList(out), true
}

// closeList ends a list whose elements all have a comma behind them.
func closeList(out []byte) []byte { return append(bytes.TrimSuffix(out, []byte{','}), ']') }

// eventsAsJSON reads an event stream as the HTML Standard does (section 9.2.6) and writes it down
// as an array of objects with event, data, and id and retry where the stream sets them. Data that
// is an object or an array of JSON is taken as that. A block without data dispatches nothing, and
// counts only if it sets id or retry; one that the end of the stream cuts off is never dispatched.
func eventsAsJSON(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	out := []byte{'['}
	var e event
	for {
		line, rest, whole := cutLine(src)
		switch {
		case !whole:
			return closeList(out)
		case len(line) > 0:
			e.field(line)
		default:
			out, e = e.appendJSON(out), event{}
		}
		src = rest
	}
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

// event is the block being read. What the stream has not set is nil.
type event struct {
	kind, data []byte // data with a line feed behind each line
	id, retry  []byte // as JSON
}

func (e *event) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte{':'})
	value = bytes.TrimPrefix(value, []byte{' '})
	switch string(name) {
	case "event":
		e.kind = value
	case "data":
		e.data = append(append(e.data, value...), '\n')
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			e.id = appendString(nil, value)
		}
	case "retry":
		if len(value) > 0 && strings.Trim(string(value), "0123456789") == "" {
			if e.retry = bytes.TrimLeft(value, "0"); len(e.retry) == 0 {
				e.retry = []byte{'0'}
			}
		}
	}
}

// appendJSON appends the event and a comma, or nothing where the block sets nothing.
func (e *event) appendJSON(dst []byte) []byte {
	var kind, data []byte
	if e.data != nil {
		if kind = []byte(`"message"`); len(e.kind) > 0 {
			kind = appendString(nil, e.kind)
		}
		if data = e.data[:len(e.data)-1]; !looksLikeJSON(data) || !json.Valid(data) {
			data = appendString(nil, data)
		}
	}
	var members []byte
	for _, m := range []struct {
		name string
		json []byte
	}{{"event", kind}, {"data", data}, {"id", e.id}, {"retry", e.retry}} {
		if m.json != nil {
			members = append(append(members, `,"`+m.name+`":`...), m.json...)
		}
	}
	if members == nil {
		return dst
	}
	members[0] = '{'
	return append(append(dst, members...), "},"...)
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

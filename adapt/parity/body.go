package parity

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"mime"
	"strings"
	"unicode/utf8"
)

// The content is compared in the form that both sides say and keep to: JSON, lines of JSON, events,
// text or bytes. The content coding is taken off first. Where one side is not what it says, that is
// the difference.

type content uint8

const (
	unknown content = iota // no Content-Type, or one that does not tell
	jsonBody
	jsonLines
	eventStream
	textBody
	byteBody
)

func contentOf(m *Message) content {
	lines := values(m.Header, "content-type")
	if len(lines) == 0 {
		return unknown
	}
	media, _, err := mime.ParseMediaType(lines[0])
	if err != nil && media == "" {
		return unknown
	}
	main, sub, _ := strings.Cut(media, "/")
	switch {
	case sub == "json" || strings.HasSuffix(sub, "+json"):
		return jsonBody
	case sub == "x-ndjson" || sub == "ndjson" || sub == "jsonl" || sub == "x-jsonlines" || sub == "json-lines":
		return jsonLines
	case media == "text/event-stream":
		return eventStream
	case main == "text" || sub == "xml" || strings.HasSuffix(sub, "+xml") || sub == "javascript" || sub == "x-www-form-urlencoded":
		return textBody
	case main == "image" || main == "audio" || main == "video" || main == "font":
		return byteBody
	}
	return unknown
}

func (c *comparison) body(top *place, old, next *Message) {
	c.report.Partial = old.Truncated || next.Truncated
	equal := sameBody(old, next) && old.Truncated == next.Truncated
	if equal && len(old.Body) == 0 {
		return
	}
	p := c.enter(top, named("body"))
	defer c.leave(&p)
	switch {
	case equal && (p.mode() == ignore || p.free() && p.list == nil && p.mode() != within):
	case p.mode() == ignore:
		c.report.Forgiven++
	case len(old.Body) == 0 && !old.Truncated:
		c.add(&p, KindExtra, none, bodySide(next), "")
		c.unwalked(&p)
	case len(next.Body) == 0 && !next.Truncated:
		c.add(&p, KindMissing, bodySide(old), none, "")
		c.unwalked(&p)
	default:
		c.contents(&p, old, next)
	}
	if c.spent && !equal {
		rest := side{typ: "json", form: plain, raw: []byte("…")}
		c.force(KindLimit, rest, rest, "too much to compare; what was compared up to here is reported")
	}
}

func bodySide(m *Message) side {
	if utf8.Valid(m.Body) {
		return side{typ: "text", form: quoted, raw: m.Body}
	}
	return side{typ: "bytes", form: asHex, raw: m.Body}
}

// contents compares two bodies neither of which is absent.
func (c *comparison) contents(p *place, old, next *Message) {
	x, fine := decoded(old)
	y, fine2 := decoded(next)
	if !fine || !fine2 {
		c.bytes(p, KindBytes, old.Body, next.Body, old.Truncated, next.Truncated, "content coding not decoded; ")
		return
	}
	form, form2 := contentOf(old), contentOf(next)
	if form != form2 {
		form = unknown
	}
	switch form {
	case jsonBody, jsonLines, eventStream:
		c.structured(p, form, x, y, old, next)
	case textBody:
		c.text(p, x, y, old, next)
	case byteBody:
		c.bytes(p, KindBytes, x, y, old.Truncated, next.Truncated, "")
	default:
		if looksLikeJSON(x) && looksLikeJSON(y) {
			c.structured(p, jsonBody, x, y, old, next)
		} else {
			c.text(p, x, y, old, next)
		}
	}
}

func looksLikeJSON(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// structured compares two bodies as JSON, or as streams of it, where both can be read as that.
func (c *comparison) structured(p *place, form content, x, y []byte, old, next *Message) {
	if form == jsonBody && (old.Truncated || next.Truncated) {
		c.bytes(p, KindLimit, x, y, old.Truncated, next.Truncated, "cut while recording, so compared as bytes; ")
		return
	}
	a, err := parse(form, x, old.Truncated)
	b, err2 := parse(form, y, next.Truncated)
	switch {
	case err == errLimit || err2 == errLimit:
		c.bytes(p, KindLimit, x, y, old.Truncated, next.Truncated,
			"too large or too deep to read as JSON, so compared as bytes; ")
	case err == nil && err2 == nil:
		cutRecords(a, b, old.Truncated, next.Truncated)
		c.old, c.next = a, b
		c.node(0, 0, p)
	case err != nil && err2 != nil:
		c.text(p, x, y, old, next) // both say JSON and neither is
	default:
		c.add(p, KindSyntax, syntaxSide(x, err), syntaxSide(y, err2), "only one side is JSON")
		c.unwalked(p)
	}
}

func syntaxSide(body []byte, err error) side {
	if err == nil {
		return side{typ: "json", form: asJSON, raw: body}
	}
	return side{typ: "text", form: quoted, raw: body}
}

// text compares two bodies as text, or as bytes where they are not UTF-8.
func (c *comparison) text(p *place, x, y []byte, old, next *Message) {
	if !utf8.Valid(x) || !utf8.Valid(y) {
		c.bytes(p, KindBytes, x, y, old.Truncated, next.Truncated, "")
		return
	}
	at := commonPrefix(x, y)
	if cutAlike(x, y, at, old.Truncated, next.Truncated) {
		return
	}
	hint := textHint(x, y, at)
	from := bytes.LastIndexByte(x[:at], '\n') + 1
	c.leaf(p, KindText, lineSide(x, from, at), lineSide(y, from, at), hint)
}

// lineSide shows the line in which two texts part. What they mean is the whole text.
func lineSide(text []byte, from, at int) side {
	line := text[from:]
	if end := bytes.IndexByte(text[at:], '\n'); end >= 0 {
		line = text[from : at+end+1]
	}
	return side{typ: "string", form: quoted, raw: line, text: text}
}

func (c *comparison) bytes(p *place, kind Kind, x, y []byte, cutX, cutY bool, hint string) {
	at := commonPrefix(x, y)
	if cutAlike(x, y, at, cutX, cutY) {
		return
	}
	old, next := side{typ: "bytes", form: asHex, raw: x}, side{typ: "bytes", form: asHex, raw: y}
	if hint += bytesHint(x, y, at); kind == KindLimit {
		c.add(p, kind, old, next, hint) // the shape is not known either
	} else {
		c.leaf(p, kind, old, next, hint)
	}
}

// cutAlike reports whether two contents with a common beginning may be one content, of which a
// recording was cut. A side that came to its end cannot be shorter than what was recorded of the
// other.
func cutAlike(x, y []byte, common int, cutX, cutY bool) bool {
	switch {
	case common == len(x) && common == len(y):
		return cutX == cutY
	case common == len(x):
		return cutX
	case common == len(y):
		return cutY
	}
	return false
}

// decoded takes off the content coding. It is not ok for codings the standard library has not, for
// broken content and for content too large to be compared by structure.
func decoded(m *Message) (body []byte, ok bool) {
	coding := strings.ToLower(strings.TrimSpace(strings.Join(values(m.Header, "content-encoding"), ",")))
	var r io.Reader = bytes.NewReader(m.Body)
	var err error
	switch coding {
	case "", "identity":
		return m.Body, true
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		if r, err = zlib.NewReader(r); err != nil { // some servers leave out the frame
			r, err = flate.NewReader(bytes.NewReader(m.Body)), nil
		}
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	body, err = io.ReadAll(io.LimitReader(r, maxStructured+1))
	if m.Truncated && err == io.ErrUnexpectedEOF {
		err = nil
	}
	return body, err == nil && len(body) <= maxStructured
}

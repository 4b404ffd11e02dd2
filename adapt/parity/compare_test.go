package parity_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/google/go-cmp/cmp"
)

// answer makes a message with status 200 from header lines and a body.
func answer(body string, lines ...string) parity.Message {
	m := parity.Message{Status: 200, Header: http.Header{}, Body: []byte(body)}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		m.Header.Add(name, value)
	}
	return m
}

func jsonAnswer(body string) parity.Message { return answer(body, "Content-Type: application/json") }

// places lists the differences as "path kind".
func places(r parity.Report) (list []string) {
	for _, d := range r.Diffs {
		list = append(list, d.Path+" "+d.Kind.String())
	}
	return list
}

// mirrored lists them as they must be with the sides swapped.
func mirrored(list []string) (out []string) {
	for _, s := range list {
		switch {
		case strings.HasSuffix(s, " missing"):
			s = strings.TrimSuffix(s, "missing") + "extra"
		case strings.HasSuffix(s, " extra"):
			s = strings.TrimSuffix(s, "extra") + "missing"
		}
		out = append(out, s)
	}
	return out
}

// check compares both ways round, and each answer with itself.
func check(t *testing.T, old, next parity.Message, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, places(parity.Compare(old, next, parity.Rules{}))); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(mirrored(want), places(parity.Compare(next, old, parity.Rules{}))); diff != "" {
		t.Errorf("differences with the sides swapped (-want +got):\n%s", diff)
	}
	for _, m := range []parity.Message{old, next} {
		if r := parity.Compare(m, m, parity.Rules{}); !r.Equal() {
			t.Errorf("not equal to itself: %s", r)
		}
	}
}

func TestStatusAndFailure(t *testing.T) {
	ok := parity.Message{Status: 200}
	tests := []struct {
		rule      string
		old, next parity.Message
		want      []string
	}{
		{"the zero values are equal", parity.Message{}, parity.Message{}, nil},
		{"another status", ok, parity.Message{Status: 404}, []string{"status status"}},
		{"one side breaks", ok, parity.Message{Status: 200, Err: "panic: x"}, []string{"error failure"}},
		{"both break in one way", parity.Message{Err: "panic: x"}, parity.Message{Err: "panic: y"}, nil},
		{"both break in two ways", parity.Message{Err: "panic: x"}, parity.Message{Err: "timeout"}, []string{"error failure"}},
		{"an Err without a class is one still", parity.Message{Err: ": x"}, parity.Message{}, []string{"error failure"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(t, tt.old, tt.next, tt.want...) })
	}
}

func TestHeaderGrammars(t *testing.T) {
	tests := []struct {
		rule      string
		old, next []string
		want      []string
	}{
		{"a missing field", []string{"X-A: 1"}, nil, []string{"header.x-a missing"}},
		{"a field with an empty value is there", []string{"X-A: "}, nil, []string{"header.x-a missing"}},
		{"letter case of names means nothing", []string{"X-Frame-Options: DENY"}, []string{"x-frame-options: DENY"}, nil},
		{"an unknown field is text", []string{"X-A: b"}, []string{"X-A: B"}, []string{"header.x-a value"}},
		{"lines of a list may be joined", []string{"X-A: a", "X-A: b"}, []string{"X-A: a, b"}, nil},
		{"the order of an unknown list counts", []string{"X-A: a, b"}, []string{"X-A: b, a"}, []string{"header.x-a value"}},

		{"volatile: the value is free", []string{"Date: a", "X-Request-Id: 1", "X-B3-Traceid: 1"}, []string{"Date: b", "X-Request-Id: 2", "X-B3-Traceid: 2"}, nil},
		{"volatile: presence counts", []string{"X-Request-Id: 1"}, nil, []string{"header.x-request-id missing"}},
		{"volatile: no name that merely contains one", []string{"X-Candidate: 1"}, []string{"X-Candidate: 2"}, []string{"header.x-candidate value"}},
		{"framing is not the handler's", []string{"Content-Length: 3", "Connection: close"}, []string{"Transfer-Encoding: chunked"}, nil},

		{"Vary is a set of names", []string{"Vary: Origin, Accept"}, []string{"Vary: accept", "Vary: origin, accept"}, nil},
		{"Vary with another member", []string{"Vary: Origin"}, []string{"Vary: Origin, Accept"}, []string{"header.vary value"}},
		{"Allow is a set of methods", []string{"Allow: GET, HEAD"}, []string{"Allow: HEAD,GET"}, nil},
		{"methods have letter case", []string{"Allow: GET"}, []string{"Allow: get"}, []string{"header.allow value"}},
		{"Cache-Control is a set of directives", []string{"Cache-Control: no-cache, max-age=0"}, []string{`Cache-Control: Max-Age="0"`, "Cache-Control: no-cache"}, nil},
		{"Cache-Control with another age", []string{"Cache-Control: max-age=0"}, []string{"Cache-Control: max-age=1"}, []string{"header.cache-control value"}},
		{"empty members are none", []string{"Vary: a,, ,b"}, []string{"Vary: a, b"}, nil},
		{"a comma in quotation marks splits nothing", []string{`Cache-Control: private="a, b"`}, []string{`Cache-Control: b", private="a`}, []string{"header.cache-control value"}},
		{"CORS lists are sets", []string{"Access-Control-Expose-Headers: A, b"}, []string{"Access-Control-Expose-Headers: B,a"}, nil},
		{"a CORS origin is text", []string{"Access-Control-Allow-Origin: *"}, []string{"Access-Control-Allow-Origin: https://a"}, []string{"header.access-control-allow-origin value"}},
		{"Link is a set, parameters in any order", []string{`Link: </a>; rel=next; title="x, y", </b>; rel="prev"`}, []string{`Link: </b>; rel=prev, </a>; title="x, y"; REL="next"`}, nil},
		{"a link to another target", []string{"Link: </a>; rel=next"}, []string{"Link: </b>; rel=next"}, []string{"header.link value"}},
		{"content codings are in order", []string{"Content-Encoding: a, b"}, []string{"Content-Encoding: B, A"}, []string{"header.content-encoding value"}},
		{"content codings have no letter case", []string{"Content-Encoding: x-a"}, []string{"Content-Encoding: X-A"}, nil},
		{"a content security policy is text", []string{"Content-Security-Policy: img-src a; font-src a"}, []string{"Content-Security-Policy: font-src a; img-src a"}, []string{"header.content-security-policy value"}},
		{"transport security in any order", []string{"Strict-Transport-Security: max-age=1; includeSubDomains"}, []string{`Strict-Transport-Security: includesubdomains; max-age="1"`}, nil},

		{"media types have no letter case, charsets neither", []string{"Content-Type: text/html; charset=utf-8"}, []string{`Content-Type: Text/HTML;charset="UTF-8"`}, nil},
		{"a charset that is missing", []string{"Content-Type: text/html; charset=utf-8"}, []string{"Content-Type: text/html"}, []string{"header.content-type media-type"}},
		{"a boundary is random", []string{"Content-Type: multipart/mixed; boundary=a"}, []string{"Content-Type: multipart/mixed; boundary=b"}, nil},
		{"Content-Disposition has parameters", []string{`Content-Disposition: attachment; filename="a"`}, []string{"Content-Disposition: Attachment; filename=a"}, nil},

		{"a media type that cannot be read is text", []string{"Content-Type: a/b; c"}, []string{"Content-Type: a/b; d"}, []string{"header.content-type media-type"}},
		{"Retry-After in seconds", []string{"Retry-After: 5"}, []string{"Retry-After: 6"}, []string{"header.retry-after value"}},
		{"a quoted comma after a quoted quotation mark", []string{`Link: <a>; title="\"x, y"`}, []string{`Link: <a>; title="\"x", y`}, []string{"header.link value"}},
		{"links that are separators", []string{"Link: ;"}, []string{"Link: ;;"}, nil},
		{"dates in another format", []string{"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"Last-Modified: Sunday, 06-Nov-94 08:49:37 GMT"}, nil},
		{"another date with the same body", []string{"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"Last-Modified: Sun, 06 Nov 1994 08:49:38 GMT"}, []string{"header.last-modified value"}},
		{"Expires may drift", []string{"Expires: Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"Expires: Sun, 06 Nov 1994 08:49:42 GMT"}, nil},
		{"Expires may not be far away", []string{"Expires: Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"Expires: Sun, 06 Nov 1994 08:49:43 GMT"}, []string{"header.expires value"}},
		{"another tag of the same content", []string{`Etag: "a"`}, []string{`Etag: "b"`}, []string{"header.etag value"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(t, answer("", tt.old...), answer("", tt.next...), tt.want...) })
	}
}

func TestHeaderMapsFilledByHand(t *testing.T) {
	raw := func(h http.Header) parity.Message { return parity.Message{Header: h} }
	check(t, raw(http.Header{"x-a": {"1"}, "X-A": {"0"}}), raw(http.Header{"X-A": {"0, 1"}}))
	check(t, raw(http.Header{"X-A": nil}), raw(nil))
	check(t, raw(http.Header{"set-cookie": {"a=1"}}), raw(nil), "cookie.a missing")
	trailers := func(v string) parity.Message { return parity.Message{Trailer: http.Header{"Vary": {v}}} }
	check(t, trailers("a, b"), trailers("B, a"))
	check(t, trailers("a"), trailers("b"), "trailer.vary value")
}

func TestETagFollowsFromTheBody(t *testing.T) {
	tag := func(body, tag string) parity.Message {
		return answer(body, "Content-Type: application/json", "Etag: "+tag)
	}
	check(t, tag("[1]", `"a"`), tag("[1.0]", `"b"`))
	check(t, tag("[1]", `"a"`), tag("[1.0]", `W/"b"`), "header.etag value")
	check(t, tag("[1]", `"a"`), tag("[1]", `"b"`), "header.etag value")
}

func TestLocationIsResolved(t *testing.T) {
	at := func(base, location string) parity.Message {
		m := answer("", "Location: "+location)
		if base != "" {
			m.URL, _ = url.Parse(base)
		}
		return m
	}
	check(t, at("http://a/x/y", "/x/z"), at("http://a/x/y", "z"))
	check(t, at("http://a:1/x", "http://a:1/z?q"), at("http://b:2/x", "/z?q"))
	check(t, at("/x/y", "z"), at("/x/y", "/x/z"))
	check(t, at("http://a/x", "http://a/z"), at("http://a/x", "https://a/z"), "header.location value")
	check(t, at("http://a/x", "/z?"), at("http://a/x", "/z"), "header.location value")
	check(t, at("http://a/x", "http://u@a/z"), at("http://a/x", "/z"), "header.location value")
	check(t, at("", "http://a/z"), at("", "/z"), "header.location value")
	check(t, at("http://a/x", "%"), at("http://a/x", "%25"), "header.location value")
}

func TestCookies(t *testing.T) {
	tests := []struct {
		rule      string
		old, next []string
		want      []string
	}{
		{"the order of cookies means nothing", []string{"a=1", "b=2"}, []string{"b=2", "a=1"}, nil},
		{"values are compared by shape", []string{"sid=8f1c"}, []string{"sid=77aa"}, nil},
		{"an empty value is another shape", []string{"sid=8f1c"}, []string{"sid="}, []string{"cookie.sid.value shape"}},
		{"a missing cookie", []string{"a=1", "b=1"}, []string{"a=1"}, []string{"cookie.b missing"}},
		{"attributes", []string{"a=1; HttpOnly; Secure; SameSite=Lax"}, []string{"a=1; secure; samesite=STRICT"}, []string{"cookie.a.httponly missing", "cookie.a.samesite value"}},
		{"attributes in another writing", []string{"a=1; Path=/; Domain=.A.example; Max-Age=0"}, []string{"a=1; domain=a.example; max-age=-1; path=/"}, nil},
		{"another path is one difference", []string{"a=1; Path=/"}, []string{"a=1; Path=/x"}, []string{"cookie.a.path value"}},
		{"one name with two paths is two cookies", []string{"a=1; Path=/", "a=; Path=/x"}, []string{"a=; Path=/x", "a=1; Path=/"}, nil},
		{"Expires may drift", []string{"a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"a=1; Expires=Sun, 06 Nov 1994 08:49:40 GMT"}, nil},
		{"Expires may not be far away", []string{"a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT"}, []string{"a=1; Expires=Sun, 06 Nov 1994 09:49:40 GMT"}, []string{"cookie.a.expires value"}},
		{"names that are not words are quoted", []string{"a.b=1"}, nil, []string{`cookie["a.b"] missing`}},
		{"a line that is not a cookie is one without a name", []string{"junk"}, nil, []string{`cookie[""] missing`}},
		{"unknown attributes mean nothing", []string{"a=1; Priority=High; value=2"}, []string{"a=1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			check(t, parity.Message{Header: http.Header{"Set-Cookie": tt.old}}, parity.Message{Header: http.Header{"Set-Cookie": tt.next}}, tt.want...)
		})
	}
}

func TestJSON(t *testing.T) {
	tests := []struct {
		rule      string
		old, next string
		want      []string
	}{
		{"member order, white space, escapes and a last newline mean nothing", `{"a":"<\u00e9\/","b":[1, 2]}` + "\n", "{ \"b\" : [1,2],\"a\":\"\\u003cé/\" }", nil},
		{"a surrogate pair is one character", `["\ud83d\ude00"]`, `["😀"]`, nil},
		{"a lone surrogate is not a replacement character", `["\ud83d"]`, `["\ufffd"]`, []string{"body[0] value"}},
		{"1, 1.0, 1e0 and 10e-1 are one number", `[1,1,1]`, `[1.0,1e0,10e-1]`, nil},
		{"-0 is 0", `[-0, 0e9]`, `[0, -0.0]`, nil},
		{"numbers beyond 2^53 are exact", `9007199254740993`, `9007199254740992`, []string{"body value"}},
		{"huge exponents cost nothing", `[1e999999999]`, `[10e999999998]`, nil},
		{"exponents beyond all sense are compared as text", `[1e9999999999999999999999]`, `[1e9999999999999999999998]`, []string{"body[0] value"}},
		{"a value", `{"a":{"b":[1,{"c":"x"}]}}`, `{"a":{"b":[1,{"c":"y"}]}}`, []string{"body.a.b[1].c value"}},
		{"a missing member", `{"a":1,"b":2}`, `{"a":1}`, []string{"body.b missing"}},
		{"null is not missing", `{"a":null}`, `{}`, []string{"body.a null-vs-missing"}},
		{"null is not empty", `{"a":null,"b":null,"c":null}`, `{"a":[],"b":{},"c":""}`, []string{"body.a null-vs-empty", "body.b null-vs-empty", "body.c null-vs-empty"}},
		{"[] is not {}", `{"a":[]}`, `{"a":{}}`, []string{"body.a type"}},
		{"a number is not its text", `{"a":1}`, `{"a":"1"}`, []string{"body.a type"}},
		{"null is not 0", `[null]`, `[0]`, []string{"body[0] type"}},
		{"true is not false", `[true]`, `[false]`, []string{"body[0] value"}},
		{"another order is one difference", `[1,2,{"a":3},4]`, `[4,{"a":3.0},2,1]`, []string{"body order"}},
		{"another order with other elements is not", `[1,2,3]`, `[3,2,4]`, []string{"body[0] value", "body[2] value"}},
		{"an element more", `[1,2,3]`, `[1,9,2,3]`, []string{"body length"}},
		{"elements more and the first one that differs", `[1,{"a":1},3]`, `[1,{"a":2},5,6]`, []string{"body length", "body[1].a value"}},
		{"duplicate members on both sides are compared one by one", `{"a":1,"a":2}`, `{"a":1,"a":3}`, []string{"body.a value"}},
		{"duplicate members on one side", `{"a":2,"b":0}`, `{"a":1,"b":0,"a":2}`, []string{"body.a extra"}},
		{"names are compared unescaped", `{"a":1,"c":1}`, `{"\u0061":1,"b":1}`, []string{"body.b extra", "body.c missing"}},
		{"names that are not words are quoted", `{"a.b":1,"":2,"3":4}`, `{"a.b":2,"":3,"3":5}`, []string{`body[""] value`, `body["3"] value`, `body["a.b"] value`}},
		{"only one side is JSON", `{"a":1}`, `{"a":1`, []string{"body syntax"}},
		{"neither is JSON", `{"a":1`, `{"a":2`, []string{"body text"}},
		{"a byte order mark is not JSON", "\ufeff[]", "[]", []string{"body syntax"}},
		{"a body that is missing", `{}`, ``, []string{"body missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(t, jsonAnswer(tt.old), jsonAnswer(tt.next), tt.want...) })
	}
}

// What is JSON is decided as encoding/json does.
func TestSyntax(t *testing.T) {
	texts := []string{
		`"\b\f\n\r\t\"\\\/\u00AF"`, `"\x"`, `"\u00g0"`, `"\u00`, `"\`, `"`, "\"\n\"", "\"\x7f\"", "\"\xff\"",
		"0", "-", "-0", "01", "1.", ".1", "1.5e", "1e+", "1E-7", "+1", "0x1", "1e5.0", "Infinity", "NaN",
		"tru", "truex", "nul", "falsey", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{1:1}`, `{"a" 1}`, `{"a":1 "b":2}`,
		"[]]", "{}{}", " \t\r\n[ ] ", "\u00a0[]", "//c\n1", "'a'",
	}
	for _, text := range texts {
		r := parity.Compare(jsonAnswer(text), jsonAnswer(`{"a":"quite another"}`), parity.Rules{})
		if got, want := r.Diffs[0].Kind != parity.KindSyntax, json.Valid([]byte(text)); got != want {
			t.Errorf("%q: JSON = %v, for encoding/json %v", text, got, want)
		}
	}
}

// Escapes say what they say in encoding/json.
func TestEscapes(t *testing.T) {
	for _, text := range []string{`\b\f\n\r\t\"\\\/`, `\u00e9\u20ac\uD83D\uDE00`, `a\u0000b`, `\u0041`} {
		var plain string
		if err := json.Unmarshal([]byte(`"`+text+`"`), &plain); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(plain); err != nil {
			t.Fatal(err)
		}
		check(t, jsonAnswer(`"`+text+`"`), jsonAnswer(b.String()))
	}
}

func TestHints(t *testing.T) {
	tests := []struct {
		old, next parity.Message
		want      string
	}{
		{jsonAnswer(`"a "`), jsonAnswer(`"a"`), "only the white space around it differs"},
		{jsonAnswer(`"a"`), jsonAnswer(`"A"`), "only letter case differs"},
		{jsonAnswer(`0.1`), jsonAnswer(`0.1000000000000000055`), "one number as a float64, which is what JavaScript reads, but not as written"},
		{jsonAnswer(`0.1`), jsonAnswer(`0.2`), ""},
		{jsonAnswer(`"1.50"`), jsonAnswer(`1.5`), "the same number, written as a string on one side"},
		{jsonAnswer(`[1,2,3,4]`), jsonAnswer(`[1,4]`), "4 and 2 elements, of which the first 1 and the last 1 are alike"},
		{jsonAnswer(`[1]`), jsonAnswer(`[1,2]`), "1 and 2 elements, of which the first 1 and the last 0 are alike"},
		{answer("a\nb\n"), answer("a\nc\n"), "first on line 2, byte 2 of 4 and 4"},
		{answer("", `Etag: "a"`), answer("", `Etag: W/"a"`), "one tag is weak, one is strong"},
		{answer("", "Location: http://a/x"), answer("", "Location: /x"), "Message.URL is not set, so that relative and absolute targets cannot be compared"},
		{parity.Message{Body: []byte{0xff}, Truncated: true}, parity.Message{Body: []byte{0xff}}, "one side goes on where the other ends"},
	}
	for _, tt := range tests {
		r := parity.Compare(tt.old, tt.next, parity.Rules{})
		if len(r.Diffs) != 1 || r.Diffs[0].Hint != tt.want {
			t.Errorf("want the hint %q, got\n%s", tt.want, r)
		}
	}
}

func TestContentForms(t *testing.T) {
	gz := func(text string, level int) string {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, level)
		w.Write([]byte(text))
		w.Close()
		return b.String()
	}
	deflated := func(text string, framed bool) string {
		var b bytes.Buffer
		var w io.WriteCloser = zlib.NewWriter(&b)
		if !framed {
			w, _ = flate.NewWriter(&b, 1)
		}
		w.Write([]byte(text))
		w.Close()
		return b.String()
	}
	bomb := gz(strings.Repeat("0", 9<<20), 9)
	long := `{"a":[` + strings.Repeat("1,", 500) + `1]}`
	tests := []struct {
		rule      string
		head      string
		old, next string
		want      []string
	}{
		{"a suffix +json is JSON", "Content-Type: application/problem+json", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
		{"text is text", "Content-Type: text/plain", `{"a":1,"b":2}`, `{"b":2,"a":1}`, []string{"body text"}},
		{"without a type, what looks like JSON is", "X: y", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
		{"without a type, other text is text", "X: y", "1", "1.0", []string{"body text"}},
		{"what is not UTF-8 is bytes", "Content-Type: text/plain", "\xff\x00", "\xff\x01", []string{"body bytes"}},
		{"an image is bytes", "Content-Type: image/svg", "<a>", "<b>", []string{"body bytes"}},
		{"gzip is decoded", "Content-Encoding: gzip", gz(long, 1), gz(long+" ", 9), nil},
		{"what is in gzip is compared", "Content-Encoding: gzip", gz(`{"a":1}`, 1), gz(`{"a":2}`, 1), []string{"body.a value"}},
		{"deflate is decoded with and without its frame", "Content-Encoding: deflate", deflated(long, true), deflated(long+"\n", false), nil},
		{"what is too large when decoded is bytes", "Content-Encoding: gzip", bomb, gz("0", 9), []string{"body bytes"}},
		{"what is not gzip is bytes", "Content-Encoding: gzip", "abc", "abd", []string{"body bytes"}},
		{"other codings are bytes", "Content-Encoding: br", `{"a":1,"b":2}`, `{"b":2,"a":1}`, []string{"body bytes"}},

		{"lines of JSON", "Content-Type: application/x-ndjson", "{\"a\":1}\n\n{\"b\":2}\n", "{ \"a\":1.0}\r\n{\"b\":3}", []string{"body[1].b value"}},
		{"lines that are not JSON", "Content-Type: application/x-ndjson", "[1]\nabc\n", "[1]\n\"abc\"\n", []string{"body syntax"}},
		{"a line less", "Content-Type: application/x-ndjson", "1\n2\n3\n", "1\n3\n", []string{"body length"}},

		{"events", "Content-Type: text/event-stream", ": ping\ndata: {\"a\":1,\"b\":2}\n\n", "data:{\"b\":2,\ndata: \"a\":1.0}\r\n\r\n:\n", nil},
		{"a value in an event", "Content-Type: text/event-stream", "data: {\"a\":1}\n\n", "data: {\"a\":2}\n\n", []string{"body[0].data.a value"}},
		{"names, ids and times of events", "Content-Type: text/event-stream", "event: a\nid: 1\nretry: 007\ndata: x\n\n", "event: b\nid: 2\nretry: 8\ndata: y\n\n", []string{"body[0].data value", "body[0].event value", "body[0].id value", "body[0].retry value"}},
		{"message is the default name", "Content-Type: text/event-stream", "event: message\ndata: x\n\n", "data: x\r\r", nil},
		{"an event without data is none", "Content-Type: text/event-stream", "event: x\n\ndata: y\n\n", "data: y\n\n", nil},
		{"an event that is cut off is never dispatched", "Content-Type: text/event-stream", "data: x\n\ndata: y\n", "data: x\n\n", nil},
		{"an event less", "Content-Type: text/event-stream", "data: x\n\ndata: y\n\n", "data: x\n\n", []string{"body length"}},
		{"data that is text is not JSON text", "Content-Type: text/event-stream", "data: x\n\n", "data: \"x\"\n\n", []string{"body[0].data value"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(t, answer(tt.old, tt.head), answer(tt.next, tt.head), tt.want...) })
	}
}

func TestRecordingThatWasCut(t *testing.T) {
	cut := func(m parity.Message) parity.Message { m.Truncated = true; return m }
	text := func(s string) parity.Message { return answer(s, "Content-Type: text/plain") }
	events := func(s string) parity.Message { return answer(s, "Content-Type: text/event-stream") }
	lines := func(s string) parity.Message { return answer(s, "Content-Type: application/x-ndjson") }
	tests := []struct {
		rule      string
		old, next parity.Message
		want      []string
	}{
		{"one beginning", cut(text("abc")), cut(text("abcdef")), nil},
		{"the whole begins like the part", cut(text("abc")), text("abcdef"), nil},
		{"the whole is shorter than the part", cut(text("abcdef")), text("abc"), []string{"body text"}},
		{"the whole is as long as the part", cut(text("abc")), text("abc"), []string{"body text"}},
		{"another beginning", cut(text("abc")), cut(text("abd")), []string{"body text"}},
		{"nothing was recorded of one, and the other has nothing", cut(text("")), text(""), []string{"body missing"}},
		{"nothing was recorded of one", cut(text("")), text("abc"), nil},
		{"JSON cannot be read", cut(jsonAnswer(`{"a":1,"b`)), cut(jsonAnswer(`{"b":1,"a`)), []string{"body limit"}},
		{"events as far as both go", cut(events("data: 1\n\ndata: 2\n\ndata: ")), cut(events("data: 1\n\n")), nil},
		{"events of a stream that has ended", cut(events("data: 1\n\ndata: 2\n\n")), events("data: 1\n\n"), []string{"body length"}},
		{"lines as far as both go", cut(lines("1\n2\n[3")), cut(lines("1\n2\n")), nil},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			check(t, tt.old, tt.next, tt.want...)
			if !parity.Compare(tt.old, tt.next, parity.Rules{}).Partial {
				t.Error("the report does not say that only a part was compared")
			}
		})
	}
}

func TestBounds(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	closed := deep + strings.Repeat("]", 100_000)
	check(t, jsonAnswer(closed), jsonAnswer(closed+" "), "body limit")
	check(t, jsonAnswer(deep), jsonAnswer(deep+"1"), "body limit")

	var many, other bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&many, `{"k":%d},`, i)
		fmt.Fprintf(&other, `{"k":%d},`, i+1000)
	}
	r := parity.Compare(jsonAnswer("["+many.String()+"0]"), jsonAnswer("["+other.String()+"0]"), parity.Rules{})
	if len(r.Diffs) != 100 || r.Omitted != 900 {
		t.Errorf("%d differences and %d omitted, want 100 and 900", len(r.Diffs), r.Omitted)
	}

	large := bytes.Repeat([]byte("["), 100<<20)
	changed := bytes.Clone(large)
	changed[50<<20] = ']'
	check(t, parity.Message{Body: large}, parity.Message{Body: changed}, "body limit")

	keys := `{"` + strings.Repeat("k", 1<<20) + `":`
	r = parity.Compare(jsonAnswer(keys+`"`+strings.Repeat("v", 1<<20)+`"}`), jsonAnswer(keys+`"`+strings.Repeat("v", 1<<20)+`w"}`), parity.Rules{})
	if n := len(fmt.Sprintf("%+v", r)); n > 2000 {
		t.Errorf("a report of one difference takes %d bytes", n)
	}
}

// Arrays in arrays that differ only at their very end ask the same question at every level: the
// work must stay bounded (this test would take long), the answer must not be "equal", and an answer
// must still be equal to itself.
func TestWorkIsBounded(t *testing.T) {
	nest := func(open, inner, close string) string {
		return strings.Repeat(open, 490) + inner + strings.Repeat(close, 490)
	}
	many := "[" + strings.Repeat("7,", 30_000)
	old, next := jsonAnswer(nest("[0,", many+"1]", "]")), jsonAnswer(nest("[0,", many+"22]", "]"))
	rules := parity.Rules{Shape: []string{"body.**.none"}} // which makes equal bytes no reason to stop
	r := parity.Compare(old, next, rules)
	if diff := cmp.Diff([]string{"body limit"}, places(r)); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if r := parity.Compare(old, old, rules); !r.Equal() {
		t.Errorf("not equal to itself: %s", r)
	}
}

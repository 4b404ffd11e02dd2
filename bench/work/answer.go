package work

// When two answers are the same. What is a matter of a peer's taste, and makes no
// difference to a client, is left out: the charset of JSON and a line break
// behind it, the space behind a colon in an event stream, the case of the header
// names that CORS exposes, and what a preflight allows beyond what was asked for.

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"mime"
	"net/http"
	"strings"
)

// Answer is what a peer has answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// String is the answer without what does not count: equal strings are equal
// answers.
func (a Answer) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Status)
	media, params, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	body := a.Body
	switch {
	case len(body) == 0: // some send a type for nothing
	case media == "application/json":
		fmt.Fprintln(&b, media)
		body = bytes.TrimSuffix(body, []byte("\n"))
	case media == "text/event-stream":
		fmt.Fprintln(&b, media)
		body = events(body)
	default:
		fmt.Fprintln(&b, media, strings.ToLower(params["charset"]))
	}
	for _, line := range a.Header["Set-Cookie"] {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			fmt.Fprintln(&b, "bad cookie", line)
			continue
		}
		fmt.Fprintln(&b, "cookie", c.Name, c.Value, c.Path, c.HttpOnly)
	}
	cors := func(name string) string { return strings.Join(a.Header["Access-Control-"+name], ",") }
	fmt.Fprintln(&b, "origin", cors("Allow-Origin"), cors("Allow-Credentials"))
	if methods := cors("Allow-Methods"); methods != "" {
		fmt.Fprintln(&b, "preflight", lists(methods, "PUT"), lists(cors("Allow-Headers"), "Content-Type"), cors("Max-Age"))
	} else {
		fmt.Fprintln(&b, "exposes", strings.ToLower(cors("Expose-Headers")))
	}
	if len(body) > 1<<10 {
		fmt.Fprintf(&b, "%d bytes, CRC-32 %08x", len(body), crc32.ChecksumIEEE(body))
	} else {
		b.Write(body)
	}
	return b.String()
}

// lists reports whether a comma-separated header has the element.
func lists(list, element string) bool {
	for e := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(e), element) {
			return true
		}
	}
	return false
}

// events removes the one space that may stand behind the colon of a field.
func events(stream []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(stream) {
		field, value, _ := bytes.Cut(line, []byte(":"))
		fmt.Fprintf(&b, "%s:%s", field, bytes.TrimPrefix(value, []byte(" ")))
	}
	return b.Bytes()
}

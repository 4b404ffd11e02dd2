package paritytest

// A request as a value: it can be made any number of times, and printed so that somebody can make
// it too.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/curl"
	"github.com/crossfade-go/crossfade/internal/door"
)

type request struct {
	method, target, host string
	header               http.Header
	body                 []byte
	ctx                  context.Context // with what the test has put there, or nil
}

// snapshot copies a request without using up its body.
func snapshot(req *fetch.Request) (request, error) {
	if req == nil {
		return request{}, errors.New("the request is nil")
	}
	if err := req.Err(); err != nil {
		return request{}, err
	}
	raw := fetch.Internal(door.Key()).Exchange(req).R
	r := request{method: raw.Method, target: raw.URL.String(), header: raw.Header.Clone(), ctx: req.Context()}
	if raw.Host != "localhost" && raw.URL.Host == "" {
		r.host = raw.Host
	}
	if err := req.Buffer(); err != nil {
		return request{}, err
	}
	var err error
	r.body, err = req.Bytes()
	return r, err
}

// fresh makes the request.
func (r request) fresh() *fetch.Request {
	var opts []fetch.RequestOption
	if len(r.body) > 0 {
		opts = append(opts, fetch.Body(r.body))
	}
	for _, line := range r.lines() {
		opts = append(opts, fetch.RequestHeader(line[0], line[1]))
	}
	req := fetch.NewRequest(r.method, r.target, opts...)
	if r.ctx != nil {
		req = req.WithContext(r.ctx)
	}
	return req
}

func (r request) name() string { return r.method + " " + r.target }

// String is the request as something to paste, twice.
func (r request) String() string { return "\n" + r.curl() + "\n" + r.goCode() }

func (r request) lines() [][2]string {
	var lines [][2]string
	if r.host != "" {
		lines = append(lines, [2]string{"Host", r.host})
	}
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		for _, value := range r.header[name] {
			lines = append(lines, [2]string{name, value})
		}
	}
	return lines
}

func (r request) curl() string { return curl.Line(r.method, r.target, r.lines(), r.body) }

func (r request) goCode() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch.NewRequest(%q, %q", r.method, r.target)
	for _, line := range r.lines() {
		fmt.Fprintf(&b, ", fetch.RequestHeader(%q, %q)", line[0], line[1])
	}
	if len(r.body) > 0 {
		fmt.Fprintf(&b, ", fetch.Body([]byte(%q))", r.body)
	}
	b.WriteString(")")
	return b.String()
}

// headerLines returns the header in one string, for the corpus of a fuzz test.
func (r request) headerLines() string {
	text := ""
	for _, line := range r.lines() {
		text += line[0] + ": " + line[1] + "\n"
	}
	return text
}

// parseLines reads what headerLines has written; other lines make no header.
func parseLines(text string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok {
			h[name] = append(h[name], value)
		}
	}
	return h
}

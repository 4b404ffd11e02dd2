package oracle_test

// Rows of the list of faults, one test each, for whoever looks for a row: the idioms of the corpus
// that it is about, in every place. And the table of what needs the connection, cell by cell.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// row holds the idioms of those names to what they are natively.
func row(t *testing.T, in []place, names ...string) {
	t.Helper()
	corpus := idioms()
	for _, name := range names {
		at := slices.IndexFunc(corpus, func(i idiom) bool { return i.name == name })
		if at < 0 {
			t.Fatalf("no idiom is called %q", name)
		}
		i := corpus[at]
		files = makeFiles(t)
		native := served.Serve(t, i.h, false)
		want := ask(native.Client(), native.URL, i)
		for _, p := range in {
			s := served.Serve(t, p.handler(t, subject{http: i.h}), false)
			got := ask(s.Client(), s.URL, i)
			if diff := differs(want, got, i, p); diff != "" {
				if _, ok := excuse(name, p.name); !ok {
					t.Errorf("%s, %s (-native +here)\n%s", name, p.name, diff)
				}
			}
		}
	}
}

// A type that a handler has not said is guessed, wherever it stands.
func TestB1GuessedTypes(t *testing.T) {
	row(t, places, "a page whose type is guessed", "a type guessed of two writes", "no type on purpose", "no type of an encoded body")
}

// A promised length that is not met breaks the answer, wherever the handler stands.
func TestB2PromisedLengths(t *testing.T) {
	row(t, places, "a length", "a length that is not met", "a length that is exceeded")
}

// Every optional interface of net/http's writer.
func TestB5OptionalInterfaces(t *testing.T) { row(t, places, "optional interfaces") }

// A HEAD in process has the head of the GET, and no body.
func TestB7HEADInProcess(t *testing.T) {
	for _, p := range places {
		if p.name == "mux.Fetch" {
			row(t, []place{p}, "a text, HEAD", "a length, HEAD", "a length that is not met, HEAD", "more than is held, HEAD", "a file, HEAD", "204, HEAD")
		}
	}
}

// columns are the places that the columns of the table stand for.
var columns = map[string][]string{
	"a route, net/http or reqres middleware": {"a route of its kind", "a reqres route", "behind http middleware", "behind reqres middleware", "a pair at Shadow", "a pair at Live"},
	"UseFetch that passes on":                {"behind fetch middleware", "behind middleware of each kind"},
	"UseFetch that reads the answer":         {"behind middleware that reads"},
	"in process":                             {"mux.Fetch", "called as a function"},
}

const works, refused, lost = "works", "ErrNotSupported", "nothing goes out"

// outcome says what became of a call of http.ResponseController.
func outcome(err error) string {
	switch {
	case err == nil:
		return works
	case errors.Is(err, http.ErrNotSupported):
		return refused
	}
	return err.Error()
}

// controls are the rows: a handler that answers with the outcome, or what the client must see of
// it.
var controls = map[string]struct {
	h    func(rc *http.ResponseController, w http.ResponseWriter) string
	seen func(got seen) bool
	h2   bool
}{
	"a read deadline": {h: func(rc *http.ResponseController, _ http.ResponseWriter) string {
		return outcome(rc.SetReadDeadline(time.Now().Add(time.Hour)))
	}},
	"a write deadline": {h: func(rc *http.ResponseController, _ http.ResponseWriter) string {
		return outcome(rc.SetWriteDeadline(time.Now().Add(time.Hour)))
	}},
	"full duplex": {h: func(rc *http.ResponseController, _ http.ResponseWriter) string { return outcome(rc.EnableFullDuplex()) }},
	"informational answers (103)": {h: func(_ *http.ResponseController, w http.ResponseWriter) string {
		w.WriteHeader(http.StatusEarlyHints)
		return works
	}, seen: func(got seen) bool { return len(got.Informational) == 1 }},
	"trailers": {h: func(_ *http.ResponseController, w http.ResponseWriter) string {
		w.Header().Set(http.TrailerPrefix+"X-Sum", "1")
		return works
	}, seen: func(got seen) bool { return got.Trailer.Get("X-Sum") == "1" }},
	"Hijack, on HTTP/1": {h: hijacking},
	"Hijack, on HTTP/2": {h: hijacking, h2: true},
}

func hijacking(rc *http.ResponseController, _ http.ResponseWriter) string {
	conn, rw, err := rc.Hijack()
	if err == nil {
		defer conn.Close()
		say2(rw, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nworks")
	}
	return outcome(err)
}

// tableOf is the table of a section of adapt/MIDDLEWARE.md.
func tableOf(t *testing.T, heading string) (lines [][]string) {
	b, err := os.ReadFile("../../../adapt/MIDDLEWARE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(b), heading+"\n")
	section, _, _ = strings.Cut(section, "\n#")
	for line := range strings.Lines(section) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") {
			lines = append(lines, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return lines
}

// fetchControls are the rows for the fetch shape: a handler, what it is asked, and what became of it.
var fetchControls = map[string]struct {
	h    fetch.Handler
	i    idiom
	seen func(got seen) string

	limits adapt.Limits
}{
	"a read deadline: `Limits.ReadTimeout`": {h: func(req *fetch.Request) (*fetch.Response, error) {
		if _, err := req.Bytes(); err != nil {
			return nil, err
		}
		return fetch.Text("all of it")
	}, i: idiom{method: "POST", body: "b", stalls: true}, limits: adapt.Limits{ReadTimeout: 50 * time.Millisecond}},
	"full duplex: a stream that reads the request": {h: func(req *fetch.Request) (*fetch.Response, error) {
		body := req.Reader()
		return fetch.StreamFunc(func(w *fetch.Writer) error {
			_, _ = io.WriteString(w, "begin ")
			if err := w.Flush(); err != nil {
				return err
			}
			b, err := io.ReadAll(body)
			_, _ = fmt.Fprint(w, len(b))
			return err
		})
	}, i: idiom{method: "POST", body: strings.Repeat("d", 100000)}, seen: func(got seen) string {
		if got.Body == "begin 100000" {
			return works
		}
		return got.Body
	}},
	"informational answers (103)": {h: func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("x", fetch.Status(103)) }},
	"trailers": {h: func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Text("x", fetch.SetHeader("Trailer", "X-Sum"), fetch.SetHeader("X-Sum", "1"))
	}, seen: func(got seen) string {
		if got.Trailer == nil && got.Header["Trailer"] == nil && got.Body == "x" {
			return lost
		}
		return fmt.Sprint(got)
	}},
}

// Each cell of "The fetch shape" in adapt/MIDDLEWARE.md is true. Faults B4.
func TestB4TheFetchShape(t *testing.T) {
	lines := tableOf(t, "### The fetch shape")
	if len(lines) != len(fetchControls)+1 {
		t.Fatalf("the table has %d rows, tested are %d", len(lines)-1, len(fetchControls))
	}
	for _, line := range lines[1:] {
		c, ok := fetchControls[line[0]]
		if !ok || len(line) != len(columns)+1 {
			t.Errorf("the row %q is not tested", line[0])
			continue
		}
		for n, want := range line[1:] {
			for _, p := range places {
				if !slices.Contains(columns[strings.TrimSpace(lines[0][n])], p.name) || c.i.stalls && p.valued {
					continue // in process the body is the caller's
				}
				s := served.Serve(t, p.handler(t, subject{fetch: c.h, limits: c.limits}), false)
				answer := ask(s.Client(), s.URL, c.i)
				got := strconv.Itoa(answer.Status)
				if c.seen != nil {
					got = c.seen(answer)
				}
				if got != strings.TrimSpace(want) {
					t.Errorf("%s, %s, %s: %s, want %s", line[0], lines[0][n], p.name, got, want)
				}
			}
		}
	}
}

// Each cell of "What needs the connection" in adapt/MIDDLEWARE.md is true. Faults B4.
func TestB4WhatNeedsTheConnection(t *testing.T) {
	lines := tableOf(t, "## What needs the connection")
	if len(lines) != len(controls)+1 {
		t.Fatalf("the table has %d rows, tested are %d", len(lines)-1, len(controls))
	}
	head := lines[0]
	for _, line := range lines[1:] {
		c, ok := controls[line[0]]
		if !ok || len(line) != len(columns)+1 {
			t.Errorf("the row %q is not tested", line[0])
			continue
		}
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, c.h(http.NewResponseController(w), w)) })
		for n, want := range line[1:] {
			names := columns[strings.TrimSpace(head[n])]
			if names == nil {
				t.Errorf("the column %q is not tested", head[n])
			}
			for _, p := range places {
				if !slices.Contains(names, p.name) {
					continue
				}
				s := served.Serve(t, p.handler(t, subject{http: h}), c.h2)
				if tls := s.Client().Transport.(*http.Transport).TLSClientConfig; tls != nil {
					tls.ServerName = "example.com"
				}
				answer := ask(s.Client(), s.URL, idiom{})
				got := answer.Body
				if got == works && c.seen != nil && !c.seen(answer) {
					got = lost
				}
				if got != strings.TrimSpace(want) {
					t.Errorf("%s, %s, %s: %s, want %s", line[0], head[n], p.name, got, want)
				}
			}
		}
	}
}

// What is documented as net/http's own way: OPTIONS * never reaches a handler, a 304 has no
// Content-Type, and several Cookie headers are one, joined as cookies are.
func TestB16AsDocumented(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Handle("GET", path, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "a/b")
			w.WriteHeader(http.StatusNotModified)
		}))
		r.ReqRes.GET("/reqres", func(req *reqres.Request, res *reqres.Response) error { return res.Send(req.Header("Cookie")) })
		r.Fetch.GET("/fetch", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Header("Cookie")) })
	})
	s := served.Serve(t, mux, false)
	raw := func(head string) string {
		t.Helper()
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, head); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b := make([]byte, 100)
		n, _ := res.Body.Read(b)
		return fmt.Sprintf("%d %q %s", res.StatusCode, res.Header.Get("Content-Type"), b[:n])
	}
	const rest = " HTTP/1.1\r\nHost: a.test\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"
	for head, want := range map[string]string{
		"OPTIONS *":   `200 "" `,
		"GET " + path: `304 "" `,
		"GET /reqres": `200 "text/html; charset=utf-8" a=1; b=2`,
		"GET /fetch":  `200 "text/plain; charset=utf-8" a=1; b=2`,
	} {
		if got := raw(head + rest); got != want {
			t.Errorf("%s: %s, want %s", head, got, want)
		}
	}
}

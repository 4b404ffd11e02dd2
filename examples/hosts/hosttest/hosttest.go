// Package hosttest asks the service of package app the same questions under every host, by HTTP:
// what a host must not change.
package hosttest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/examples/hosts/app"
)

// Host is the service under one host.
type Host struct {
	URL    string
	Client *http.Client // nil is http.DefaultClient
	// Buffers says that the host knows no streams: it sends an answer when it is complete.
	Buffers bool
	// Log is what the service has logged, where it may have several instances, each with orders of its
	// own; nil where it can be asked.
	Log func() string
}

// Answer is what a client has got. Err is how it broke off, nil where it is whole.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	Err    error
}

// Ask sends a request and reads its answer. A header is a line "Name: value".
func (h Host) Ask(t testing.TB, method, path, body string, headers ...string) Answer {
	t.Helper()
	res, err := h.send(t, method, path, body, headers...)
	if err != nil {
		return Answer{Err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, string(b), err}
}

func (h Host) send(t testing.TB, method, path, body string, headers ...string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Add(name, value)
	}
	return cmp.Or(h.Client, http.DefaultClient).Do(req)
}

// Run asks all of it.
func Run(t *testing.T, h Host) {
	t.Run("a stream", h.stream)
	t.Run("an upload comes back", h.upload)
	t.Run("cookies", h.cookies)
	t.Run("the client", h.client)
	t.Run("404", func(t *testing.T) { h.wants(t, "GET", "/nowhere", "", 404, `{"error":"Not Found"}`) })
	t.Run("405", func(t *testing.T) { h.wants(t, "DELETE", "/orders", "", 405, `{"error":"DELETE is not supported here`) })
	t.Run("413", func(t *testing.T) {
		h.wants(t, "POST", "/echo", strings.Repeat("x", 32<<10+1), 413, `{"error":"`)
	})
	t.Run("bytes", h.bytes)
	t.Run("HEAD", func(t *testing.T) { h.wants(t, "HEAD", "/orders", "", 200, "") })
	t.Run("a panic", func(t *testing.T) {
		h.wants(t, "GET", "/panic", "", 500, `{"error":"Internal Server Error"}`)
		h.wants(t, "GET", "/orders", "", 200, `{"done":`) // and the service goes on
	})
	t.Run("a stream that breaks", h.breaks)
	t.Run("work after the answer", h.work)
	t.Run("a thousand requests", h.thousand)
}

// wants asks for an answer that begins with body.
func (h Host) wants(t *testing.T, method, path, send string, status int, body string) {
	t.Helper()
	got := h.Ask(t, method, path, send)
	if got.Err != nil || got.Status != status || !strings.HasPrefix(got.Body, body) || body == "" && got.Body != "" {
		t.Errorf("%s %s: %d %q %v, want %d %q", method, path, got.Status, got.Body, got.Err, status, body)
	}
}

func (h Host) stream(t *testing.T) {
	var before time.Duration
	for range 5 { // a busy machine may be late with the first event, a host that keeps it back always is
		if before = h.events(t); h.Buffers || before >= app.Pause {
			return
		}
	}
	t.Errorf("the first event came %v before the last one, which is made %v later", before, 4*app.Pause)
}

// events reads a stream, and says how long the first event came before the last one.
func (h Host) events(t *testing.T) time.Duration {
	res, err := h.send(t, "GET", "/events?n=5", "")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != "text/event-stream" {
		t.Errorf("%d, Content-Type: %s", res.StatusCode, got)
	}
	first := make([]byte, len("data: 0\n\n"))
	if _, err := io.ReadFull(res.Body, first); err != nil {
		t.Fatal(err)
	}
	came := time.Now()
	rest, err := io.ReadAll(res.Body)
	if got := string(first) + string(rest); err != nil || got != "data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n" {
		t.Errorf("%q %v", got, err)
	}
	return time.Since(came)
}

func (h Host) upload(t *testing.T) {
	sent := strings.Repeat("a line that is sent there and back\n", 20_000)
	if got := h.Ask(t, "POST", "/stream", sent); got.Err != nil || got.Status != 200 || got.Body != sent {
		t.Errorf("%d, %d bytes of %d, %v", got.Status, len(got.Body), len(sent), got.Err)
	}
}

func (h Host) cookies(t *testing.T) {
	got := h.Ask(t, "GET", "/visits", "", "Cookie: visits=II; other=x")
	if got.Err != nil || got.Status != 200 || !strings.Contains(got.Body, `"visits":"II"`) {
		t.Errorf("%d %s %v", got.Status, got.Body, got.Err)
	}
	want := []string{"visits=III; Path=/; HttpOnly", "theme=dark%2C%20%22quoted%22; Path=/"}
	if cookies := got.Header.Values("Set-Cookie"); !slices.Equal(cookies, want) {
		t.Errorf("Set-Cookie: %q\nwant        %q", cookies, want)
	}
	if links := strings.Join(got.Header.Values("Link"), ", "); strings.ReplaceAll(links, ",<", ", <") != "</a>; rel=next, </b>; rel=prev" {
		t.Errorf("Link: %s", links)
	}
}

// client is who asked, not who says that he asked.
func (h Host) client(t *testing.T) {
	got := h.Ask(t, "GET", "/visits", "", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: evil.example",
		"CF-Connecting-IP: 127.0.0.1") // which Cloudflare sets, and nobody else looks at
	if !strings.Contains(got.Body, `"host":"127.0.0.1"`) || !strings.Contains(got.Body, `"ip":"127.0.0.1"`) {
		t.Errorf("%d %s %v", got.Status, got.Body, got.Err)
	}
}

// bytes sends every byte, and what is no UTF-8.
func (h Host) bytes(t *testing.T) {
	var all bytes.Buffer
	for i := range 256 {
		all.WriteByte(byte(i))
	}
	got := h.Ask(t, "POST", "/echo", all.String())
	if got.Err != nil || got.Status != 200 || got.Body != all.String() {
		t.Errorf("%d %q %v", got.Status, got.Body, got.Err)
	}
	if kind := got.Header.Get("Content-Type"); kind != "application/octet-stream" {
		t.Errorf("Content-Type: %s", kind)
	}
}

// breaks wants an answer that does not look complete.
func (h Host) breaks(t *testing.T) {
	if got := h.Ask(t, "GET", "/broken", ""); got.Err == nil && got.Status < 500 {
		t.Errorf("half an answer looks like a whole one: %d %q", got.Status, got.Body)
	}
}

func (h Host) work(t *testing.T) {
	done := func() string { return h.Ask(t, "GET", "/orders", "").Body }
	if h.Log != nil {
		done = func() string { return fmt.Sprint(strings.Count(h.Log(), "carried out"), " times") }
	}
	before := done()
	h.wants(t, "POST", "/orders", "", 202, `"accepted"`)
	for deadline := time.Now().Add(30 * time.Second); done() == before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the order was not carried out: %s", before)
		}
	}
}

// thousand makes a thousand requests of all kinds, and wants nothing of them to stay in memory.
func (h Host) thousand(t *testing.T) {
	used := func() (bytes int) {
		for range 5 { // of two instances that take turns the larger one
			n, err := strconv.Atoi(h.Ask(t, "GET", "/heap", "").Body)
			if err != nil {
				t.Fatal(err)
			}
			bytes = max(bytes, n)
		}
		return bytes
	}
	hundreds := func(n int) {
		for i := range n * 100 {
			switch i % 6 {
			case 0:
				h.Ask(t, "POST", "/echo", "some bytes")
			case 1:
				h.Ask(t, "POST", "/stream", "a longer text, there and back")
			case 2:
				h.Ask(t, "GET", "/broken", "")
			case 3:
				h.Ask(t, "GET", "/nowhere", "")
			case 4:
				h.Ask(t, "GET", "/visits", "", "Cookie: visits=I")
			case 5:
				h.Ask(t, "GET", "/events?n=1", "")
			}
		}
	}
	hundreds(2)
	before := used()
	hundreds(10)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) { // until the last ones have ended
		after := used()
		if after <= before+128<<10 {
			t.Logf("%d KiB in use, %d bytes more than before", after>>10, after-before)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("a thousand requests have left %d bytes behind", after-before)
		}
	}
}

// Build builds the program of this directory and returns its path. env are variables for go build.
func Build(t *testing.T, args []string, env ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	cmd := exec.Command("go", append(append([]string{"build", "-o", program}, args...), ".")...)
	cmd.Env = append(cmd.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

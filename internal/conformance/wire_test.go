package conformance

// A request as raw bytes over a loopback connection, and what came back: cases have headers that no
// HTTP client would send.

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// answer is a response as it was on the wire.
type answer struct {
	Status  int
	Headers map[string][]string // by lower-case name, one character a byte
	Framing string              // content-length, chunked or none
	Body    string
}

// exchange serves one raw request with h and reads the answer to the end of the connection. ok is
// false where none came.
func exchange(t *testing.T, h http.Handler, raw []byte) (a answer, ok bool) {
	t.Helper()
	b := wire(t, h, raw)
	if len(b) == 0 {
		return answer{}, false
	}
	a, err := readAnswer(b, bytes.HasPrefix(raw, []byte("HEAD ")))
	if err != nil {
		t.Fatalf("%v in %q", err, b)
	}
	return a, true
}

// wire serves one raw request with h and returns the bytes of the answer.
func wire(t *testing.T, h http.Handler, raw []byte) []byte {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), DisableGeneralOptionsHandler: true}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(l) }()
	defer func() { server.Close(); <-done }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	go conn.Write(raw)
	b, _ := io.ReadAll(conn) // an answer that breaks off is an answer too
	return b
}

// readAnswer parses what a server sent until it closed.
func readAnswer(b []byte, head bool) (answer, error) {
	r := bufio.NewReader(bytes.NewReader(b))
	for {
		a := answer{Headers: map[string][]string{}, Framing: "none"}
		line, err := r.ReadString('\n')
		if err != nil {
			return a, err
		}
		fields := strings.Fields(line)
		if len(fields) < 2 {
			return a, fmt.Errorf("status line %q", line)
		}
		if a.Status, err = strconv.Atoi(fields[1]); err != nil {
			return a, err
		}
		for {
			if line, err = r.ReadString('\n'); err != nil {
				return a, err
			}
			if line = strings.TrimRight(line, "\r\n"); line == "" {
				break
			}
			name, value, _ := strings.Cut(line, ":")
			name = strings.ToLower(name)
			a.Headers[name] = append(a.Headers[name], fromLatin1(strings.Trim(value, " \t")))
		}
		if a.Status/100 == 1 && a.Status != http.StatusSwitchingProtocols {
			continue // informational
		}
		var body io.Reader = r
		switch {
		case slices.Contains(a.Headers["transfer-encoding"], "chunked"):
			a.Framing = "chunked"
			if !head {
				body = httputil.NewChunkedReader(r)
			}
		case a.Headers["content-length"] != nil:
			a.Framing = "content-length"
		}
		rest, err := io.ReadAll(body)
		a.Body = string(rest)
		return a, err
	}
}

// fromLatin1 makes each byte a character.
func fromLatin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// latin1 makes each character up to U+00FF a byte; one beyond stays as UTF-8, for the other side to
// refuse.
func latin1(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r <= 0xFF {
			b.WriteByte(byte(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// field is one header line of a request.
type field [2]string

// rawRequest writes a request. A nil host leaves the header out, and makes it one of HTTP/1.0,
// because net/http refuses an HTTP/1.1 request without a Host. chunks, if not nil, are the body in
// place of body.
func rawRequest(method, target string, host *string, headers []field, body *string, chunks []string) []byte {
	var b bytes.Buffer
	version := "HTTP/1.1"
	if host == nil {
		version = "HTTP/1.0"
	}
	fmt.Fprintf(&b, "%s %s %s\r\n", method, target, version)
	if host != nil {
		fmt.Fprintf(&b, "Host: %s\r\n", *host)
	}
	for _, f := range headers {
		fmt.Fprintf(&b, "%s: %s\r\n", f[0], latin1(f[1]))
	}
	b.WriteString("Connection: close\r\n")
	has := func(name string) bool {
		return slices.ContainsFunc(headers, func(f field) bool { return strings.EqualFold(f[0], name) })
	}
	switch {
	case chunks != nil:
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for _, c := range chunks {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(c), c)
		}
		b.WriteString("0\r\n\r\n")
	case body != nil && !has("Content-Length"):
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(*body), *body)
	default:
		b.WriteString("\r\n")
		if body != nil {
			b.WriteString(cmp.Or(*body, ""))
		}
	}
	return b.Bytes()
}

package inbound

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/route"
)

// conn is a connection that notes what is asked of it.
type conn struct {
	http.ResponseWriter
	deadlines int
	duplex    bool
}

func (c *conn) SetReadDeadline(time.Time) error { c.deadlines++; return nil }
func (c *conn) EnableFullDuplex() error         { c.duplex = true; return nil }

func limited(l crossfade.Limits) *route.Env {
	return &route.Env{Service: &route.Service{Limits: route.Resolved(l)}}
}

// post returns the body of a POST whose length is announced, or not.
func post(body string, length int64, l crossfade.Limits) (*Request, Body, *conn) {
	r := httptest.NewRequest("POST", "/", io.NopCloser(strings.NewReader(body)))
	r.ContentLength = length
	c := &conn{ResponseWriter: httptest.NewRecorder()}
	x := &Request{R: r, Env: limited(l)}
	return x, x.BodyFrom(c), c
}

func status(err error) string {
	if e, ok := errors.AsType[*crossfade.Error](err); ok {
		return fmt.Sprint(e.StatusCode())
	}
	if errors.Is(err, ErrBodyUsed) {
		return "used"
	}
	return fmt.Sprint(err)
}

// readers is every way to read a body.
var readers = map[string]func(b Body) ([]byte, error){
	"Collect":   func(b Body) ([]byte, error) { return b.Collect() },
	"Use":       func(b Body) ([]byte, error) { return b.Use() },
	"Stream":    func(b Body) ([]byte, error) { return io.ReadAll(b.Stream()) },
	"UseStream": func(b Body) ([]byte, error) { return io.ReadAll(b.UseStream()) },
	"HTTP":      func(b Body) ([]byte, error) { return io.ReadAll(b.HTTP()) },
}

// What one shape has done with the body the other one sees: reqres keeps it, fetch takes it once.
func TestReadAfterRead(t *testing.T) {
	again := map[string]map[string]string{
		"Collect":   {"Collect": "<nil>", "Use": "<nil>", "Stream": "<nil>", "UseStream": "<nil>", "HTTP": "<nil>"},
		"Use":       {"Collect": "<nil>", "Use": "used", "Stream": "<nil>", "UseStream": "used", "HTTP": "<nil>"},
		"Stream":    {"Collect": "used", "Use": "used", "Stream": "used", "UseStream": "used", "HTTP": "used"},
		"UseStream": {"Collect": "used", "Use": "used", "Stream": "used", "UseStream": "used", "HTTP": "used"},
		"HTTP":      {"Collect": "used", "Use": "used", "Stream": "used", "UseStream": "used", "HTTP": "used"},
	}
	for _, length := range []int64{4, -1} {
		for first, seconds := range again {
			for second, want := range seconds {
				_, b, _ := post("body", length, crossfade.Limits{})
				if got, err := readers[first](b); string(got) != "body" || err != nil {
					t.Errorf("%s: %q, %v", first, got, err)
				}
				got, err := readers[second](b)
				if status(err) != want || err == nil && string(got) != "body" {
					t.Errorf("%s after %s: %q, %v", second, first, got, err)
				}
			}
		}
		for name, read := range readers {
			_, b, _ := post("body", length, crossfade.Limits{})
			if err := b.Buffer(); err != nil {
				t.Error(err)
			}
			for range 2 {
				if got, err := read(b); string(got) != "body" || err != nil || b.UsedErr() != nil {
					t.Errorf("%s after Buffer: %q, %v", name, got, err)
				}
			}
		}
	}
}

// A GET has no body in the Fetch shape, whatever was sent, and one that there is not is empty.
func TestNoBody(t *testing.T) {
	for name, read := range readers {
		r := &Request{R: httptest.NewRequest("POST", "/", nil), Env: limited(crossfade.Limits{})}
		r.R.Body = nil
		b := r.BodyFrom(nil)
		if name == "HTTP" {
			continue // only a request with a body has one of it
		}
		if got, err := read(b); len(got) != 0 || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if _, whole := b.Collected(); !whole {
			t.Errorf("%s: nothing is not the whole", name)
		}
	}
	r, b, _ := post("body", 4, crossfade.Limits{})
	r.R.Method = "GET"
	if got, err := b.Use(); got != nil || err != nil || b.Buffer() != nil || b.Used() {
		t.Errorf("Use of a GET: %q, %v", got, err)
	}
	if got, err := b.Collect(); string(got) != "body" || err != nil {
		t.Errorf("Collect of a GET: %q, %v", got, err)
	}
}

// A body is bounded, announced or not, and however it is read; what it costs to find out too.
func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		limits crossfade.Limits
		length int64
		read   string
		want   string
	}{
		{"an announced length beyond the limit", crossfade.Limits{Body: 3}, 4, "Collect", "413"},
		{"one that is not announced", crossfade.Limits{Body: 3}, -1, "Collect", "413"},
		{"one at the limit", crossfade.Limits{Body: 4}, -1, "Collect", "<nil>"},
		{"a negative limit is none", crossfade.Limits{Body: -1}, -1, "Collect", "<nil>"},
		{"the largest limit cuts nothing off", crossfade.Limits{Body: math.MaxInt64}, -1, "Collect", "<nil>"},
		{"nor does that of a stream", crossfade.Limits{Stream: math.MaxInt64}, -1, "Stream", "<nil>"},
		{"Body does not bound a stream", crossfade.Limits{Body: 3}, 4, "Stream", "<nil>"},
		{"Stream does, announced", crossfade.Limits{Stream: 3}, 4, "Stream", "413"},
		{"and not", crossfade.Limits{Stream: 3}, -1, "UseStream", "413"},
		{"an http.Handler's too", crossfade.Limits{Stream: 3}, -1, "HTTP", "413"},
		{"a body that breaks off is the client's mistake", crossfade.Limits{}, 5, "Collect", "400"},
		{"also in its first byte", crossfade.Limits{}, 5, "Use", "400"},
	} {
		body := "body"
		if tt.rule == "also in its first byte" {
			body = ""
		}
		_, b, _ := post(body, tt.length, tt.limits)
		got, err := readers[tt.read](b)
		if status(err) != tt.want || err == nil && string(got) != body {
			t.Errorf("%s: %q, %v", tt.rule, got, err)
		}
		if _, err := readers[tt.read](b); err == nil && tt.want != "<nil>" {
			t.Errorf("%s: a second read is not an error", tt.rule)
		}
	}
	_, b, _ := post("body", 4, crossfade.Limits{})
	if _, err := b.CollectWithin(9); err != nil {
		t.Error(err)
	}
	if _, err := b.CollectWithin(3); status(err) != "413" {
		t.Errorf("kept bytes beyond a smaller limit: %v", err)
	}
}

// Reading has a time, from the first read to the last, and not on a connection that may be another
// request's by now.
func TestReadTimeout(t *testing.T) {
	for name, read := range readers {
		_, b, c := post("body", -1, crossfade.Limits{ReadTimeout: time.Hour})
		if _, err := read(b); err != nil || c.deadlines != 2 {
			t.Errorf("%s: %v, %d deadlines", name, err, c.deadlines)
		}
		r, b, c := post("body", -1, crossfade.Limits{ReadTimeout: time.Hour})
		r.EndBody(true)
		_, err := read(b)
		if c.deadlines != 0 {
			t.Errorf("%s after the end set %d deadlines", name, c.deadlines)
		}
		if (name == "Stream" || name == "UseStream" || name == "HTTP") && err != http.ErrBodyReadAfterClose {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
	_, b, c := post("body", -1, crossfade.Limits{ReadTimeout: time.Nanosecond})
	if _, err := b.Collect(); err != nil || c.deadlines != 1 {
		t.Errorf("a time that is over is not lifted: %v, %d", err, c.deadlines)
	}
	x := &Request{R: httptest.NewRequest("POST", "/", strings.NewReader("b")), Env: limited(crossfade.Limits{ReadTimeout: 1})}
	if _, err := x.BodyFrom(httptest.NewRecorder()).Collect(); err != nil {
		t.Errorf("without a connection: %v", err)
	}
}

// closer notes that it was closed.
type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

// A handler that was given up may still read when another one answers: the race detector sees what
// they share.
func TestSettleWhileRead(t *testing.T) {
	for range 100 {
		r := &Request{R: httptest.NewRequest("POST", "/", nil), Env: limited(crossfade.Limits{})}
		r.R.Body, r.R.ContentLength = &closer{Reader: strings.NewReader("body")}, -1
		b, done := r.BodyFrom(&conn{ResponseWriter: httptest.NewRecorder()}), make(chan error)
		go func() {
			_, err := b.Collect()
			done <- err
		}()
		b.Settle(make(http.Header), false, false)
		b.HTTP()
		r.EndBody(true)
		if err := <-done; err != nil && err != errClosed {
			t.Fatal(err)
		}
	}
}

// What becomes of the body when the answer begins, of which the first exchange that sends a head
// decides.
func TestSettle(t *testing.T) {
	none := func(Body) {}
	for _, tt := range []struct {
		rule           string
		before         func(b Body)
		whole, foreign bool
		expect, ends   bool
		want           string
	}{
		{"an answer in memory leaves it to net/http", none, true, false, false, false, ""},
		{"an untouched one is closed", none, false, false, false, false, "closed"},
		{"one that was read to its end needs nothing", func(b Body) { _, _ = b.Collect() }, false, false, false, false, ""},
		{"one that is being read needs full duplex, and the connection ends", func(b Body) { _, _ = b.Stream().Read(make([]byte, 1)) }, false, false, false, false, "duplex Connection: close"},
		{"an http.Handler may read on", func(b Body) { b.HTTP() }, false, true, false, false, "duplex"},
		{"and is not waited for where the connection ends", none, false, true, false, true, "duplex"},
		{"a client that waits for 100 sends nothing", none, false, false, true, false, ""},
	} {
		src := &closer{Reader: strings.NewReader("body")}
		r := &Request{R: httptest.NewRequest("POST", "/", nil), Env: limited(crossfade.Limits{})}
		r.R.Body, r.R.ContentLength, r.R.Close = src, -1, tt.ends
		if tt.expect {
			r.R.Header["Expect"] = []string{"100-continue"}
		}
		c := &conn{ResponseWriter: httptest.NewRecorder()}
		b := r.BodyFrom(c)
		tt.before(b)
		h := make(http.Header)
		b.Settle(h, tt.whole, tt.foreign)
		got := strings.TrimSpace(map[bool]string{true: "closed "}[src.closed] + map[bool]string{true: "duplex "}[c.duplex])
		if v := h.Get("Connection"); v != "" {
			got += " Connection: " + v
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
		b.Settle(h, false, false)
		if c.duplex = false; len(h) == 0 && tt.want != "closed" && src.closed {
			t.Errorf("%s: the second exchange has decided again", tt.rule)
		}
		if r.EndBody(true); (tt.foreign && !tt.ends) != (src.closed && tt.want == "duplex") {
			t.Errorf("%s: at the end, closed %v", tt.rule, src.closed)
		}
		if tt.want == "closed" {
			if _, err := b.Collect(); err != errClosed {
				t.Errorf("%s: and then read: %v", tt.rule, err)
			}
		}
	}
	w := httptest.NewRecorder()
	(&Request{}).Cut(w)
	if w.Header().Get("Connection") != "close" {
		t.Error("an upload that is cut keeps its connection")
	}
}

// The body of one request can be another's, its own, or taken back.
func TestShares(t *testing.T) {
	r, b, c := post("body", 4, crossfade.Limits{})
	of := &Request{R: r.R, Env: r.Env}
	of.ShareBody(b)
	if !of.SharesBody(r) || !of.Wraps(b.HTTP()) || of.Wraps(r.R.Body) {
		t.Error("a shared body is not the same")
	}
	wrapped := b.HTTP()
	if _, err := of.BodyFrom(nil).Use(); err != nil || !b.Used() {
		t.Errorf("what one has done the other does not see: %v", err)
	}
	if got, err := io.ReadAll(wrapped); string(got) != "body" || err != nil {
		t.Errorf("an http.Handler reads %q, %v", got, err)
	}
	if err := wrapped.Close(); err != nil {
		t.Error(err)
	}
	if _, err := wrapped.Read(make([]byte, 1)); err != http.ErrBodyReadAfterClose {
		t.Errorf("after Close: %v", err)
	}
	of.OwnBody(c)
	if of.SharesBody(r) || !of.BodyFrom(nil).Untouched() {
		t.Error("an own body is not")
	}
	of.SetBody([]byte("clone"))
	if got, _ := of.BodyFrom(nil).Use(); string(got) != "clone" {
		t.Errorf("a clone's: %q", got)
	}
	b.Rewind([]byte("again"))
	if got, err := b.Use(); string(got) != "again" || err != nil {
		t.Errorf("rewound: %q, %v", got, err)
	}
	b.SetCollected([]byte("decoded"))
	if got, whole := b.Collected(); string(got) != "decoded" || !whole || b.Untouched() {
		t.Errorf("decoded: %q", got)
	}
	_, b, _ = post("body", 4, crossfade.Limits{})
	var tapped bytes.Buffer
	b.Tap(func(src io.ReadCloser) io.ReadCloser { return io.NopCloser(io.TeeReader(src, &tapped)) })
	if _, whole := b.Collected(); whole {
		t.Error("what nobody has read is in memory")
	}
	if _, err := b.Collect(); err != nil || tapped.String() != "body" {
		t.Errorf("tapped %q, %v", tapped.String(), err)
	}
	_, b, _ = post("body", 4, crossfade.Limits{})
	if err := b.HTTP().Close(); err != nil {
		t.Error(err)
	}
	if _, err := b.Collect(); !errors.Is(err, ErrBodyUsed) {
		t.Errorf("after an http.Handler has closed it: %v", err)
	}
}

const boundary = "multipart/form-data; boundary=b"

// Forms by their type and within their limits, whole and part by part.
func TestForms(t *testing.T) {
	part := "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n"
	file := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 4096) + "\r\n--b--\r\n"
	for _, tt := range []struct {
		rule, kind, body string
		limits           crossfade.Limits
		form, parts      string
	}{
		{"URL-encoded", "application/x-www-form-urlencoded", "a=1&b=2", crossfade.Limits{}, "<nil>", "415"},
		{"too many entries", "application/x-www-form-urlencoded", "a=1&b=2", crossfade.Limits{Parts: 1}, "413", "415"},
		{"URL-encoded beyond Body", "application/x-www-form-urlencoded", "a=1&b=2", crossfade.Limits{Body: 3}, "413", "415"},
		{"multipart", boundary, part, crossfade.Limits{}, "<nil>", "<nil>"},
		{"a file beyond memory", boundary, file, crossfade.Limits{FormMemory: 16}, "<nil>", "<nil>"},
		{"beyond Form", boundary, part, crossfade.Limits{Form: 9}, "413", "<nil>"},
		{"no boundary", "multipart/form-data", part, crossfade.Limits{}, "400", "400"},
		{"no type", "", part, crossfade.Limits{}, "415", "415"},
		{"another type", "text/plain", part, crossfade.Limits{}, "415", "415"},
		{"malformed", boundary, "--x", crossfade.Limits{}, "400", "400"},
	} {
		for _, length := range []int64{int64(len(tt.body)), -1} {
			for use := range map[bool]bool{false: true, true: true} {
				open := func() (*Request, Body) {
					r, b, _ := post(tt.body, length, tt.limits)
					r.R.Header["Content-Type"] = []string{tt.kind}
					return r, b
				}
				r, b := open()
				read := b.Form
				if use {
					read = b.UseForm
				}
				f, err := read()
				if status(err) != tt.form {
					t.Errorf("%s: %v, want %s", tt.rule, err, tt.form)
				}
				if err == nil {
					r.EndBody(true)
					if file, ok := f.File("f"); ok {
						if _, err := file.Open(); tt.limits.FormMemory > 0 && err == nil {
							t.Errorf("%s: the file of the form outlives the request: %v", tt.rule, err)
						}
					}
				}
				_, b = open()
				each := b.Parts
				if use {
					each = b.UseParts
				}
				got := error(nil)
				each(func(_ *multipart.Part, err error) bool { got = err; return err == nil })
				if status(got) != tt.parts {
					t.Errorf("%s, in parts: %v, want %s", tt.rule, got, tt.parts)
				}
				each(func(*multipart.Part, error) bool { return false })
			}
		}
	}
	r, b, _ := post(part, -1, crossfade.Limits{})
	r.R.Header["Content-Type"] = []string{boundary}
	if _, err := b.Collect(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // collected bytes are parsed where they lie
		if f, err := b.Form(); err != nil || f.Get("a") != "1" {
			t.Errorf("of collected bytes: %v", err)
		}
	}
	r.EndBody(true)
	if _, err := b.Form(); err != nil {
		t.Errorf("a form after the end: %v", err)
	}
}

// What went wrong while a body was read, as the answer says it.
func TestReadError(t *testing.T) {
	got := make(map[string]string)
	want := map[string]string{
		"deadline": "408", "cut": "400", "closed": "400", "too large": "413", "ours": "418", "else": "400",
		"used": "used", "EOF": "EOF", "none": "<nil>",
	}
	for name, err := range map[string]error{
		"deadline": os.ErrDeadlineExceeded, "cut": io.ErrUnexpectedEOF, "closed": http.ErrBodyReadAfterClose,
		"too large": &http.MaxBytesError{Limit: 3}, "ours": crossfade.Errorf(418, "x"), "else": errors.New("x"),
		"used": ErrBodyUsed, "EOF": io.EOF, "none": nil,
	} {
		got[name] = status(ReadError(err))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

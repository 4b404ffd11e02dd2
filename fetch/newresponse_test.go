package fetch_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/fetch"
)

// A response of NewResponse is read or sent once, as in the Standard; those of the other
// constructors as often as one likes.
func TestNewResponse_once(t *testing.T) {
	send := func(res *fetch.Response) int {
		w := httptest.NewRecorder()
		fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return res, nil }).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Code
	}
	once, err := fetch.NewResponse(fetch.BlobBody([]byte("x"), "text/plain"))
	if err != nil {
		t.Fatal(err)
	}
	clone, err := once.Clone()
	if err != nil {
		t.Fatal(err)
	}
	if s, err := once.Text(); s != "x" || err != nil {
		t.Errorf("Text() = %q, %v", s, err)
	}
	if _, err := once.Text(); !errors.Is(err, fetch.ErrBodyUsed) {
		t.Errorf("the second Text() = %v, want ErrBodyUsed", err)
	}
	if code := send(once); code != 500 {
		t.Errorf("a used response was sent with %d, want 500", code)
	}
	if code := send(clone); code != 200 {
		t.Errorf("the clone was sent with %d, want 200", code)
	}
	often := fetch.Must(fetch.Text("x"))
	for range 2 {
		if code := send(often); code != 200 {
			t.Errorf("a buffered response was sent with %d, want 200", code)
		}
	}
}

// The bytes of a body are copied where the Standard copies them.
func TestNewResponse_snapshot(t *testing.T) {
	b := []byte("before")
	res, err := fetch.NewResponse(fetch.Body(b))
	req := fetch.NewRequest("POST", "/", fetch.Body(b))
	copy(b, "after!")
	for _, m := range []interface{ Text() (string, error) }{res, req} {
		if s, err2 := m.Text(); s != "before" || err != nil || err2 != nil {
			t.Errorf("Text() = %q, %v, %v; want what the bytes were", s, err, err2)
		}
	}
}

func TestNewResponse_refuses(t *testing.T) {
	tests := []struct {
		rule    string
		body    fetch.RequestOption
		opts    []fetch.ResponseOption
		in      string
		isRange bool
	}{
		{"the status comes first", fetch.RequestOption{}, []fetch.ResponseOption{fetch.Status(99), fetch.StatusText("\n"), fetch.SetHeader("a b", "")}, "status 99", true},
		{"then the status text", fetch.RequestOption{}, []fetch.ResponseOption{fetch.StatusText("a\r\nX: y"), fetch.SetHeader("a b", "")}, "status text", false},
		{"then the headers", fetch.BlobBody([]byte(""), "text/plain"), []fetch.ResponseOption{fetch.SetHeader("a b", ""), fetch.Status(204)}, `"a b"`, false},
		{"then a body where there is none", fetch.BlobBody([]byte(""), "text/plain"), []fetch.ResponseOption{fetch.Status(204)}, "204", false},
		{"a body that is a method", fetch.Method("GET"), nil, "not a body", false},
		{"a body that has no JSON", fetch.JSONBody(func() {}), nil, "json", false},
	}
	for _, tt := range tests {
		res, err := fetch.NewResponse(tt.body, tt.opts...)
		if res != nil || err == nil || !strings.Contains(err.Error(), tt.in) || errors.Is(err, fetch.ErrRange) != tt.isRange {
			t.Errorf("%s: NewResponse = %v, %v; want an error with %q, ErrRange: %t", tt.rule, res, err, tt.in, tt.isRange)
		}
	}
}

// Every constructor takes a status text, as the Standard's Response.json does.
func TestC7StatusText(t *testing.T) {
	type constructor func(opts ...fetch.ResponseOption) (*fetch.Response, error)
	for name, tt := range map[string]struct {
		make constructor
		code int
	}{
		"JSON":      {func(opts ...fetch.ResponseOption) (*fetch.Response, error) { return fetch.JSON("x", opts...) }, 200},
		"Text":      {func(opts ...fetch.ResponseOption) (*fetch.Response, error) { return fetch.Text("x", opts...) }, 200},
		"HTML":      {func(opts ...fetch.ResponseOption) (*fetch.Response, error) { return fetch.HTML("x", opts...) }, 200},
		"Bytes":     {func(opts ...fetch.ResponseOption) (*fetch.Response, error) { return fetch.Bytes([]byte("x"), opts...) }, 200},
		"NoContent": {fetch.NoContent, 204},
		"NotFound":  {fetch.NotFound, 404},
		"Redirect":  {func(opts ...fetch.ResponseOption) (*fetch.Response, error) { return fetch.Redirect("/x", opts...) }, 302},
		"Stream": {func(opts ...fetch.ResponseOption) (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader("x"), opts...)
		}, 200},
		"NewResponse": {func(opts ...fetch.ResponseOption) (*fetch.Response, error) {
			return fetch.NewResponse(fetch.BlobBody([]byte("x"), "text/plain"), opts...)
		}, 200},
	} {
		res, err := tt.make(fetch.StatusText("foo"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for range 2 { // what is in memory is sent more than once
			rec := httptest.NewRecorder()
			fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return res.Clone() }).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			if rec.Code != tt.code || res.StatusText() != "foo" || res.WithHeader("X-A", "b").StatusText() != "foo" {
				t.Errorf("%s: %d %q", name, rec.Code, res.StatusText())
			}
		}
		for _, bad := range []string{"a\nb", "a\r\nX: y", "\x00", "\x7f"} {
			if res, err := tt.make(fetch.StatusText(bad)); err == nil || res != nil {
				t.Errorf("%s took the status text %q", name, bad)
			}
		}
	}
}

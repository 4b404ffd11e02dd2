package fetch_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
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
	once, err := fetch.NewResponse(fetch.TextBody("x"))
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
		{"then the headers", fetch.TextBody(""), []fetch.ResponseOption{fetch.SetHeader("a b", ""), fetch.Status(204)}, `"a b"`, false},
		{"then a body where there is none", fetch.TextBody(""), []fetch.ResponseOption{fetch.Status(204)}, "204", false},
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
			return fetch.NewResponse(fetch.TextBody("x"), opts...)
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

// What to do instead is what this body has.
func TestC8ResponseReadTwice(t *testing.T) {
	res := fetch.Must(fetch.Stream(strings.NewReader("x")))
	res.Text()
	if _, err := res.Text(); !errors.Is(err, fetch.ErrBodyUsed) || !strings.Contains(err.Error(), "Clone") || strings.Contains(err.Error(), "Buffer") {
		t.Errorf("a response read twice: %v", err)
	}
	req := fetch.NewRequest("POST", "/", fetch.TextBody("x"))
	req.Text()
	if _, err := req.Text(); !errors.Is(err, fetch.ErrBodyUsed) || !strings.Contains(err.Error(), "Buffer") {
		t.Errorf("a request read twice: %v", err)
	}
}

// A derived request has the body of the one it was made from, which is used from then on; an error
// leaves it alone.
func TestDerive(t *testing.T) {
	first := func() *fetch.Request {
		return fetch.NewRequest("POST", "/p?q=1", fetch.TextBody("body"), fetch.RequestHeader("X-A", "1")).WithParam("id", "7")
	}
	req := first()
	next, err := req.Derive(fetch.Method("put"), fetch.RequestHeader("X-B", "2"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := next.Text()
	got := []any{next.Method(), next.URL().String(), next.Header("X-A"), next.Header("X-B"), next.Param("id"), text, err, req.BodyUsed(), req.Header("X-B")}
	want := []any{"PUT", "http://localhost/p?q=1", "1", "2", "7", "body", error(nil), true, ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Derive (-want +got):\n%s", diff)
	}
	if _, err := req.Derive(); !errors.Is(err, fetch.ErrBodyUsed) {
		t.Errorf("Derive of a used request = %v, want ErrBodyUsed", err)
	}
	if again, err := req.Derive(fetch.StreamBody(strings.NewReader("new"))); err != nil {
		t.Errorf("Derive of a used request with a new body = %v", err)
	} else if s, err := again.Text(); s != "new" || err != nil {
		t.Errorf("its Text() = %q, %v", s, err)
	}
	for rule, opts := range map[string][]fetch.RequestOption{
		"a GET has no body":         {fetch.Method("GET")},
		"a method is a token":       {fetch.Method("a b")},
		"headers are valid":         {fetch.RequestHeader("a b", "1")},
		"a refused list of headers": {fetch.RequestHeaders(crossfade.NewHeader("a b", "1"))},
	} {
		req := first()
		if _, err := req.Derive(opts...); err == nil {
			t.Errorf("%s: no error", rule)
		}
		if s, err := req.Text(); s != "body" || err != nil {
			t.Errorf("%s: afterwards Text() = %q, %v; the original must be as it was", rule, s, err)
		}
	}
}

// Over a connection, a derived request streams what the client sends.
func TestDerive_served(t *testing.T) {
	inner := fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
		b, err := io.ReadAll(req.Reader())
		if err != nil {
			return nil, err
		}
		return fetch.Text(req.Method() + " " + string(b))
	})
	s := httptest.NewServer(fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
		next, err := req.Derive(fetch.Method("PUT"))
		if err != nil {
			return nil, err
		}
		return inner(next)
	}))
	defer s.Close()
	for range 2 { // on one connection
		res, err := http.Post(s.URL, "text/plain", strings.NewReader("sent"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if string(b) != "PUT sent" || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
	}
}

func TestNewRequest_refuses(t *testing.T) {
	for rule, req := range map[string]*fetch.Request{
		"a body of a GET":     fetch.NewRequest("GET", "/", fetch.TextBody("")),
		"a relative target":   fetch.NewRequest("GET", "x"),
		"an empty target":     fetch.NewRequest("GET", ""),
		"credentials":         fetch.NewRequest("GET", "http://u:p@a.test/"),
		"a port beyond 65535": fetch.NewRequest("GET", "http://a.test:99999/"),
		"a malformed escape":  fetch.NewRequest("GET", "/%zz"),
		"a scheme of no web":  fetch.NewRequest("GET", "mailto:a@b"),
	} {
		if req.Err() == nil {
			t.Errorf("%s: no error", rule)
		}
	}
	if err := fetch.NewRequest("GET", "/a b?'#").Err(); err != nil {
		t.Errorf("a path as it came: %v", err)
	}
}

// A response whose form it is, and what its media type says.
func TestResponse_Form(t *testing.T) {
	form := crossfade.NewForm(fetch.FormEntry{Name: "a", Value: "1"}, fetch.FormEntry{Name: "f", File: crossfade.NewFile("f.txt", "text/plain", []byte("x"))})
	res, err := fetch.NewResponse(fetch.FormBody(form))
	if err != nil {
		t.Fatal(err)
	}
	got, err := res.Form()
	if err != nil {
		t.Fatal(err)
	}
	file, _ := got.File("f")
	if got.Get("a") != "1" || file == nil || file.Name != "f.txt" {
		t.Errorf("Form() has %q and %v", got.Get("a"), file)
	}
	if s := res.Headers().MediaType(); !strings.HasPrefix(s, "multipart/form-data;boundary=") {
		t.Errorf("MediaType() = %q", s)
	}
	if _, err := fetch.Must(fetch.Text("x")).Form(); err == nil {
		t.Error("Form() of a text has no error")
	}
}

// The class of the error of a body that is not JSON.
func TestSyntaxError(t *testing.T) {
	var v any
	for _, m := range []interface{ JSON(any) error }{
		fetch.Must(fetch.Text("{")), fetch.NewRequest("POST", "/", fetch.TextBody("{")), fetch.NewRequest("POST", "/"),
	} {
		err := m.JSON(&v)
		if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
			t.Errorf("JSON() = %v, want a *json.SyntaxError in it", err)
		}
	}
}

// What a handler throws from its depth is answered as it is.
func TestAsError(t *testing.T) {
	deep := func() error {
		return fetch.AsError(fetch.Redirect("/login", fetch.Status(307), fetch.SetCookie("a", "1", fetch.CookieOptions{})))
	}
	w := httptest.NewRecorder()
	fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return nil, deep() }).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 307 || w.Header().Get("Location") != "/login" || w.Header().Get("Set-Cookie") != "a=1; Path=/" {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
	if err := fetch.AsError(fetch.Redirect("")); err == nil || errors.As(err, new(*fetch.ResponseError)) {
		t.Errorf("AsError of a constructor's error = %v, want that error", err)
	}
}

func TestRedirect_target(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b#c":                "/a?b#c",
		"a/b":                   "a/b",
		"/é":                    "/%C3%A9",
		"//b.test/x":            "//b.test/x",
		"HTTP://B.test:80/../x": "http://b.test/x",
		"http://b.test/a\r\nb":  "http://b.test/ab",
		"mailto:a@b":            "mailto:a@b",
	} {
		res, err := fetch.Redirect(target)
		if err != nil || res.Header("Location") != want {
			t.Errorf("Redirect(%q): Location %q, %v; want %q", target, res.Header("Location"), err, want)
		}
	}
	for _, target := range []string{"", " ", "http://:80/", "http://a b/", "https://"} {
		if _, err := fetch.Redirect(target); err == nil {
			t.Errorf("Redirect(%q) has no error", target)
		}
	}
}

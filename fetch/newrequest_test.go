package fetch_test

import (
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

// A request has an http or https URL; another scheme is refused, and never turned into one of them.
func TestC6SchemesOfNewRequest(t *testing.T) {
	for target, want := range map[string]string{
		"http://a.test/x":    "http://a.test/x",
		"https://a.test/x":   "https://a.test/x",
		"HTTPS://a.test/x":   "https://a.test/x",
		"https:a.test":       "https://a.test/",
		"http://a.test:443/": "http://a.test:443/",
		"/x":                 "http://localhost/x",
		"ftp://a.test/x":     "",
		"ws://a.test/x":      "",
		"wss://a.test/x":     "",
		"WSS://a.test/x":     "",
		"file:///etc/passwd": "",
		"data:,x":            "",
		"javascript:x":       "",
		"gopher://a.test/":   "",
		"x:/a":               "",
	} {
		req := fetch.NewRequest("GET", target)
		err := req.Err()
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), target)):
			t.Errorf("%s: %v, want an error that names it; URL %s", target, err, req.URL())
		case want != "" && (err != nil || req.URL().String() != want):
			t.Errorf("%s: %s, %v, want %s", target, req.URL(), err, want)
		}
	}
}

// A derived request has the body of the one it was made from, which is used from then on; an error
// leaves it alone.
func TestDerive(t *testing.T) {
	first := func() *fetch.Request {
		return fetch.NewRequest("POST", "/p?q=1", fetch.BlobBody([]byte("body"), "text/plain"), fetch.RequestHeader("X-A", "1")).WithParam("id", "7")
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
		"a body of a GET":     fetch.NewRequest("GET", "/", fetch.BlobBody([]byte(""), "text/plain")),
		"a relative target":   fetch.NewRequest("GET", "x"),
		"an empty target":     fetch.NewRequest("GET", ""),
		"credentials":         fetch.NewRequest("GET", "http://u:secret@a.test/"),
		"and an escape":       fetch.NewRequest("GET", "http://u:secret@a.test/%zz"),
		"and a port":          fetch.NewRequest("GET", "http://u:secret@a.test:x/"),
		"and an escape there": fetch.NewRequest("GET", "http://u:secret%zz@a.test/"),
		"and a slash there":   fetch.NewRequest("GET", "http://u:secret/x@a.test/"),
		"and another scheme":  fetch.NewRequest("GET", "ftp://u:secret@a.test/"),
		"and no scheme":       fetch.NewRequest("GET", "u:secret@a.test/"),
		"in a query":          fetch.NewRequest("GET", "/%zz?to=http://u:secret@a.test/"),
		"a port beyond 65535": fetch.NewRequest("GET", "http://a.test:99999/"),
		"a malformed escape":  fetch.NewRequest("GET", "/%zz"),
		"a scheme of no web":  fetch.NewRequest("GET", "mailto:a@b"),
	} {
		if req.Err() == nil {
			t.Errorf("%s: no error", rule)
		} else if strings.Contains(req.Err().Error(), "secret") {
			t.Errorf("%s: the error says credentials: %v", rule, req.Err())
		}
	}
	if err := fetch.NewRequest("GET", "/a b?'#").Err(); err != nil {
		t.Errorf("a path as it came: %v", err)
	}
}

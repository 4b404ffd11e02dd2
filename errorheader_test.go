package crossfade_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// answer is what a client sees.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// ask sends one GET of / to a handler.
func ask(h http.Handler) answer {
	rec := httptest.NewRecorder()
	req := httptest.NewRequest("GET", "/", nil)
	req.Header.Set("Origin", "https://app.example.com")
	h.ServeHTTP(rec, req)
	header := rec.Result().Header
	header.Del("Content-Length")
	return answer{rec.Code, header, rec.Body.String()}
}

// An error with headers means the same in both shapes, alone, in a mux and under a CORS policy.
func TestWithHeader(t *testing.T) {
	cause := errors.New("the cause")
	slow := crossfade.Errorf(429, "too fast: %w", cause)
	json := http.Header{"Content-Type": {"application/json"}}
	with := func(pairs ...string) http.Header {
		h := json.Clone()
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	const tooFast = `{"error":"too fast: the cause"}`
	tests := []struct {
		rule string
		err  error
		want answer
	}{
		{"the header is sent", crossfade.WithHeader(slow, "retry-after", "3"), answer{429, with("Retry-After", "3"), tooFast}},
		{"the outer one counts", crossfade.WithHeader(crossfade.WithHeader(slow, "Retry-After", "3"), "Retry-After", "5"), answer{429, with("Retry-After", "5"), tooFast}},
		{"it counts before the Error's own", crossfade.WithHeader(&crossfade.Error{Status: 401, Message: "who?", Header: http.Header{"www-authenticate": {"Basic"}, "X-A": {"1"}}}, "WWW-Authenticate", "Bearer"),
			answer{401, with("Www-Authenticate", "Bearer", "X-A", "1"), `{"error":"who?"}`}},
		{"cookies add up", crossfade.WithHeader(crossfade.WithHeader(slow, "Set-Cookie", "a=1"), "Set-Cookie", "b=2"), answer{429, with("Set-Cookie", "a=1", "Set-Cookie", "b=2"), tooFast}},
		{"it goes through other errors", fmt.Errorf("shop: %w", crossfade.WithHeader(slow, "Retry-After", "3")), answer{429, with("Retry-After", "3"), tooFast}},
		{"an error that is not ours has headers too", crossfade.WithHeader(cause, "Retry-After", "3"), answer{500, with("Retry-After", "3"), `{"error":"Internal Server Error"}`}},
		{"a header that none can have is a 500", crossfade.WithHeader(slow, "Retry-After", "3\r\nX: y"), answer{500, json, `{"error":"Internal Server Error"}`}},
	}
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	for _, tt := range tests {
		inFetch := fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return nil, tt.err })
		inReqRes := reqres.Handler(func(*reqres.Request, *reqres.Response) error { return tt.err })
		for shape, register := range map[string]func(r *adapt.Routes){
			"fetch":             func(r *adapt.Routes) { r.Fetch.GET("/", inFetch) },
			"reqres":            func(r *adapt.Routes) { r.ReqRes.GET("/", inReqRes) },
			"fetch, converted":  func(r *adapt.Routes) { r.ReqRes.GET("/", adapt.ToReqRes(inFetch)) },
			"reqres, converted": func(r *adapt.Routes) { r.Fetch.GET("/", adapt.ToFetch(inReqRes)) },
		} {
			mux, err := adapt.Config{Logger: quiet, Answers: adapt.Standard}.New(register)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, ask(mux)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.rule, shape, diff)
			}
			mux, err = adapt.Config{Logger: quiet, Answers: adapt.Standard, CORS: policy}.New(register)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			want.Header = want.Header.Clone()
			want.Header.Set("Access-Control-Allow-Origin", "https://app.example.com")
			want.Header.Set("Vary", "Origin")
			if diff := cmp.Diff(want, ask(mux)); diff != "" {
				t.Errorf("%s, %s, with CORS (-want +got):\n%s", tt.rule, shape, diff)
			}
		}
	}
	if err := crossfade.WithHeader(slow, "Retry-After", "3"); !errors.Is(err, cause) || err.Error() != slow.Error() {
		t.Errorf("%v is not the error that it was made from", err)
	}
	if crossfade.WithHeader(nil, "Retry-After", "3") != nil {
		t.Error("a nil error does not stay nil")
	}
}

// What middleware and the handler have set stays when an error sets one cookie more.
func TestWithHeader_cookies(t *testing.T) {
	err := crossfade.WithHeader(crossfade.Errorf(401, "gone"), "Set-Cookie", "error=1")
	got := ask(reqres.Handler(func(_ *reqres.Request, res *reqres.Response) error {
		res.Append("Set-Cookie", "session=1")
		return err
	}))
	if diff := cmp.Diff([]string{"session=1", "error=1"}, got.Header["Set-Cookie"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := ask(fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return nil, err })); len(again.Header["Set-Cookie"]) != 1 {
		t.Errorf("an error that is returned again has the cookies %q", again.Header["Set-Cookie"])
	}
}

// fetch.ClearCookie writes the line that res.ClearCookie writes.
func TestClearCookie(t *testing.T) {
	for _, o := range []crossfade.CookieOptions{
		{},
		{Path: "/admin", Domain: "example.com", Secure: true, HTTPOnly: true, SameSite: http.SameSiteStrictMode},
		{MaxAge: time.Hour, Expires: time.Unix(1<<31, 0)},
		{MaxAge: -1},
	} {
		want := ask(reqres.Handler(func(_ *reqres.Request, res *reqres.Response) error { return res.ClearCookie("sid", o).SendStatus(204) }))
		got := ask(fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent(fetch.ClearCookie("sid", o)) }))
		if diff := cmp.Diff(want.Header["Set-Cookie"], got.Header["Set-Cookie"]); diff != "" || len(got.Header["Set-Cookie"]) != 1 {
			t.Errorf("ClearCookie with %+v (-reqres +fetch):\n%s", o, diff)
		}
	}
	if _, err := fetch.NoContent(fetch.ClearCookie("a b", crossfade.CookieOptions{})); !errors.As(err, new(*crossfade.CookieError)) {
		t.Errorf("a name that no cookie can have: %v", err)
	}
}

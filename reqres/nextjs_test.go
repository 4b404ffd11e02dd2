package reqres_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// What the Flavor NextJS changes, beside the cases of internal/conformance.
func TestNextJS(t *testing.T) {
	detail := errors.New("secret detail")
	body := func(req *reqres.Request, res *reqres.Response) error {
		v, err := req.Body()
		if err != nil {
			return err
		}
		return res.JSON(v)
	}
	tests := []struct {
		rule    string
		config  adapt.Config
		request string // method, path, and a body after a space
		ct      string
		h       reqres.Handler
		status  int
		header  http.Header
		body    string
	}{
		{rule: "an error of a handler is text, beside what was set", h: func(_ *reqres.Request, res *reqres.Response) error {
			res.Set("X-A", "1").Set("Content-Type", "application/json").Set("Content-Length", "5").Set("ETag", `"a"`)
			return detail
		}, status: 500, header: http.Header{"X-A": {"1"}, "Content-Type": {"application/json"}}, body: "Internal Server Error"},
		{rule: "a panic is one too", h: func(_ *reqres.Request, res *reqres.Response) error { panic("x") }, status: 500, body: "Internal Server Error"},
		{rule: "a refusal is JSON, as in the other shape", h: func(*reqres.Request, *reqres.Response) error { return reqres.Errorf(404, "no such user") },
			status: 404, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: `{"error":"no such user"}`},
		{rule: "ErrorResponse comes first, and sees the error itself", config: adapt.Config{ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
			if !errors.Is(err, detail) {
				return nil
			}
			return fetch.Must(fetch.Bytes([]byte("ours"), fetch.Status(503)))
		}}, h: func(_ *reqres.Request, res *reqres.Response) error { res.Set("Content-Type", "text/x"); return detail }, status: 503, body: "ours"},
		{rule: "malformed JSON", request: "POST / {", ct: "application/json", h: body, status: 400, body: "Invalid JSON"},
		{rule: "an unknown charset", request: "POST / {}", ct: "application/json; charset=nope", h: body, status: 400, body: "Invalid body"},
		{rule: "a limit in megabytes", config: adapt.Config{Limits: adapt.Limits{Body: 2 << 20}}, request: "POST / " + strings.Repeat("x", 2<<20+1), h: body, status: 413, body: "Body exceeded 2mb limit"},
		{rule: "a limit in bytes", config: adapt.Config{Limits: adapt.Limits{Body: 1025}}, request: "POST / " + strings.Repeat("x", 1026), h: body, status: 413, body: "Body exceeded 1025b limit"},
		{rule: "path parameters are in the query, but no __proto__", request: "GET /7/a/b?id=9&x=1&__proto__=2", h: func(req *reqres.Request, res *reqres.Response) error { return res.JSON(req.QueryObject()) },
			status: 200, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: `{"id":"7","x":"1","rest":["a","b"]}`},
		{rule: "an optional catch-all that matched nothing is not", request: "GET /7", h: func(req *reqres.Request, res *reqres.Response) error { return res.JSON(req.QueryObject()) },
			status: 200, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: `{"id":"7"}`},
		{rule: "a target goes out as it is", h: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/a b") },
			status: 307, header: http.Header{"Location": {"/a b"}}, body: "/a b"},
		{rule: "a target with a line break does not", h: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/a\r\nX: y") }, status: 500, body: "Internal Server Error"},
		{rule: "a stream has no body where the status has none", h: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Status(204).Send(io.Reader(strings.NewReader("x")))
		}, status: 204},
	}
	for _, tt := range tests {
		tt.config.ReqRes = reqres.Settings{Flavor: reqres.NextJS}
		tt.config.Logger = slog.New(slog.DiscardHandler)
		mux, err := tt.config.New(func(r *adapt.Routes) {
			r.ReqRes.Any("/", tt.h)
			r.ReqRes.Any("/[id]/[[...rest]]", tt.h)
		})
		if err != nil {
			t.Fatal(err)
		}
		parts := append(strings.SplitN(tt.request, " ", 3), "GET", "/", "")
		if tt.request == "" {
			parts = parts[1:]
		}
		r := httptest.NewRequest(parts[0], parts[1], nil)
		if len(strings.SplitN(tt.request, " ", 3)) == 3 {
			r = httptest.NewRequest(parts[0], parts[1], strings.NewReader(parts[2]))
		}
		if tt.ct != "" {
			r.Header.Set("Content-Type", tt.ct)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		got := w.Header()
		for _, name := range []string{"Etag", "Content-Length", "Connection"} {
			got.Del(name)
		}
		if got["Content-Type"] == nil {
			got.Del("Content-Type")
		}
		want := tt.header
		if want == nil {
			want = http.Header{}
		}
		if diff := cmp.Diff([]any{tt.status, want, tt.body}, []any{w.Code, got, w.Body.String()}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

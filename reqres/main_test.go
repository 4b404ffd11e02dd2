package reqres_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestMain(m *testing.M) { leak.Main(m) }

// through calls a handler behind a mux with settings and returns the recorded answer.
func through(t *testing.T, s reqres.Settings, h reqres.Handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	mux, err := adapt.Config{ReqRes: s}.New(func(routes *adapt.Routes) { routes.ReqRes.Any("/[[...rest]]", h) })
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	return rec
}

func request(headers ...string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func posted(contentType, body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

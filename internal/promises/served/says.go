package served

// Handlers that say who they are, and asking one without a server.

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Says answers with a text.
func Says(s string) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(s) }
}

func OldSays(s string) reqres.Handler {
	return func(_ *reqres.Request, res *reqres.Response) error { return res.Send(s) }
}

// Ask returns the whole answer of a handler.
func Ask(t testing.TB, h http.Handler, method, target string) Answer {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, target, nil))
	return Answer{rec.Code, Clean(rec.Result().Header), rec.Body.String()}
}

func Clean(h http.Header) http.Header {
	for name, values := range h {
		if len(values) == 0 {
			delete(h, name)
		}
	}
	return h
}

func Header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

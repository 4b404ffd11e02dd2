package reqres

import (
	"context"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/engine"
)

// Call calls a handler with a request, without a server, and returns what it answers, its body in
// memory: what a test wants. Path parameters are the request's path values
// (http.Request.SetPathValue). An error that the handler returns, a panic too, is answered as on
// the wire; the error of Call is that of an answer which broke after its head.
//
//	res, err := reqres.Call(getUser, httptest.NewRequest("GET", "/users/1", nil))
func Call(h Handler, r *http.Request) (*http.Response, error) {
	rec := new(engine.Recorder)
	if r.Context().Value(http.ServerContextKey) == nil { // so that a broken answer is told by a panic
		r = r.WithContext(context.WithValue(r.Context(), http.ServerContextKey, new(http.Server)))
	}
	err := rec.Record(func() { h.ServeHTTP(rec, r) })
	return rec.Response(r), err
}

package streams_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// A converted handler that does not heed the end of its time is given up. What it does to its
// request from then on, nobody sees who still reads the request.
func TestHandlerThatIsGivenUpHasItsOwnRequest(t *testing.T) {
	release := make(chan struct{})
	left := make(chan struct{})
	logged := new(served.Logs)
	config := adapt.Config{Logger: logged.Logger(), ErrorResponse: func(req *fetch.Request, err error) *fetch.Response {
		res, _ := fetch.Text(req.Path()+" "+req.Header("X-From"), fetch.Status(504))
		return res
	}}
	mux := served.NewMux(t, config, func(r *adapt.Routes) {
		r.UseFetch(func(next fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) {
				ctx, cancel := context.WithTimeout(req.Context(), time.Millisecond)
				defer cancel()
				return next(req.WithContext(ctx))
			}
		})
		r.Handle("GET", "/slow", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(left)
			<-r.Context().Done()
			r.URL.Path = "/changed"
			r.Header.Set("X-From", "the handler")
			<-release
		}))
	})
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/slow", nil)
	r.Header.Set("X-From", "the client")
	mux.ServeHTTP(rec, r)
	close(release)
	<-left
	if rec.Code != 504 || rec.Body.String() != "/slow the client" {
		t.Errorf("answered %d %q", rec.Code, rec.Body)
	}
	if log := logged.String(); !strings.Contains(log, "path=/slow ") || strings.Contains(log, "/changed") {
		t.Errorf("logged %s", log)
	}
}

package adapt_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

func TestErrorBodies(t *testing.T) {
	fails := func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(409, "taken") }
	rec := httptest.NewRecorder()
	http.Error(rec, "taken", 409)
	for name, tt := range map[string]struct {
		render func(*fetch.Request, error) *fetch.Response
		want   served.Answer
	}{
		"net/http": {adapt.TextErrors, served.Answer{Status: rec.Code, Header: served.Clean(rec.Header()), Body: rec.Body.String()}},
		"Express": {adapt.ExpressErrors, served.Answer{Status: 409,
			Header: served.Header("Content-Type", "text/html; charset=utf-8", "Content-Security-Policy", "default-src 'none'", "X-Content-Type-Options", "nosniff"),
			Body:   "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Conflict</pre>\n</body>\n</html>\n"}},
	} {
		mux := served.NewMux(t, adapt.Config{ErrorResponse: tt.render}, func(r *adapt.Routes) { r.Fetch.GET("/x", fails) })
		if diff := cmp.Diff(tt.want, served.Ask(t, mux, "GET", "/x")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

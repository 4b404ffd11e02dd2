package legacytest_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/origin"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
)

// A back end is served as it is alone, by the requests that every app is held to.
func TestOrigin(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{
		New: func(dir string) (http.Handler, adapt.App) {
			app := legacytest.NetHTTP(dir)
			s := httptest.NewUnstartedServer(app.Handler)
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
			s.Start()
			t.Cleanup(s.Close)
			behind, err := origin.New(origin.Config{URL: s.URL, Endpoints: app.Endpoints})
			if err != nil {
				t.Fatal(err)
			}
			return app.Handler, behind
		},
		Differs: []legacytest.Difference{
			{Place: "prefix", Request: "target", Why: "StripPrefix leaves RequestURI alone; a back end has only what it was sent"},
			{Place: "prefix", Request: "JSON", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "cookie", Why: "StripPrefix leaves the path of a cookie alone, which then goes to all apps"},
			{Place: "prefix", Request: "catch-all: no slash", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "redirect", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "path: dots", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "path: one dot", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "path: two slashes before", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "path: two slashes within", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "static: up", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
			{Place: "prefix", Request: "static: no slash", Why: "StripPrefix leaves Location alone, which leads out of the prefix"},
		},
	})
}

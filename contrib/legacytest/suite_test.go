package legacytest_test

import (
	"net/http"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/legacytest"
)

func TestServeMux(t *testing.T) {
	legacytest.Run(t, legacytest.Suite{New: func(dir string) (http.Handler, adapt.App) {
		app := legacytest.NetHTTP(dir)
		return app.Handler, app
	}})
}

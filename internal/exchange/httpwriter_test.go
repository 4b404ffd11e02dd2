package exchange

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a connection cannot do, the writer of a handler has no method for: handlers ask by type, and
// promise themselves a connection that is not there.
func TestOptionalInterfaces(t *testing.T) {
	type can struct{ Hijack, Push bool }
	for name, tt := range map[string]struct {
		w    http.ResponseWriter
		want can
	}{
		"HTTP/1":     {struct{ hijackable }{}, can{Hijack: true}},
		"HTTP/2":     {struct{ pushable }{}, can{Push: true}},
		"a recorder": {httptest.NewRecorder(), can{}},
	} {
		x := new(Exchange)
		x.Start(tt.w, httptest.NewRequest("GET", "/", nil))
		w := HTTPWriter(x)
		var got can
		_, got.Hijack = w.(http.Hijacker)
		_, got.Push = w.(http.Pusher)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

type hijackable struct {
	http.ResponseWriter
	http.Hijacker
}

type pushable struct {
	http.ResponseWriter
	http.Pusher
}

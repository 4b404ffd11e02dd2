package rollout

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// Nobody's credentials are shown, nor what a client writes of its own.
func TestShown(t *testing.T) {
	r := httptest.NewRequest("POST", "http://shop.test/a%2Fb?q=1", nil)
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "X-Csrf-Token", "X-Auth-User", "Proxy-Authorization", "Content-Length", "Connection"} {
		r.Header.Set(name, "hush")
	}
	r.Header.Set("Accept", "text/plain")
	const want = `curl -i -X POST -H 'Accept: text/plain' --data-binary '{}' 'http://shop.test/a%2Fb?q=1'`
	if got := shown(r, []byte("{}")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := shown(r, make([]byte, maxShown+1)); strings.Contains(got, "--data-binary") {
		t.Errorf("a body beyond the bound is shown, in %d bytes", len(got))
	}
}

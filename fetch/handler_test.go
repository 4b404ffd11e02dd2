package fetch_test

import (
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/fetch"
)

// What a handler throws from its depth is answered as it is.
func TestAsError(t *testing.T) {
	deep := func() error {
		return fetch.AsError(fetch.Redirect("/login", fetch.Status(307), fetch.SetCookie("a", "1", fetch.CookieOptions{})))
	}
	w := httptest.NewRecorder()
	fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return nil, deep() }).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 307 || w.Header().Get("Location") != "/login" || w.Header().Get("Set-Cookie") != "a=1; Path=/" {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
	_, refused := fetch.Redirect("")
	if err := fetch.AsError(fetch.Redirect("")); err == nil || err.Error() != refused.Error() {
		t.Errorf("AsError of a constructor's error = %v, want %v", err, refused)
	}
	if err := fetch.AsError(nil, nil); err != fetch.ErrNoResponse {
		t.Errorf("AsError of nothing = %v, want ErrNoResponse", err)
	}
}

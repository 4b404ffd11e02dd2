package reqres_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestSignedCookies(t *testing.T) {
	var line string
	old, rotated := reqres.Settings{CookieSecrets: []string{"old"}}, reqres.Settings{CookieSecrets: []string{"new", "old"}}
	rec := through(t, old, func(req *reqres.Request, res *reqres.Response) error {
		return res.Cookie("sid", "ada", reqres.CookieOptions{Signed: true}).End()
	}, request())
	line, _, _ = strings.Cut(rec.Header().Get("Set-Cookie"), ";")
	read := func(s reqres.Settings, cookie string) (got string) {
		through(t, s, func(req *reqres.Request, res *reqres.Response) error {
			value, ok := req.SignedCookie("sid")
			if got = value; !ok {
				got = "none"
			}
			return res.End()
		}, request("Cookie", cookie))
		return got
	}
	for _, tt := range []struct {
		rule     string
		settings reqres.Settings
		cookie   string
		want     string
	}{
		{"the secret it was signed with", old, line, "ada"},
		{"an older secret", rotated, line, "ada"},
		{"another secret", reqres.Settings{CookieSecrets: []string{"x"}}, line, "none"},
		{"no secret", reqres.Settings{}, line, "none"},
		{"a changed value", old, strings.Replace(line, "ada", "eve", 1), "none"},
		{"a cookie without a signature", old, "sid=ada", "none"},
	} {
		if got := read(tt.settings, tt.cookie); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.rule, got, tt.want)
		}
	}
	if rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		return res.Cookie("sid", "ada", reqres.CookieOptions{Signed: true}).End()
	}, request()); rec.Code != 500 {
		t.Errorf("signing without a secret: %d, want 500", rec.Code)
	}
}

func TestCookieJSON(t *testing.T) {
	type prefs struct{ Theme string }
	settings := reqres.Settings{CookieSecrets: []string{"k"}}
	rec := through(t, settings, func(req *reqres.Request, res *reqres.Response) error {
		return res.CookieJSON("p", prefs{"dark"}, reqres.CookieOptions{Signed: true}).End()
	}, request())
	line, _, _ := strings.Cut(rec.Header().Get("Set-Cookie"), ";")
	through(t, settings, func(req *reqres.Request, res *reqres.Response) error {
		var p prefs
		if ok, err := req.CookieJSON("p", &p); !ok || err != nil || p.Theme != "dark" {
			t.Errorf("read back: %v, %v, %v", p, ok, err)
		}
		for name := range req.Cookies() {
			if name != "p" {
				t.Errorf("Cookies yields %q", name)
			}
		}
		return res.End()
	}, request("Cookie", line+"; p=2"))
}

package dashboard_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

const kill = `{"act":"kill","pair":"GET /users/:id","reason":"customers complain"}`

// Who may not see the page gets what a mux answers where there is none, whatever is asked.
func TestAuthorize(t *testing.T) {
	s := start(t, dashboard.Config{})
	nobody := start(t, dashboard.Config{}, func(r *adapt.Routes) { r.Mount("/shut", dashboard.New(dashboard.Config{})) })
	paths := []string{"GET ", "GET main.js", "GET v1/state", "GET v1/pair?pair=GET+/users/:id", "GET v1/live", "GET v1/endpoints", "GET v1/left.md",
		"GET v1/audit", "GET v1/verdict?pair=GET+/users/:id", "POST v1/verdict?pair=GET+/users/:id", "POST v1/act", "GET nowhere", "PUT v1/act"}
	for _, line := range paths {
		method, path, _ := strings.Cut(line, " ")
		for _, a := range []answer{s.ask("eve none", method, path, kill), s.ask("eve", method, path, kill), s.ask("eve odd", method, path, kill), nobody.ask("ada raise", method, "/shut/"+path, kill)} {
			if a.status != 404 || a.body != `{"error":"Not Found"}`+"\n" {
				t.Errorf("%s: a stranger gets %d %s", line, a.status, a.body)
			}
		}
	}
	if p := s.pair(users); p.Snapshot().Held != nil {
		t.Error("a stranger has killed the pair")
	}
	for as, want := range map[string]string{"ada read": "read", "ada lower": "lower", "ada raise": "raise"} {
		if you := decoded[struct{ You struct{ By, Level string } }](s, as, "v1/state").You; you.By != "ada" || you.Level != want {
			t.Errorf("%s is told to be %+v", as, you)
		}
	}
}

// A page that nobody can see says why, once, in the log of its mux.
func TestWithoutAuthorize(t *testing.T) {
	for _, c := range []struct {
		config dashboard.Config
		lines  int
	}{
		{dashboard.Config{}, 1},
		{dashboard.Config{Authorize: func(*http.Request) (string, dashboard.Level) { return "", dashboard.None }}, 0},
	} {
		var log strings.Builder
		mux, err := adapt.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}.New(func(r *adapt.Routes) { r.Mount("/shut", dashboard.New(c.config)) })
		if err != nil {
			t.Fatal(err)
		}
		if err := mux.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), "Config.Authorize is nil"); n != c.lines {
			t.Errorf("%d lines of it, want %d, in the log:\n%s", n, c.lines, log.String())
		}
	}
}

// Every answer forbids what the page does not need, also a refusal.
func TestHeaders(t *testing.T) {
	s := start(t, dashboard.Config{})
	want := map[string]string{
		"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	}
	for _, c := range []struct {
		as, method, path, kind, cache string
		status                        int
	}{
		{"ada read", "GET", "", "text/html; charset=utf-8", "no-cache", 200},
		{"ada read", "HEAD", "", "text/html; charset=utf-8", "no-cache", 200},
		{"ada read", "GET", "v1/state", "application/json", "no-store", 200},
		{"ada read", "GET", "v1/left.md", "text/markdown; charset=utf-8", "no-store", 200},
		{"ada read", "GET", "../secret", "application/json", "", 404},
		{"ada read", "GET", "page/index.html", "application/json", "no-store", 404},
		{"ada read", "PUT", "v1/act", "application/json", "no-store", 405},
		{"ada read", "GET", "v1/act", "application/json", "no-store", 405},
		{"ada read", "POST", "v1/state", "application/json", "no-store", 405},
		{"", "GET", "", "application/json", "no-store", 404},
	} {
		a := s.ask(c.as, c.method, c.path, "")
		if a.status != c.status || a.header.Get("Content-Type") != c.kind || c.cache != "" && a.header.Get("Cache-Control") != c.cache {
			t.Errorf("%+v: %d, %v", c, a.status, a.header)
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%+v: sets a cookie", c)
		}
		got := map[string]string{}
		for name := range want {
			got[name] = a.header.Get(name)
		}
		if c.cache != "" && cmp.Diff(want, got) != "" {
			t.Errorf("%+v (-want +got):\n%s", c, cmp.Diff(want, got))
		}
	}
	etag := s.ask("ada read", "GET", "", "").header.Get("ETag")
	if a := s.ask("ada read", "GET", "", "", "If-None-Match: "+etag); a.status != 304 {
		t.Errorf("a file that has not changed is sent again: %d", a.status)
	}
}

// The page of another site cannot act, whichever way its browser says so; a program can.
func TestCrossOrigin(t *testing.T) {
	s := start(t, dashboard.Config{})
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: same-site"}, {"Origin: https://evil.test"}, {"Origin: null"},
		{"Origin: https://evil.test", "Sec-Fetch-Site: cross-site", "X-Forwarded-Host: evil.test"},
	} {
		if a := s.ask("ada raise", "POST", "v1/act", kill, headers...); a.status != 403 {
			t.Errorf("%v: %d %s", headers, a.status, a.body)
		}
	}
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"} {
		if a := s.ask("ada raise", "POST", "v1/act", kill, "Content-Type: "+kind); a.status != 415 {
			t.Errorf("%s: %d %s", kind, a.status, a.body)
		}
	}
	for _, path := range []string{"v1/act", "v1/act?act=kill&pair=GET+/users/:id&reason=x", "v1/verdict?pair=GET+/users/:id"} {
		s.ask("ada raise", "GET", path, "")
	}
	if s.pair(users).Snapshot().Held != nil {
		t.Error("the pair was killed")
	}
	if a := s.ask("ada raise", "POST", "v1/act", kill, "Sec-Fetch-Site: same-origin"); a.status != 200 {
		t.Errorf("our own page: %d %s", a.status, a.body)
	}
}

// What stands in no mux, or in two, is a mistake that says so.
func TestMounting(t *testing.T) {
	config := dashboard.Config{Authorize: func(*http.Request) (string, dashboard.Level) { return "ada", dashboard.Raise }}
	w := httptest.NewRecorder()
	dashboard.New(config).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), "register it with r.Mount") {
		t.Errorf("in no mux: %d %s", w.Code, w.Body)
	}
	h := dashboard.New(config)
	mount := func(r *adapt.Routes) { r.Mount("/a", h) }
	m, err := adapt.New(mount)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := adapt.New(mount); err == nil || !strings.Contains(err.Error(), "dashboard_test.go") || !strings.Contains(err.Error(), "mounted already") {
		t.Errorf("in a second mux: %v", err)
	}
	for range 2 {
		if err := m.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// Two pages of one mux, such as one for all and one for those who act, hear the same.
func TestTwoPages(t *testing.T) {
	s := start(t, dashboard.Config{}, func(r *adapt.Routes) {
		r.Mount("/see", dashboard.New(dashboard.Config{Authorize: func(*http.Request) (string, dashboard.Level) { return "x", dashboard.Read }}))
	})
	s.ask("ada lower", "POST", "v1/act", kill)
	for _, path := range []string{"v1/state", "/see/v1/state"} {
		eventually(t, path+" has the kill", func() bool {
			changes := decoded[struct{ Changes []struct{ Kind, By string } }](s, "ada read", path).Changes
			return len(changes) == 1 && changes[0].Kind == "kill" && changes[0].By == "ada"
		})
	}
}

// Names of every origin arrive as they are in JSON, and as text in Markdown.
func TestHostileNames(t *testing.T) {
	const evil = "</script><img src=x onerror=alert(1)>\u2028`|*_[x](javascript:1)"
	s := start(t, dashboard.Config{Title: evil}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Owner: evil, Migration: migrate.Config{Name: evil}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/evil", (&service{}).oldUser, (&service{}).newUser)
		})
	})
	order, _ := json.Marshal(map[string]string{"act": "kill", "pair": evil + " GET /evil", "reason": evil})
	if a := s.ask("ada lower", "POST", "v1/act", string(order)); a.status != 200 || strings.ContainsAny(a.body, "<>") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	got := decoded[struct {
		Title string
		Pairs []struct {
			Name, Owner string
			Holds       []struct{ Why, By string }
		}
	}](s, "ada read", "v1/state")
	for _, p := range got.Pairs {
		if p.Owner == evil && (p.Name != evil+" GET /evil" || p.Holds[0].Why != evil) || got.Title != evil {
			t.Errorf("%+v", p)
		}
	}
	if md := s.ask("ada read", "GET", "v1/left.md", "").body; strings.Count(md, "`")%2 != 0 || !strings.Contains(md, "## `</script><img src=x onerror=alert(1)>\u2028'|") {
		t.Errorf("Markdown:\n%s", md)
	}
}

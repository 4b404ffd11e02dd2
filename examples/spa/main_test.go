package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestWhatIsServed(t *testing.T) {
	mux, err := newMux()
	if err != nil {
		t.Fatal(err)
	}
	const (
		html = "text/html; charset=utf-8"
		js   = "text/javascript; charset=utf-8"
		json = "application/json; charset=utf-8"
		text = "text/plain; charset=utf-8"
	)
	for _, tt := range []struct {
		line   string
		status int
		kind   string
		begins string
		cached string
	}{
		{"GET /", 200, html, "<!doctype html>", "no-cache"},
		{"GET /about", 200, html, "<!doctype html>", "no-cache"},
		{"GET /users/7/edit?tab=2", 200, html, "<!doctype html>", "no-cache"},
		{"HEAD /about", 200, html, "", "no-cache"},
		{"GET /index.html", 301, "", "", "no-cache"},
		{"GET /assets/app-3f9c1a.js", 200, js, "// The page's router", "public, max-age=31536000, immutable"},
		{"GET /assets/app-old.js", 404, text, "404", ""},
		{"GET /assets/", 200, html, "<!doctype html>", "no-cache"}, // a folder is not a file
		{"GET /robots.txt", 200, text, "User-agent", ""},
		{"GET /missing.png", 404, text, "404", ""},
		{"GET /..%2fmain.go", 404, text, "404", ""},
		{"GET /api/greeting", 200, json, `{"greeting":"hello"}`, ""},
		{"GET /api/nothing", 404, json, `{"error":"no such endpoint"}`, ""},
		{"GET /api", 404, json, `{"error":"no such endpoint"}`, ""},
		{"POST /api/greeting", 404, json, `{"error":"no such endpoint"}`, ""},
		{"POST /about", 405, text, "a page is only read", ""},
	} {
		method, target, _ := strings.Cut(tt.line, " ")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		res := w.Result()
		if w.Code != tt.status || res.Header.Get("Content-Type") != tt.kind || !strings.HasPrefix(w.Body.String(), tt.begins) || method == http.MethodHead && w.Body.Len() > 0 {
			t.Errorf("%s: %d %s %.40q, want %d %s %.40q", tt.line, w.Code, res.Header.Get("Content-Type"), w.Body, tt.status, tt.kind, tt.begins)
		}
		if got := res.Header.Get("Cache-Control"); got != tt.cached {
			t.Errorf("%s: Cache-Control: %q, want %q", tt.line, got, tt.cached)
		}
	}
}

package fetch_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/fetch"
)

// A request has an http or https URL; another scheme is refused, and never turned into one of them.
func TestC6SchemesOfNewRequest(t *testing.T) {
	for target, want := range map[string]string{
		"http://a.test/x":    "http://a.test/x",
		"https://a.test/x":   "https://a.test/x",
		"HTTPS://a.test/x":   "https://a.test/x",
		"https:a.test":       "https://a.test/",
		"http://a.test:443/": "http://a.test:443/",
		"/x":                 "http://localhost/x",
		"ftp://a.test/x":     "",
		"ws://a.test/x":      "",
		"wss://a.test/x":     "",
		"WSS://a.test/x":     "",
		"file:///etc/passwd": "",
		"data:,x":            "",
		"javascript:x":       "",
		"gopher://a.test/":   "",
		"x:/a":               "",
	} {
		req := fetch.NewRequest("GET", target)
		err := req.Err()
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), target)):
			t.Errorf("%s: %v, want an error that names it; URL %s", target, err, req.URL())
		case want != "" && (err != nil || req.URL().String() != want):
			t.Errorf("%s: %s, %v, want %s", target, req.URL(), err, want)
		}
	}
}

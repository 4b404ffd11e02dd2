package main

// What the translated handlers are held to: what the JavaScript answered when scaffold ran it.

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

// asked is a request, and what the JavaScript answered.
type asked struct {
	method, target string
	header         map[string]string
	body           string
	status         int
	answer         map[string]string
	text           string
}

// same asks a handler what the JavaScript was asked.
func same(t *testing.T, route func(*adapt.Routes), cases []asked) {
	t.Helper()
	mux, err := config.New(route)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.status || w.Body.String() != c.text {
			t.Errorf("%s %s %v %q: %d %q, the JavaScript answered %d %q", c.method, c.target, c.header, c.body, w.Code, w.Body, c.status, c.text)
		}
		for name, want := range c.answer {
			if got := strings.Join(w.Header().Values(name), ", "); got != want {
				t.Errorf("%s %s %v %q: %s is %q, in JavaScript it was %q", c.method, c.target, c.header, c.body, name, got, want)
			}
		}
	}
}

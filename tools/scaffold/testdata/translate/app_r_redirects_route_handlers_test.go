package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRRedirects(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/redirects", getRRedirects) }, []asked{
		{method: "GET", target: "/r/redirects?to=q%26to", status: 303, answer: map[string]string{"location": "http://example.com/p/q&to"}, text: ""},
		{method: "GET", target: "/r/redirects", status: 404, answer: map[string]string{}, text: ""},
		{method: "GET", target: "/r/redirects?to=home", status: 307, answer: map[string]string{"location": "http://example.com/"}, text: ""},
		{method: "GET", target: "/r/redirects?to=moved", status: 308, answer: map[string]string{"location": "/moved"}, text: ""},
		{method: "GET", target: "/r/redirects?to=old", status: 307, answer: map[string]string{"location": "/old?x=1"}, text: ""},
	})
}

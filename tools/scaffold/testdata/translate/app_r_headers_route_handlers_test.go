package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRHeaders(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/headers", getRHeaders) }, []asked{
		{method: "GET", target: "/r/headers", header: map[string]string{"Cookie": "theme=c-theme", "user-agent": "h-user-agent"}, status: 200, answer: map[string]string{"content-type": "text/html", "vary": "Cookie", "x-agent": "h-user-agent"}, text: "theme c-theme"},
		{method: "GET", target: "/r/headers", status: 200, answer: map[string]string{"content-type": "text/html", "vary": "Cookie", "x-agent": "none"}, text: "theme light"},
		{method: "GET", target: "/r/headers", header: map[string]string{"Cookie": "theme=c-theme"}, status: 200, answer: map[string]string{"content-type": "text/html", "vary": "Cookie", "x-agent": "none"}, text: "theme c-theme"},
		{method: "GET", target: "/r/headers", header: map[string]string{"user-agent": "h-user-agent"}, status: 200, answer: map[string]string{"content-type": "text/html", "vary": "Cookie", "x-agent": "h-user-agent"}, text: "theme light"},
	})
}

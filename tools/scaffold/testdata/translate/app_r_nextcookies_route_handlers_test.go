package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRNextcookies(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/nextcookies", getRNextcookies) }, []asked{
		{method: "GET", target: "/r/nextcookies", header: map[string]string{"Cookie": "a=c-a"}, status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"a\":\"c-a\"}"},
		{method: "GET", target: "/r/nextcookies", status: 401, answer: map[string]string{}, text: ""},
	})
}

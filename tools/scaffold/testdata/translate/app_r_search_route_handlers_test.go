package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRSearch(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/search", getRSearch) }, []asked{
		{method: "GET", target: "/r/search?q=q%26q&tag=q%26tag", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"q\":\"q&q\",\"tags\":[\"q&tag\"],\"path\":\"/r/search\"}"},
		{method: "GET", target: "/r/search", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"q is missing\"}"},
		{method: "GET", target: "/r/search?tag=q%26tag", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"q is missing\"}"},
		{method: "GET", target: "/r/search?q=q%26q", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"q\":\"q&q\",\"tags\":[],\"path\":\"/r/search\"}"},
	})
}

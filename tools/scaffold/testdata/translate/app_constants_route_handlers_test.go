package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetConstants(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/constants", getConstants) }, []asked{
		{method: "GET", target: "/constants", status: 200, answer: map[string]string{"cache-control": "no-store", "content-type": "application/json", "x-own": "1"}, text: "{\"limit\":50}"},
	})
}

func TestOptionsConstants(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("OPTIONS", "/constants", optionsConstants) }, []asked{
		{method: "OPTIONS", target: "/constants", status: 204, answer: map[string]string{"access-control-allow-methods": "GET, POST", "access-control-allow-origin": "*"}, text: ""},
	})
}

func TestPostConstants(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("POST", "/constants", postConstants) }, []asked{
		{method: "POST", target: "/constants", status: 201, answer: map[string]string{"access-control-allow-methods": "GET, POST", "access-control-allow-origin": "*", "content-type": "application/json", "x-made": "1"}, text: "\"made\""},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetGoRest(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/go/[[...rest]]", getGoRest) }, []asked{
		{method: "GET", target: "/go/rest", status: 308, answer: map[string]string{"location": "http://example.com/cart?x=1"}, text: ""},
	})
}

func TestHeadGoRest(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("HEAD", "/go/[[...rest]]", headGoRest) }, []asked{
		{method: "HEAD", target: "/go/rest", status: 200, answer: map[string]string{}, text: ""},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGet日本HélloWörldType(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/日本/héllo wörld/[type]", get日本HélloWörldType) }, []asked{
		{method: "GET", target: "/%E6%97%A5%E6%9C%AC/h%C3%A9llo%20w%C3%B6rld/p%20type", status: 200, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "p type"},
	})
}

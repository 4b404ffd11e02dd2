package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRARest(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/[a]/[...rest]", getRARest) }, []asked{
		{method: "GET", target: "/r/p%20a/a/b%20c", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"a\":\"p a\",\"rest\":[\"a\",\"b c\"],\"upper\":\"P A\"}"},
	})
}

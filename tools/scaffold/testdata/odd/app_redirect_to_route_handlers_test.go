package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRedirectTo(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/redirectTo", getRedirectTo) }, []asked{
		{method: "GET", target: "/redirectTo", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetGet(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/get", getGet) }, []asked{
		{method: "GET", target: "/get", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRe(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/api/re", getRe) }, []asked{
		{method: "GET", target: "/api/re", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"from\":\"lib\"}"},
	})
}

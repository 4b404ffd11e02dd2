package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetOpen(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/_open", getOpen) }, []asked{
		{method: "GET", target: "/_open", status: 200, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "open"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeEdge(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.Any("/api/edge", serveEdge) }, []asked{
		{method: "GET", target: "/api/edge", status: 202, answer: map[string]string{"content-type": "text/plain;charset=UTF-8", "x-edge": "1"}, text: "from the edge"},
		{method: "POST", target: "/api/edge", status: 202, answer: map[string]string{"content-type": "text/plain;charset=UTF-8", "x-edge": "1"}, text: "from the edge"},
	})
}

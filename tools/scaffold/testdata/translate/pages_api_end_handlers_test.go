package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeEnd(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/end", serveEnd) }, []asked{
		{method: "GET", target: "/api/end", status: 405, answer: map[string]string{}, text: "Method Not Allowed"},
		{method: "POST", target: "/api/end", status: 200, answer: map[string]string{}, text: ""},
	})
}

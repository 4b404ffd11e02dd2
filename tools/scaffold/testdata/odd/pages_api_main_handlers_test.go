package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeMain(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/main", serveMain) }, []asked{
		{method: "GET", target: "/api/main", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/main", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

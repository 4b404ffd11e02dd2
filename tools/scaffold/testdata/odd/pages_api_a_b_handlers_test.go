package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeAB(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/a b", serveAB) }, []asked{
		{method: "GET", target: "/api/a%20b", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/a%20b", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeHello(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/hello", serveHello) }, []asked{
		{method: "GET", target: "/api/hello", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"name\":\"John Doe\"}"},
		{method: "POST", target: "/api/hello", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"name\":\"John Doe\"}"},
	})
}

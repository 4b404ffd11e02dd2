package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeFunc(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/func", serveFunc) }, []asked{
		{method: "GET", target: "/api/func", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/func", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

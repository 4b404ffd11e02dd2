package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeRoot(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/_", serveRoot) }, []asked{
		{method: "GET", target: "/api/_", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/_", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

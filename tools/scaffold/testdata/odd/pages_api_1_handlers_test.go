package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServe1(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/1", serve1) }, []asked{
		{method: "GET", target: "/api/1", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/1", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

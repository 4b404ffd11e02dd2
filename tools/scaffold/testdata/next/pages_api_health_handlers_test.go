package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeHealth(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/health", serveHealth) }, []asked{
		{method: "GET", target: "/api/health", status: 200, answer: map[string]string{}, text: "ok"},
		{method: "POST", target: "/api/health", status: 200, answer: map[string]string{}, text: "ok"},
	})
}

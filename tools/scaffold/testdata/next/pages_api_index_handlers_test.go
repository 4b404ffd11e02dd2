package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeRoot(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api", serveRoot) }, []asked{
		{method: "GET", target: "/api", status: 307, answer: map[string]string{"location": "/api/hello"}, text: "/api/hello"},
		{method: "POST", target: "/api", status: 307, answer: map[string]string{"location": "/api/hello"}, text: "/api/hello"},
	})
}

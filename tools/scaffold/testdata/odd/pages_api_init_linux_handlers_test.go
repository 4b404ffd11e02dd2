package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeInitLinux(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/init_linux", serveInitLinux) }, []asked{
		{method: "GET", target: "/api/init_linux", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/init_linux", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

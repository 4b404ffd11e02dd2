package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeOptRest(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/opt/[[...rest]]", serveOptRest) }, []asked{
		{method: "GET", target: "/api/opt/rest", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"shared\":true}"},
		{method: "POST", target: "/api/opt/rest", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"shared\":true}"},
	})
}

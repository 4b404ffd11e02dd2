package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeXTest(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/x_test", serveXTest) }, []asked{
		{method: "GET", target: "/api/x_test", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/x_test", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

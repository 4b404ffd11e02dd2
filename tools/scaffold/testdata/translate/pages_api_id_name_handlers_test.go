package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeIDName(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/[id]/name", serveIDName) }, []asked{
		{method: "GET", target: "/api/p%20id/name?fields=q%26fields", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"id\":\"p id\",\"fields\":\"q&fields\"}"},
		{method: "GET", target: "/api/p%20id/name", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"id\":\"p id\"}"},
		{method: "POST", target: "/api/p%20id/name?fields=q%26fields", status: 405, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"method\":\"POST\"}"},
		{method: "POST", target: "/api/p%20id/name", status: 405, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"method\":\"POST\"}"},
	})
}

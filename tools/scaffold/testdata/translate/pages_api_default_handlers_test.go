package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeDefault(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/default", serveDefault) }, []asked{
		{method: "GET", target: "/api/default?greeting=q%26greeting&name=q%26name", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"q&greeting, q&name!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "GET", target: "/api/default", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"Hello, World!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "GET", target: "/api/default?name=q%26name", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"Hello, q&name!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "GET", target: "/api/default?greeting=q%26greeting", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"q&greeting, World!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "POST", target: "/api/default?greeting=q%26greeting&name=q%26name", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"q&greeting, q&name!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "POST", target: "/api/default", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"Hello, World!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "POST", target: "/api/default?name=q%26name", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"Hello, q&name!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
		{method: "POST", target: "/api/default?greeting=q%26greeting", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"q&greeting, World!\",\"version\":{\"major\":1,\"tag\":\"v1\"}}"},
	})
}

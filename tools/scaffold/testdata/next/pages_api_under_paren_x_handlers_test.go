package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeUnderParenX(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/_under/(paren)/x", serveUnderParenX) }, []asked{
		{method: "GET", target: "/api/_under/%28paren%29/x", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":\"b \\\"age\\\"\",\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"name is missing\",\"fields\":[\"name\"]}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":null,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":null,\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"\",\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":\"\",\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":0,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":0,\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":1.5,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":1.5,\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":true,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":true,\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":\"b \\\"name\\\"\",\"age\":3,\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":null}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"name is missing\",\"fields\":[\"name\"]}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":\"\"}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"name is missing\",\"fields\":[\"name\"]}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":0}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"name is missing\",\"fields\":[\"name\"]}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":1.5}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":1.5,\"age\":\"b \\\"age\\\"\",\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\",\"name\":true}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "x-seen": "yes"}, text: "{\"name\":true,\"age\":\"b \\\"age\\\"\",\"ok\":true}"},
		{method: "POST", target: "/api/_under/%28paren%29/x", header: map[string]string{"Content-Type": "application/json"}, body: "{\"age\":\"b \\\"age\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"name is missing\",\"fields\":[\"name\"]}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeBody(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/body", serveBody) }, []asked{
		{method: "GET", target: "/api/body", status: 405, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"message\":\"Only POST\"}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"email\":\"b \\\"email\\\"\",\"name\":\"b \\\"name\\\"\",\"admin\":false}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":null,\"name\":\"b \\\"name\\\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"\",\"name\":\"b \\\"name\\\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":0,\"name\":\"b \\\"name\\\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":1.5,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"email\":1.5,\"name\":\"b \\\"name\\\"\",\"admin\":false}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":true,\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"email\":true,\"name\":\"b \\\"name\\\"\",\"admin\":false}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":null}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":0}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":1.5}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"email\":\"b \\\"email\\\"\",\"name\":1.5,\"admin\":false}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\",\"name\":true}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"email\":\"b \\\"email\\\"\",\"name\":true,\"admin\":false}"},
		{method: "POST", target: "/api/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"email\":\"b \\\"email\\\"\"}", status: 422, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"missing\":true}"},
	})
}

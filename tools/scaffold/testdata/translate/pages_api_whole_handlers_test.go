package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeWhole(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/whole", serveWhole) }, []asked{
		{method: "GET", target: "/api/whole", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":\"b \\\"value\\\"\"}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":null}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":\"\"}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":0}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":1.5}", status: 405, answer: map[string]string{}, text: ""},
		{method: "POST", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":true}", status: 405, answer: map[string]string{}, text: ""},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":\"b \\\"value\\\"\"}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":\"b \\\"value\\\"\",\"kind\":true}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"kind\":false}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":null}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":null,\"kind\":false}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":\"\"}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":\"\",\"kind\":true}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":0}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":0,\"kind\":false}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":1.5}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":1.5,\"kind\":false}"},
		{method: "PUT", target: "/api/whole", header: map[string]string{"Content-Type": "application/json"}, body: "{\"value\":true}", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"got\":true,\"kind\":false}"},
	})
}

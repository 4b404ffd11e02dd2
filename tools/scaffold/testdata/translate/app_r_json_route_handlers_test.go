package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestPatchRJSON(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("PATCH", "/r/json", patchRJSON) }, []asked{
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":\"b \\\"id\\\"\"}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":\"b \\\"id\\\"\"}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":null}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":null}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":\"\"}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":\"\"}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":0}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":0}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":1.5}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":1.5}"},
		{method: "PATCH", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":true}", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"patched\":true}"},
	})
}

func TestPostRJSON(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("POST", "/r/json", postRJSON) }, []asked{
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":\"b \\\"id\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"id\":\"b \\\"id\\\"\"}"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 422, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "no id"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":null}", status: 422, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "no id"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":\"\"}", status: 422, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "no id"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":0}", status: 422, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "no id"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":1.5}", status: 400, answer: map[string]string{"content-type": "application/json", "x-error": "id"}, text: "{\"error\":\"id\"}"},
		{method: "POST", target: "/r/json", header: map[string]string{"Content-Type": "application/json"}, body: "{\"id\":true}", status: 400, answer: map[string]string{"content-type": "application/json", "x-error": "id"}, text: "{\"error\":\"id\"}"},
	})
}

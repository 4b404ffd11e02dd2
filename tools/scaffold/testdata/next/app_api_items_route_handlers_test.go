package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetItems(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/api/items", getItems) }, []asked{
		{method: "GET", target: "/api/items?limit=q%26limit&q=q%26q", status: 200, answer: map[string]string{"cache-control": "no-store", "content-type": "application/json"}, text: "{\"q\":\"q&q\",\"limit\":\"q&limit\",\"items\":[]}"},
		{method: "GET", target: "/api/items", status: 200, answer: map[string]string{"cache-control": "no-store", "content-type": "application/json"}, text: "{\"q\":null,\"limit\":\"10\",\"items\":[]}"},
		{method: "GET", target: "/api/items?q=q%26q", status: 200, answer: map[string]string{"cache-control": "no-store", "content-type": "application/json"}, text: "{\"q\":\"q&q\",\"limit\":\"10\",\"items\":[]}"},
		{method: "GET", target: "/api/items?limit=q%26limit&q=boom", status: 404, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"no such thing\"}"},
		{method: "GET", target: "/api/items?limit=q%26limit", status: 200, answer: map[string]string{"cache-control": "no-store", "content-type": "application/json"}, text: "{\"q\":null,\"limit\":\"q&limit\",\"items\":[]}"},
	})
}

func TestPostItems(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("POST", "/api/items", postItems) }, []asked{
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":\"b \\\"tags\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":\"b \\\"tags\\\"\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":null,\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"\",\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":0,\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":1.5,\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":true,\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"tags\":\"b \\\"tags\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"name\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":null}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":null}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":\"\"}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":\"\"}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":0}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":0}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":1.5}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":1.5}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\",\"tags\":true}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\",\"tags\":true}"},
		{method: "POST", target: "/api/items", header: map[string]string{"Content-Type": "application/json"}, body: "{\"name\":\"b \\\"name\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json"}, text: "{\"created\":\"b \\\"name\\\"\"}"},
	})
}

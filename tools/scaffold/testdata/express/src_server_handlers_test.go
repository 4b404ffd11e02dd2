package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetRoot(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/", getRoot) }, []asked{
		{method: "GET", target: "/", status: 200, answer: map[string]string{"content-type": "text/html; charset=utf-8"}, text: "hello"},
	})
}

func TestGetA(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/a", getA) }, []asked{
		{method: "GET", target: "/a", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestServeAny(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/any", serveAny) }, []asked{
		{method: "GET", target: "/any", status: 200, answer: map[string]string{"content-type": "text/plain; charset=utf-8"}, text: "any"},
		{method: "POST", target: "/any", status: 200, answer: map[string]string{"content-type": "text/plain; charset=utf-8"}, text: "any"},
	})
}

func TestGetB(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/b", getB) }, []asked{
		{method: "GET", target: "/b", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestGetChain(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/chain", getChain) }, []asked{
		{method: "GET", target: "/chain", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"chain\":1}"},
	})
}

func TestPostChain(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("POST", "/chain", postChain) }, []asked{
		{method: "POST", target: "/chain", status: 201, answer: map[string]string{"location": "/chain/1"}, text: ""},
	})
}

func TestGetFive(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/five", getFive) }, []asked{
		{method: "GET", target: "/five", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

func TestGetFiveID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/five/:id", getFiveID) }, []asked{
		{method: "GET", target: "/five/x", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

func TestGetOptID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/opt/:id", getOptID) }, []asked{
		{method: "GET", target: "/opt/p%20id", status: 200, answer: map[string]string{"content-type": "text/html; charset=utf-8"}, text: "id p id"},
	})
}

func TestGetProductsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/products/:id", getProductsID) }, []asked{
		{method: "GET", target: "/products/p%20id?name=q%26name", status: 200, answer: map[string]string{"cache-control": "public, max-age=60", "content-type": "application/json; charset=utf-8"}, text: "{\"id\":\"p id\",\"name\":\"q&name\"}"},
		{method: "GET", target: "/products/p%20id", status: 200, answer: map[string]string{"cache-control": "public, max-age=60", "content-type": "application/json; charset=utf-8"}, text: "{\"id\":\"p id\"}"},
		{method: "GET", target: "/products/0?name=q%26name", status: 404, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"no such product\"}"},
	})
}

func TestGetProductsFeatured(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/products/featured", getProductsFeatured) }, []asked{
		{method: "GET", target: "/products/featured", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "[]"},
	})
}

func TestGetRestPath(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/rest/*path", getRestPath) }, []asked{
		{method: "GET", target: "/rest/rest", status: 200, answer: map[string]string{}, text: ""},
	})
}

func TestGetVerbs(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/verbs", getVerbs) }, []asked{
		{method: "GET", target: "/verbs", status: 200, answer: map[string]string{}, text: ""},
	})
}

func TestPostVerbs(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("POST", "/verbs", postVerbs) }, []asked{
		{method: "POST", target: "/verbs", status: 200, answer: map[string]string{}, text: ""},
	})
}

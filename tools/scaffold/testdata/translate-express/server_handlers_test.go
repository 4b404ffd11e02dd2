package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetArray(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/array", getArray) }, []asked{
		{method: "GET", target: "/array", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "[\"a\"]"},
	})
}

func TestPostBody(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("POST", "/body", postBody) }, []asked{
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":\"b \\\"done\\\"\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":null,\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":null}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"\",\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":\"\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":0,\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":0}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":1.5,\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":1.5}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":true,\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":true}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"title\":\"b \\\"title\\\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"b \\\"title\\\"\",\"done\":false}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":null}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":\"\"}", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"title\":\"\",\"done\":\"b \\\"done\\\"\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":0}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":1.5}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\",\"title\":true}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
		{method: "POST", target: "/body", header: map[string]string{"Content-Type": "application/json"}, body: "{\"done\":\"b \\\"done\\\"\"}", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"title\"}"},
	})
}

func TestGetCookie(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/cookie", getCookie) }, []asked{
		{method: "GET", target: "/cookie", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestGetHTML(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/html", getHTML) }, []asked{
		{method: "GET", target: "/html", status: 202, answer: map[string]string{"content-type": "text/html; charset=utf-8"}, text: "<p>x</p>"},
	})
}

func TestGetLang(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/lang", getLang) }, []asked{
		{method: "GET", target: "/lang", header: map[string]string{"Accept-Language": "h-Accept-Language", "X-Debug": "h-X-Debug"}, status: 418, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"debug\":true}"},
		{method: "GET", target: "/lang", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"lang\":\"en\"}"},
		{method: "GET", target: "/lang", header: map[string]string{"X-Debug": "h-X-Debug"}, status: 418, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"debug\":true}"},
		{method: "GET", target: "/lang", header: map[string]string{"Accept-Language": "h-Accept-Language"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"lang\":\"h-Accept-Language\"}"},
	})
}

func TestGetParamsAB(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/params/:a/:b", getParamsAB) }, []asked{
		{method: "GET", target: "/params/p%20a/p%20b", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"a\":\"p a\",\"second\":\"p b\"}"},
	})
}

func TestGetPlain(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/plain", getPlain) }, []asked{
		{method: "GET", target: "/plain", status: 200, answer: map[string]string{"content-type": "text/plain; charset=utf-8"}, text: "x"},
	})
}

func TestGetSend(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/send", getSend) }, []asked{
		{method: "GET", target: "/send", status: 200, answer: map[string]string{"content-type": "text/html; charset=utf-8"}, text: "text"},
	})
}

func TestGetStatus(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/status", getStatus) }, []asked{
		{method: "GET", target: "/status", status: 404, answer: map[string]string{"content-type": "text/plain; charset=utf-8"}, text: "Not Found"},
	})
}

func TestGetTagID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/tag/:id", getTagID) }, []asked{
		{method: "GET", target: "/tag/p%20id", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"id\":\"p id\",\"note\":\"café & <b>\"}"},
	})
}

func TestGetTo(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/to", getTo) }, []asked{
		{method: "GET", target: "/to", status: 302, answer: map[string]string{"location": "/a%20b?c=d"}, text: "Found. Redirecting to /a%20b?c=d"},
	})
}

func TestGetToWhere(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/to/:where", getToWhere) }, []asked{
		{method: "GET", target: "/to/p%20where", status: 303, answer: map[string]string{"location": "/x/p%20where"}, text: "See Other. Redirecting to /x/p%20where"},
	})
}

func TestGetVary(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/vary", getVary) }, []asked{
		{method: "GET", target: "/vary", status: 201, answer: map[string]string{"content-type": "application/json; charset=utf-8", "location": "/here", "vary": "Accept"}, text: "{\"a\":[]}"},
	})
}

func TestGetXml(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/xml", getXml) }, []asked{
		{method: "GET", target: "/xml", status: 200, answer: map[string]string{"content-type": "application/xml; charset=utf-8"}, text: "<a/>"},
	})
}

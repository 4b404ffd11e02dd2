package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeConditions(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/conditions", serveConditions) }, []asked{
		{method: "GET", target: "/api/conditions?a=q%26a&b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "GET", target: "/api/conditions", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"neither\":true,\"list\":[\"x\",1,true,{\"deep\":[null]}]}"},
		{method: "GET", target: "/api/conditions?a=only&b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "GET", target: "/api/conditions?b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"neither\":true,\"list\":[\"x\",1,true,{\"deep\":[null]}]}"},
		{method: "GET", target: "/api/conditions?a=q%26a", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"some\":\"q&a\",\"none\":null}"},
		{method: "GET", target: "/api/conditions?a=q%26a&b=q%26b", header: map[string]string{"authorization": "Bearer x"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "GET", target: "/api/conditions?a=q%26a&b=q%26b", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "POST", target: "/api/conditions?a=q%26a&b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "POST", target: "/api/conditions", status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"neither\":true,\"list\":[\"x\",1,true,{\"deep\":[null]}]}"},
		{method: "POST", target: "/api/conditions?a=only&b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "POST", target: "/api/conditions?b=q%26b", header: map[string]string{"authorization": "h-authorization"}, status: 400, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"neither\":true,\"list\":[\"x\",1,true,{\"deep\":[null]}]}"},
		{method: "POST", target: "/api/conditions?a=q%26a", header: map[string]string{"authorization": "h-authorization"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"some\":\"q&a\",\"none\":null}"},
		{method: "POST", target: "/api/conditions?a=q%26a&b=q%26b", header: map[string]string{"authorization": "Bearer x"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
		{method: "POST", target: "/api/conditions?a=q%26a&b=q%26b", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"and\":true}"},
	})
}

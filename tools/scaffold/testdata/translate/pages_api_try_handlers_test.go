package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeTry(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/try", serveTry) }, []asked{
		{method: "GET", target: "/api/try?token=q%26token", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"ok\":true}"},
		{method: "GET", target: "/api/try", status: 401, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"no token\"}"},
		{method: "GET", target: "/api/try?token=bad", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"ok\":false}"},
		{method: "POST", target: "/api/try?token=q%26token", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"ok\":true}"},
		{method: "POST", target: "/api/try", status: 401, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"error\":\"no token\"}"},
		{method: "POST", target: "/api/try?token=bad", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"ok\":false}"},
	})
}

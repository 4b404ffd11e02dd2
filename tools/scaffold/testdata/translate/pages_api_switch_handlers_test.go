package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeSwitch(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/switch", serveSwitch) }, []asked{
		{method: "GET", target: "/api/switch", header: map[string]string{"accept-language": "h-accept-language"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"lang\":\"h-accept-language\"}"},
		{method: "GET", target: "/api/switch", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/switch", header: map[string]string{"accept-language": "h-accept-language"}, status: 405, answer: map[string]string{"allow": "GET, DELETE"}, text: "Method POST Not Allowed"},
		{method: "POST", target: "/api/switch", status: 405, answer: map[string]string{"allow": "GET, DELETE"}, text: "Method POST Not Allowed"},
		{method: "DELETE", target: "/api/switch", header: map[string]string{"accept-language": "h-accept-language"}, status: 204, answer: map[string]string{}, text: ""},
		{method: "DELETE", target: "/api/switch", status: 204, answer: map[string]string{}, text: ""},
	})
}

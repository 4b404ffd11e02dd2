package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeTernary(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/ternary", serveTernary) }, []asked{
		{method: "GET", target: "/api/ternary?kind=q%26kind", status: 404, answer: map[string]string{}, text: "not a"},
		{method: "GET", target: "/api/ternary", status: 404, answer: map[string]string{}, text: "not a"},
		{method: "GET", target: "/api/ternary?kind=a", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"a\":true}"},
		{method: "POST", target: "/api/ternary?kind=q%26kind", status: 404, answer: map[string]string{}, text: "not a"},
		{method: "POST", target: "/api/ternary", status: 404, answer: map[string]string{}, text: "not a"},
		{method: "POST", target: "/api/ternary?kind=a", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"a\":true}"},
	})
}

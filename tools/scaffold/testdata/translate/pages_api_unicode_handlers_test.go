package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeUnicode(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/unicode", serveUnicode) }, []asked{
		{method: "GET", target: "/api/unicode?n%C3%A4me=q%26n%C3%A4me", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"café \u2028 <b>&amp;</b> 😀\",\"q\":\"q&näme\"}"},
		{method: "GET", target: "/api/unicode", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"café \u2028 <b>&amp;</b> 😀\"}"},
		{method: "POST", target: "/api/unicode?n%C3%A4me=q%26n%C3%A4me", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"café \u2028 <b>&amp;</b> 😀\",\"q\":\"q&näme\"}"},
		{method: "POST", target: "/api/unicode", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"text\":\"café \u2028 <b>&amp;</b> 😀\"}"},
	})
}

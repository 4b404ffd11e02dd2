package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServe日本語(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/日本/語", serve日本語) }, []asked{
		{method: "GET", target: "/api/%E6%97%A5%E6%9C%AC/%E8%AA%9E", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"語\":\"日本\"}"},
		{method: "POST", target: "/api/%E6%97%A5%E6%9C%AC/%E8%AA%9E", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"語\":\"日本\"}"},
	})
}

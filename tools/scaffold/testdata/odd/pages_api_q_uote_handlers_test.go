package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeQUote(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/q\"uote`", serveQUote) }, []asked{
		{method: "GET", target: "/api/q%22uote%60", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/q%22uote%60", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

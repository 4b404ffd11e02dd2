package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeFilesPath(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/files/[...path]", serveFilesPath) }, []asked{
		{method: "GET", target: "/api/files/a/b%20c", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"path\":[\"a\",\"b c\"]}"},
		{method: "POST", target: "/api/files/a/b%20c", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"path\":[\"a\",\"b c\"]}"},
	})
}

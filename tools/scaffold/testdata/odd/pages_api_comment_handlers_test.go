package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeComment(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/comment", serveComment) }, []asked{
		{method: "GET", target: "/api/comment", status: 200, answer: map[string]string{}, text: "`*/"},
		{method: "POST", target: "/api/comment", status: 200, answer: map[string]string{}, text: "`*/"},
	})
}

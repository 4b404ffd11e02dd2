package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeUsersList2(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/usersList", serveUsersList2) }, []asked{
		{method: "GET", target: "/api/usersList", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/usersList", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeUsersList(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/users-list", serveUsersList) }, []asked{
		{method: "GET", target: "/api/users-list", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/users-list", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

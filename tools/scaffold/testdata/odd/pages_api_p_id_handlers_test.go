package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServePID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/p-\\[id\\]", servePID) }, []asked{
		{method: "GET", target: "/api/p-%5Bid%5D", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/p-%5Bid%5D", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeDotJSON(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/dot.json", serveDotJSON) }, []asked{
		{method: "GET", target: "/api/dot.json", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
		{method: "POST", target: "/api/dot.json", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{}"},
	})
}

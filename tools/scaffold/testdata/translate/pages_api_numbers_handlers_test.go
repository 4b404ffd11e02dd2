package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeNumbers(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/numbers", serveNumbers) }, []asked{
		{method: "GET", target: "/api/numbers", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"int\":3,\"neg\":-4,\"half\":0.5,\"big\":1e+21,\"small\":1e-7,\"max\":9007199254740991,\"zero\":0}"},
		{method: "POST", target: "/api/numbers", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"int\":3,\"neg\":-4,\"half\":0.5,\"big\":1e+21,\"small\":1e-7,\"max\":9007199254740991,\"zero\":0}"},
	})
}

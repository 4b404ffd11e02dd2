package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeKeys(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/keys", serveKeys) }, []asked{
		{method: "GET", target: "/api/keys", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"a-b\":1,\"a_b\":2,\"a\":\"x\",\"A\":\"y\",\"type\":\"z\",\"with space\":1,\"$dollar\":2,\"é\":3,\"-\":4}"},
		{method: "POST", target: "/api/keys", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"a-b\":1,\"a_b\":2,\"a\":\"x\",\"A\":\"y\",\"type\":\"z\",\"with space\":1,\"$dollar\":2,\"é\":3,\"-\":4}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetV2Class(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/v2/class", getV2Class) }, []asked{
		{method: "GET", target: "/v2/class", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"class\":true}"},
	})
}

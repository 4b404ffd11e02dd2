package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetTop(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/top", getTop) }, []asked{
		{method: "GET", target: "/top", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"top\":\"level\"}"},
	})
}

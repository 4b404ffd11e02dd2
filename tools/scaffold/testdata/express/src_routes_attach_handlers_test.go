package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetAttached(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/attached", getAttached) }, []asked{
		{method: "GET", target: "/attached", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"attached\":true}"},
	})
}

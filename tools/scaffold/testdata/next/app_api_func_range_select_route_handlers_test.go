package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetFuncRangeSelect(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/api/func/[range]/[select]", getFuncRangeSelect) }, []asked{
		{method: "GET", target: "/api/func/p%20range/p%20select", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"range\":\"p range\",\"select\":\"p select\",\"a-b\":\"quote\\\" and `tick`\",\"n\":1.5,\"t\":true,\"nothing\":null,\"list\":[1,\"two\",[3]]}"},
	})
}

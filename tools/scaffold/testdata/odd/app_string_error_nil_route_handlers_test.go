package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetStringErrorNil(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/string/[error]/[nil]", getStringErrorNil) }, []asked{
		{method: "GET", target: "/string/p%20error/p%20nil", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"error\":\"p error\",\"nil\":\"p nil\"}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestDeleteRText(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("DELETE", "/r/text", deleteRText) }, []asked{
		{method: "DELETE", target: "/r/text", status: 200, answer: map[string]string{}, text: ""},
	})
}

func TestGetRText(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/r/text", getRText) }, []asked{
		{method: "GET", target: "/r/text", status: 200, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "plain"},
	})
}

func TestPostRText(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("POST", "/r/text", postRText) }, []asked{
		{method: "POST", target: "/r/text", status: 201, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "made"},
	})
}

func TestPutRText(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("PUT", "/r/text", putRText) }, []asked{
		{method: "PUT", target: "/r/text", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"ok\":true}"},
	})
}

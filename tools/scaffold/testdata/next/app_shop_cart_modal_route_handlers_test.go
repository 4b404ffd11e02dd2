package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetCart(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/cart", getCart) }, []asked{
		{method: "GET", target: "/cart", header: map[string]string{"Cookie": "cart=c-cart"}, status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"cart\":\"c-cart\"}"},
		{method: "GET", target: "/cart", status: 307, answer: map[string]string{"location": "/login"}, text: ""},
		{method: "GET", target: "/cart", header: map[string]string{"Cookie": "cart=gone"}, status: 404, answer: map[string]string{}, text: ""},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestDeleteItemsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("DELETE", "/api/items/[id]", deleteItemsID) }, []asked{
		{method: "DELETE", target: "/api/items/x", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestGetItemsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/api/items/[id]", getItemsID) }, []asked{
		{method: "GET", target: "/api/items/p%20id", header: map[string]string{"user-agent": "h-user-agent"}, status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"id\":\"p id\",\"agent\":\"h-user-agent\"}"},
		{method: "GET", target: "/api/items/p%20id", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"id\":\"p id\",\"agent\":null}"},
		{method: "GET", target: "/api/items/0", header: map[string]string{"user-agent": "h-user-agent"}, status: 404, answer: map[string]string{"content-type": "text/plain;charset=UTF-8"}, text: "no item 0"},
	})
}

func TestOptionsItemsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("OPTIONS", "/api/items/[id]", optionsItemsID) }, []asked{
		{method: "OPTIONS", target: "/api/items/x", status: 204, answer: map[string]string{"allow": "GET"}, text: ""},
	})
}

func TestPatchItemsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("PATCH", "/api/items/[id]", patchItemsID) }, []asked{
		{method: "PATCH", target: "/api/items/p%20id", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"put\":\"p id\"}"},
	})
}

func TestPutItemsID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("PUT", "/api/items/[id]", putItemsID) }, []asked{
		{method: "PUT", target: "/api/items/p%20id", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"put\":\"p id\"}"},
	})
}

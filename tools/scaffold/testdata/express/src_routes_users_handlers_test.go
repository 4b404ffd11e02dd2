package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestDeleteUsersID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("DELETE", "/api/users/:id", deleteUsersID) }, []asked{
		{method: "DELETE", target: "/api/users/x", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestPutUsersID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("PUT", "/api/users/:id", putUsersID) }, []asked{
		{method: "PUT", target: "/api/users/p%20id", header: map[string]string{"Accept-Language": "h-Accept-Language", "x-token": "h-x-token"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"h-Accept-Language\",\"token\":\"h-x-token\"}"},
		{method: "PUT", target: "/api/users/p%20id", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"en\"}"},
		{method: "PUT", target: "/api/users/p%20id", header: map[string]string{"x-token": "h-x-token"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"en\",\"token\":\"h-x-token\"}"},
		{method: "PUT", target: "/api/users/p%20id", header: map[string]string{"Accept-Language": "h-Accept-Language"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"h-Accept-Language\"}"},
	})
}

func TestDeleteTwiceUsersID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("DELETE", "/twice/users/:id", deleteTwiceUsersID) }, []asked{
		{method: "DELETE", target: "/twice/users/x", status: 204, answer: map[string]string{}, text: ""},
	})
}

func TestPutTwiceUsersID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("PUT", "/twice/users/:id", putTwiceUsersID) }, []asked{
		{method: "PUT", target: "/twice/users/p%20id", header: map[string]string{"Accept-Language": "h-Accept-Language", "x-token": "h-x-token"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"h-Accept-Language\",\"token\":\"h-x-token\"}"},
		{method: "PUT", target: "/twice/users/p%20id", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"en\"}"},
		{method: "PUT", target: "/twice/users/p%20id", header: map[string]string{"x-token": "h-x-token"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"en\",\"token\":\"h-x-token\"}"},
		{method: "PUT", target: "/twice/users/p%20id", header: map[string]string{"Accept-Language": "h-Accept-Language"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8", "vary": "Accept-Language"}, text: "{\"id\":\"p id\",\"lang\":\"h-Accept-Language\"}"},
	})
}

package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetOrdersCustomerList(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/api/orders/:customer/list", getOrdersCustomerList) }, []asked{
		{method: "GET", target: "/api/orders/x/list", status: 302, answer: map[string]string{"location": "/api/orders/1"}, text: "Found. Redirecting to /api/orders/1"},
	})
}

func TestGetOrdersCustomerListID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/api/orders/:customer/list/:id", getOrdersCustomerListID) }, []asked{
		{method: "GET", target: "/api/orders/x/list/p%20id", status: 301, answer: map[string]string{"location": "/orders/p%20id"}, text: "Moved Permanently. Redirecting to /orders/p%20id"},
	})
}

func TestGetOrdersID(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.On("GET", "/api/orders/:id", getOrdersID) }, []asked{
		{method: "GET", target: "/api/orders/p%20id", status: 200, answer: map[string]string{"content-type": "text/html; charset=utf-8"}, text: "order p id"},
	})
}

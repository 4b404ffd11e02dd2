package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeNames(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/names", serveNames) }, []asked{
		{method: "GET", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names?err=q%26err&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names?body=q%26body&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names?body=q%26body&err=q%26err&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"nil\":\"nil\"}"},
		{method: "GET", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&res=q%26res", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?err=q%26err&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?body=q%26body&range=q%26range&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?body=q%26body&err=q%26err&res=q%26res&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&type=q%26type", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"type\":\"q&type\",\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"nil\":\"nil\"}"},
		{method: "POST", target: "/api/names?body=q%26body&err=q%26err&range=q%26range&res=q%26res", status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"range\":\"q&range\",\"err\":\"q&err\",\"func\":\"q&body\",\"res\":\"q&res\",\"nil\":\"nil\"}"},
	})
}

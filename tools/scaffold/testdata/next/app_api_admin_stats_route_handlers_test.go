package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestGetAdminStats(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.Fetch.On("GET", "/api/admin/stats", getAdminStats) }, []asked{
		{method: "GET", target: "/api/admin/stats", status: 200, answer: map[string]string{"content-type": "application/json"}, text: "{\"users\":3}"},
	})
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "GET", Pattern: "/array", Source: "server.mjs:25"},
	{Method: "POST", Pattern: "/body", Source: "server.mjs:18"},
	{Method: "GET", Pattern: "/cookie", Source: "server.mjs:16"},
	{Method: "GET", Pattern: "/html", Source: "server.mjs:4"},
	{Method: "GET", Pattern: "/lang", Source: "server.mjs:11"},
	{Method: "GET", Pattern: "/later", Source: "server.mjs:24"},
	{Method: "GET", Pattern: "/next", Source: "server.mjs:23"},
	{Method: "GET", Pattern: "/params/:a/:b", Source: "server.mjs:17"},
	{Method: "GET", Pattern: "/plain", Source: "server.mjs:5"},
	{Method: "GET", Pattern: "/send", Source: "server.mjs:3"},
	{Method: "GET", Pattern: "/status", Source: "server.mjs:7"},
	{Method: "GET", Pattern: "/to", Source: "server.mjs:8"},
	{Method: "GET", Pattern: "/to/:where", Source: "server.mjs:9"},
	{Method: "GET", Pattern: "/vary", Source: "server.mjs:10"},
	{Method: "GET", Pattern: "/xml", Source: "server.mjs:6"},
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "GET", Pattern: "/array", Source: "server.js:30"},
	{Method: "POST", Pattern: "/body", Source: "server.js:23"},
	{Method: "GET", Pattern: "/cookie", Source: "server.js:21"},
	{Method: "GET", Pattern: "/etag/:id", Source: "server.js:10"},
	{Method: "GET", Pattern: "/html", Source: "server.js:4"},
	{Method: "GET", Pattern: "/lang", Source: "server.js:16"},
	{Method: "GET", Pattern: "/later", Source: "server.js:29"},
	{Method: "GET", Pattern: "/next", Source: "server.js:28"},
	{Method: "GET", Pattern: "/params/:a/:b", Source: "server.js:22"},
	{Method: "GET", Pattern: "/plain", Source: "server.js:5"},
	{Method: "GET", Pattern: "/send", Source: "server.js:3"},
	{Method: "GET", Pattern: "/status", Source: "server.js:7"},
	{Method: "GET", Pattern: "/tag/:id", Source: "server.js:14"},
	{Method: "GET", Pattern: "/to", Source: "server.js:8"},
	{Method: "GET", Pattern: "/to/:where", Source: "server.js:9"},
	{Method: "GET", Pattern: "/vary", Source: "server.js:15"},
	{Method: "GET", Pattern: "/xml", Source: "server.js:6"},
	// scaffold: what is new goes above this line
}

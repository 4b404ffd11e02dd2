package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "GET", Pattern: "/", Source: "src/server.js:19"},
	{Method: "GET", Pattern: "/a", Source: "src/server.js:28"},
	{Method: "ANY", Pattern: "/any", Source: "src/server.js:35"},
	{Method: "GET", Pattern: "/api/orders/:customer/list", Source: "src/routes/orders.js:3"},
	{Method: "GET", Pattern: "/api/orders/:customer/list/:id", Source: "src/routes/orders.js:4"},
	{Method: "GET", Pattern: "/api/orders/:id", Source: "src/routes/orders.js:8"},
	{Method: "GET", Pattern: "/api/users", Handler: "express-async-handler", Source: "src/routes/users.js:4"},
	{Method: "POST", Pattern: "/api/users", Source: "src/routes/users.js:5"},
	{Method: "DELETE", Pattern: "/api/users/:id", Source: "src/routes/users.js:12"},
	{Method: "PUT", Pattern: "/api/users/:id", Handler: "update", Source: "src/routes/users.js:12"},
	{Method: "GET", Pattern: "/attached", Source: "src/routes/attach.js:2"},
	{Method: "GET", Pattern: "/b", Source: "src/server.js:28"},
	{Method: "GET", Pattern: "/chain", Source: "src/server.js:37"},
	{Method: "POST", Pattern: "/chain", Source: "src/server.js:38"},
	{Method: "GET", Pattern: "/five", Own: "/five{/:id}", Source: "src/server.js:30"},
	{Method: "GET", Pattern: "/five/:id", Own: "/five{/:id}", Source: "src/server.js:30"},
	{Method: "GET", Pattern: "/loop/x", Source: "src/server.js:44"},
	{Method: "GET", Pattern: "/loop/y", Source: "src/server.js:44"},
	{Method: "GET", Pattern: "/opt", Own: "/opt/:id?", Source: "src/server.js:29"},
	{Method: "GET", Pattern: "/opt/:id", Own: "/opt/:id?", Source: "src/server.js:29"},
	{Method: "GET", Pattern: "", Own: "/order-:id", Reason: "only Express can tell what order-:id matches", Source: "src/server.js:34"},
	{Method: "GET", Pattern: "/products/:id", Handler: "getProduct", Source: "src/server.js:21"},
	{Method: "GET", Pattern: "/products/featured", Source: "src/server.js:27"},
	{Method: "GET", Pattern: "/rest/*path", Source: "src/server.js:32"},
	{Method: "GET", Pattern: "", Own: "/star/*", Reason: "only Express can tell what * matches", Source: "src/server.js:31"},
	{Method: "GET", Pattern: "/top", Source: "src/top.mjs:4"},
	{Method: "GET", Pattern: "/twice/users", Handler: "express-async-handler", Source: "src/routes/users.js:4"},
	{Method: "POST", Pattern: "/twice/users", Source: "src/routes/users.js:5"},
	{Method: "DELETE", Pattern: "/twice/users/:id", Source: "src/routes/users.js:12"},
	{Method: "PUT", Pattern: "/twice/users/:id", Handler: "update", Source: "src/routes/users.js:12"},
	{Method: "GET", Pattern: "/v2/class", Source: "src/routes/classes.ts:6"},
	{Method: "GET", Pattern: "/v2/class/:id", Handler: "one", Source: "src/routes/classes.ts:7"},
	{Method: "GET", Pattern: "/verbs", Source: "src/server.js:46"},
	{Method: "POST", Pattern: "/verbs", Source: "src/server.js:46"},
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "GET", Pattern: "/_open", Handler: "GET", Source: "app/%5Fopen/route.ts:1"},
	{Method: "ANY", Pattern: "/api", Source: "pages/api/index.js:1"},
	{Method: "ANY", Pattern: "/api/_under/(paren)/x", Handler: "x", Source: "pages/api/_under/(paren)/x.js:1"},
	{Method: "GET", Pattern: "/api/admin/stats", Handler: "GET", Source: "app/api/admin/stats/route.ts:1"},
	{Method: "GET", Pattern: "/api/auth/[...nextauth]", Handler: "next-auth", Source: "app/api/auth/[...nextauth]/route.ts:2"},
	{Method: "POST", Pattern: "/api/auth/[...nextauth]", Handler: "next-auth", Source: "app/api/auth/[...nextauth]/route.ts:2"},
	{Method: "ANY", Pattern: "/api/edge", Handler: "handler", Source: "pages/api/edge.ts:2"},
	{Method: "ANY", Pattern: "/api/files/[...path]", Source: "pages/api/files/[...path].js:1"},
	{Method: "GET", Pattern: "/api/func/[range]/[select]", Handler: "GET", Source: "app/api/func/[range]/[select]/route.ts:1"},
	{Method: "ANY", Pattern: "/api/health", Source: "pages/api/health.ts:1"},
	{Method: "ANY", Pattern: "/api/hello", Handler: "handler", Source: "pages/api/hello.ts:6"},
	{Method: "GET", Pattern: "/api/items", Handler: "GET", Source: "app/api/items/route.ts:7"},
	{Method: "POST", Pattern: "/api/items", Handler: "POST", Source: "app/api/items/route.ts:16"},
	{Method: "DELETE", Pattern: "/api/items/[id]", Handler: "DELETE", Source: "app/api/items/[id]/route.ts:8"},
	{Method: "GET", Pattern: "/api/items/[id]", Handler: "GET", Source: "app/api/items/[id]/route.ts:2"},
	{Method: "OPTIONS", Pattern: "/api/items/[id]", Handler: "OPTIONS", Source: "app/api/items/[id]/route.ts:15"},
	{Method: "PATCH", Pattern: "/api/items/[id]", Handler: "h", Source: "app/api/items/[id]/route.ts:11"},
	{Method: "PUT", Pattern: "/api/items/[id]", Handler: "h", Source: "app/api/items/[id]/route.ts:11"},
	{Method: "ANY", Pattern: "/api/opt/[[...rest]]", Handler: "handler", Source: "pages/api/opt/[[...rest]].js:1"},
	{Method: "GET", Pattern: "/api/re", Handler: "GET", Source: "app/api/re/route.ts:1"},
	{Method: "ANY", Pattern: "/api/users/[id]", Handler: "handler", Source: "pages/api/users/[id].ts:3"},
	{Method: "ANY", Pattern: "/api/wrapped", Handler: "withAuth", Source: "pages/api/wrapped.ts:2"},
	{Method: "GET", Pattern: "/cart", Handler: "GET", Source: "app/(shop)/cart/@modal/route.js:3"},
	{Method: "GET", Pattern: "/go/[[...rest]]", Handler: "GET", Source: "app/go/[[...rest]]/route.ts:2"},
	{Method: "HEAD", Pattern: "/go/[[...rest]]", Handler: "HEAD", Source: "app/go/[[...rest]]/route.ts:5"},
	{Method: "GET", Pattern: "/日本/héllo wörld/[type]", Handler: "GET", Source: "app/日本/héllo wörld/[type]/route.ts:1"},
	{Method: "ANY", Pattern: "/old/:slug", Handler: "redirect", Source: "next.config.mjs:1"},
	{Method: "ANY", Pattern: "/docs/[[...path]]", Own: "/docs/:path*", Handler: "redirect", Source: "next.config.mjs:1"},
	{Method: "ANY", Pattern: "/home", Handler: "redirect", Source: "vercel.json:1"},
	{Method: "ANY", Pattern: "/health", Source: "pages/api/health.ts:1"},
	{Method: "ANY", Pattern: "/v1/users/:id", Handler: "handler", Source: "pages/api/users/[id].ts:3"},
	{Method: "ANY", Pattern: "/proxy/[[...path]]", Own: "/proxy/:path*", Handler: "rewrite", Source: "next.config.mjs:1"},
	{Method: "ANY", Pattern: "", Own: "/(.*)", Reason: "its source is a regular expression", Handler: "rewrite", Source: "vercel.json:1"},
	// scaffold: what is new goes above this line
}

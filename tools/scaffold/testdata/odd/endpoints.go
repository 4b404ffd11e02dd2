package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "ANY", Pattern: "/api/1", Source: "pages/api/1.ts:1"},
	{Method: "ANY", Pattern: "", Own: "/api/[...]", Reason: "\"[...]\" has no name: write \"[...rest]\"", Source: "pages/api/[...].ts:1"},
	{Method: "ANY", Pattern: "", Own: "/api/[[id]]", Reason: "\"[[id]]\" is an optional parameter, and only a catch-all can be optional: register the path without it as well, or write \"[[...id]]\"", Source: "pages/api/[[id]].ts:1"},
	{Method: "ANY", Pattern: "", Own: "/api/[id]/[id]", Reason: "\"id\" is the name of two parameters: rename one", Source: "pages/api/[id]/[id].ts:1"},
	{Method: "ANY", Pattern: "/api/_", Source: "pages/api/_.ts:1"},
	{Method: "ANY", Pattern: "/api/a b", Source: "pages/api/a b.ts:1"},
	{Method: "ANY", Pattern: "/api/comment", Handler: "handler", Source: "pages/api/comment.ts:5"},
	{Method: "ANY", Pattern: "/api/dot.json", Source: "pages/api/dot.json.ts:1"},
	{Method: "ANY", Pattern: "/api/func", Source: "pages/api/func.ts:1"},
	{Method: "ANY", Pattern: "/api/init_linux", Source: "pages/api/init_linux.ts:1"},
	{Method: "ANY", Pattern: "/api/main", Source: "pages/api/main.ts:1"},
	{Method: "ANY", Pattern: "/api/p-\\[id\\]", Own: "/api/p-[id]", Source: "pages/api/p-[id].ts:1"},
	{Method: "ANY", Pattern: "/api/q\"uote`", Source: "pages/api/q\"uote`.ts:1"},
	{Method: "ANY", Pattern: "/api/users-list", Source: "pages/api/users-list.ts:1"},
	{Method: "ANY", Pattern: "/api/usersList", Source: "pages/api/usersList.ts:1"},
	{Method: "ANY", Pattern: "/api/users_list", Source: "pages/api/users_list.ts:1"},
	{Method: "ANY", Pattern: "/api/x_test", Source: "pages/api/x_test.ts:1"},
	{Method: "ANY", Pattern: "/api/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Source: "pages/api/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.ts:1"},
	{Method: "ANY", Pattern: "/api/日本/語", Source: "pages/api/日本/語.ts:1"},
	{Method: "GET", Pattern: "/get", Handler: "GET", Source: "app/get/route.ts:1"},
	{Method: "GET", Pattern: "/redirectTo", Handler: "GET", Source: "app/redirectTo/route.ts:1"},
	{Method: "GET", Pattern: "/string/[error]/[nil]", Handler: "GET", Source: "app/string/[error]/[nil]/route.ts:1"},
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
	{Method: "ANY", Pattern: "/api/[id]/name", Handler: "handler", Source: "pages/api/[id]/name.js:1"},
	{Method: "ANY", Pattern: "/api/body", Handler: "handler", Source: "pages/api/body.js:1"},
	{Method: "ANY", Pattern: "/api/conditions", Handler: "handler", Source: "pages/api/conditions.js:1"},
	{Method: "ANY", Pattern: "/api/cookies", Source: "pages/api/cookies.js:1"},
	{Method: "ANY", Pattern: "/api/date", Handler: "handler", Source: "pages/api/date.js:1"},
	{Method: "ANY", Pattern: "/api/default", Handler: "handler", Source: "pages/api/default.js:3"},
	{Method: "ANY", Pattern: "/api/empty", Handler: "handler", Source: "pages/api/empty.js:1"},
	{Method: "ANY", Pattern: "/api/end", Handler: "handler", Source: "pages/api/end.js:1"},
	{Method: "ANY", Pattern: "/api/keys", Handler: "handler", Source: "pages/api/keys.js:1"},
	{Method: "ANY", Pattern: "/api/let", Handler: "handler", Source: "pages/api/let.js:1"},
	{Method: "ANY", Pattern: "/api/missing", Handler: "handler", Source: "pages/api/missing.js:1"},
	{Method: "ANY", Pattern: "/api/mutable", Handler: "handler", Source: "pages/api/mutable.js:3"},
	{Method: "ANY", Pattern: "/api/names", Handler: "handler", Source: "pages/api/names.js:1"},
	{Method: "ANY", Pattern: "/api/numbers", Handler: "handler", Source: "pages/api/numbers.js:1"},
	{Method: "ANY", Pattern: "/api/numeric", Handler: "handler", Source: "pages/api/numeric.js:1"},
	{Method: "ANY", Pattern: "/api/shadow", Handler: "handler", Source: "pages/api/shadow.js:2"},
	{Method: "ANY", Pattern: "/api/switch", Handler: "handler", Source: "pages/api/switch.js:1"},
	{Method: "ANY", Pattern: "/api/ternary", Handler: "handler", Source: "pages/api/ternary.js:1"},
	{Method: "ANY", Pattern: "/api/throws", Handler: "handler", Source: "pages/api/throws.js:1"},
	{Method: "ANY", Pattern: "/api/try", Handler: "handler", Source: "pages/api/try.js:1"},
	{Method: "ANY", Pattern: "/api/twice", Handler: "handler", Source: "pages/api/twice.js:1"},
	{Method: "ANY", Pattern: "/api/unicode", Handler: "handler", Source: "pages/api/unicode.js:1"},
	{Method: "ANY", Pattern: "/api/whole", Handler: "handler", Source: "pages/api/whole.js:1"},
	{Method: "GET", Pattern: "/constants", Handler: "GET", Source: "app/constants/route.ts:9"},
	{Method: "OPTIONS", Pattern: "/constants", Handler: "OPTIONS", Source: "app/constants/route.ts:5"},
	{Method: "POST", Pattern: "/constants", Handler: "POST", Source: "app/constants/route.ts:13"},
	{Method: "GET", Pattern: "/r/[a]/[...rest]", Handler: "GET", Source: "app/r/[a]/[...rest]/route.js:1"},
	{Method: "GET", Pattern: "/r/after", Handler: "GET", Source: "app/r/after/route.js:1"},
	{Method: "GET", Pattern: "/r/bad", Handler: "GET", Source: "app/r/bad/route.js:1"},
	{Method: "GET", Pattern: "/r/headers", Handler: "GET", Source: "app/r/headers/route.js:2"},
	{Method: "PATCH", Pattern: "/r/json", Handler: "PATCH", Source: "app/r/json/route.js:8"},
	{Method: "POST", Pattern: "/r/json", Handler: "POST", Source: "app/r/json/route.js:2"},
	{Method: "GET", Pattern: "/r/nextcookies", Handler: "GET", Source: "app/r/nextcookies/route.js:1"},
	{Method: "GET", Pattern: "/r/redirects", Handler: "GET", Source: "app/r/redirects/route.js:3"},
	{Method: "GET", Pattern: "/r/search", Handler: "GET", Source: "app/r/search/route.js:1"},
	{Method: "GET", Pattern: "/r/stream", Handler: "GET", Source: "app/r/stream/route.js:1"},
	{Method: "DELETE", Pattern: "/r/text", Handler: "DELETE", Source: "app/r/text/route.js:4"},
	{Method: "GET", Pattern: "/r/text", Handler: "GET", Source: "app/r/text/route.js:1"},
	{Method: "POST", Pattern: "/r/text", Handler: "POST", Source: "app/r/text/route.js:2"},
	{Method: "PUT", Pattern: "/r/text", Handler: "PUT", Source: "app/r/text/route.js:3"},
	// scaffold: what is new goes above this line
}

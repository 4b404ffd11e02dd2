package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// app/%5Fopen/route.ts:1, translated
	old.Migrate("GET", "/_open", middleware(getOpen))
	// pages/api/index.js:1, translated
	old.Migrate("ANY", "/api", adapt.ToFetch(serveRoot))
	// pages/api/_under/(paren)/x.js:1, translated
	old.Migrate("ANY", "/api/_under/(paren)/x", adapt.ToFetch(serveUnderParenX))
	// app/api/admin/stats/route.ts:1, translated
	old.Migrate("GET", "/api/admin/stats", middleware(getAdminStats))
	// app/api/auth/[...nextauth]/route.ts:2, a stub
	old.Migrate("GET", "/api/auth/[...nextauth]", getAuthNextauth)
	// app/api/auth/[...nextauth]/route.ts:2, a stub
	old.Migrate("POST", "/api/auth/[...nextauth]", postAuthNextauth)
	// pages/api/edge.ts:2, translated
	old.Migrate("ANY", "/api/edge", serveEdge)
	// pages/api/files/[...path].js:1, translated
	old.Migrate("ANY", "/api/files/[...path]", adapt.ToFetch(serveFilesPath))
	// app/api/func/[range]/[select]/route.ts:1, translated
	old.Migrate("GET", "/api/func/[range]/[select]", getFuncRangeSelect)
	// pages/api/health.ts:1, translated
	old.Migrate("ANY", "/api/health", adapt.ToFetch(serveHealth))
	// pages/api/hello.ts:6, translated
	old.Migrate("ANY", "/api/hello", adapt.ToFetch(serveHello))
	// app/api/items/route.ts:7, translated
	old.Migrate("GET", "/api/items", getItems)
	// app/api/items/route.ts:16, translated
	old.Migrate("POST", "/api/items", postItems)
	// app/api/items/[id]/route.ts:8, translated
	old.Migrate("DELETE", "/api/items/[id]", deleteItemsID)
	// app/api/items/[id]/route.ts:2, translated
	old.Migrate("GET", "/api/items/[id]", getItemsID)
	// app/api/items/[id]/route.ts:15, translated
	old.Migrate("OPTIONS", "/api/items/[id]", optionsItemsID)
	// app/api/items/[id]/route.ts:11, translated
	old.Migrate("PATCH", "/api/items/[id]", patchItemsID)
	// app/api/items/[id]/route.ts:11, translated
	old.Migrate("PUT", "/api/items/[id]", putItemsID)
	// pages/api/opt/[[...rest]].js:1, translated
	old.Migrate("ANY", "/api/opt/[[...rest]]", adapt.ToFetch(serveOptRest))
	// app/api/re/route.ts:1, translated
	old.Migrate("GET", "/api/re", getRe)
	// pages/api/users/[id].ts:3, a stub
	old.Migrate("ANY", "/api/users/[id]", adapt.ToFetch(serveUsersID))
	// pages/api/wrapped.ts:2, a stub
	old.Migrate("ANY", "/api/wrapped", adapt.ToFetch(serveWrapped))
	// app/(shop)/cart/@modal/route.js:3, translated
	old.Migrate("GET", "/cart", middleware(getCart))
	// app/go/[[...rest]]/route.ts:2, translated
	old.Migrate("GET", "/go/[[...rest]]", middleware(getGoRest))
	// app/go/[[...rest]]/route.ts:5, translated
	old.Migrate("HEAD", "/go/[[...rest]]", middleware(headGoRest))
	// app/日本/héllo wörld/[type]/route.ts:1, translated
	old.Migrate("GET", "/日本/héllo wörld/[type]", middleware(get日本HélloWörldType))
	// next.config.mjs:1, translated
	old.Migrate("ANY", "/old/:slug", redirectOldSlug)
	// next.config.mjs:1, translated
	old.Migrate("ANY", "/docs/[[...path]]", redirectDocsPath)
	// vercel.json:1, translated
	old.Migrate("ANY", "/home", redirectHome)
	// pages/api/health.ts:1, translated
	old.Migrate("ANY", "/health", middleware(adapt.ToFetch(serveHealth)))
	// pages/api/users/[id].ts:3, a stub
	old.Migrate("ANY", "/v1/users/:id", middleware(adapt.ToFetch(serveUsersID)))
	// ANY /proxy/:path* stays with Node: it is rewritten to https://old.example.com/:path*.
	// ANY /(.*) stays with Node: its source is a regular expression.
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// pages/api/1.ts:1, translated
	old.Migrate("ANY", "/api/1", adapt.ToFetch(serve1))
	// ANY /api/[...] stays with Node: "[...]" has no name: write "[...rest]".
	// ANY /api/[[id]] stays with Node: "[[id]]" is an optional parameter, and only a catch-all can be optional: register the path without it as well, or write "[[...id]]".
	// ANY /api/[id]/[id] stays with Node: "id" is the name of two parameters: rename one.
	// pages/api/_.ts:1, translated
	old.Migrate("ANY", "/api/_", adapt.ToFetch(serveRoot))
	// pages/api/a b.ts:1, translated
	old.Migrate("ANY", "/api/a b", adapt.ToFetch(serveAB))
	// pages/api/comment.ts:5, translated
	old.Migrate("ANY", "/api/comment", adapt.ToFetch(serveComment))
	// pages/api/dot.json.ts:1, translated
	old.Migrate("ANY", "/api/dot.json", adapt.ToFetch(serveDotJSON))
	// pages/api/func.ts:1, translated
	old.Migrate("ANY", "/api/func", adapt.ToFetch(serveFunc))
	// pages/api/init_linux.ts:1, translated
	old.Migrate("ANY", "/api/init_linux", adapt.ToFetch(serveInitLinux))
	// pages/api/main.ts:1, translated
	old.Migrate("ANY", "/api/main", adapt.ToFetch(serveMain))
	// pages/api/p-[id].ts:1, translated
	old.Migrate("ANY", "/api/p-\\[id\\]", adapt.ToFetch(servePID))
	// pages/api/q"uote`.ts:1, translated
	old.Migrate("ANY", "/api/q\"uote`", adapt.ToFetch(serveQUote))
	// pages/api/users-list.ts:1, translated
	old.Migrate("ANY", "/api/users-list", adapt.ToFetch(serveUsersList))
	// pages/api/usersList.ts:1, translated
	old.Migrate("ANY", "/api/usersList", adapt.ToFetch(serveUsersList2))
	// pages/api/users_list.ts:1, translated
	old.Migrate("ANY", "/api/users_list", adapt.ToFetch(serveUsersList3))
	// pages/api/x_test.ts:1, translated
	old.Migrate("ANY", "/api/x_test", adapt.ToFetch(serveXTest))
	// pages/api/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.ts:1, translated
	old.Migrate("ANY", "/api/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", adapt.ToFetch(serveXxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx))
	// pages/api/日本/語.ts:1, translated
	old.Migrate("ANY", "/api/日本/語", adapt.ToFetch(serve日本語))
	// app/get/route.ts:1, translated
	old.Migrate("GET", "/get", getGet)
	// app/redirectTo/route.ts:1, translated
	old.Migrate("GET", "/redirectTo", getRedirectTo)
	// app/string/[error]/[nil]/route.ts:1, translated
	old.Migrate("GET", "/string/[error]/[nil]", getStringErrorNil)
	// scaffold: what is new goes above this line
}

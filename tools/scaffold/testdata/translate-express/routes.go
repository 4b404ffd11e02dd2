package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// server.js:30, translated
	old.Migrate("GET", "/array", adapt.ToFetch(getArray))
	// server.js:23, translated
	old.Migrate("POST", "/body", adapt.ToFetch(postBody))
	// server.js:21, translated
	old.Migrate("GET", "/cookie", adapt.ToFetch(getCookie))
	// server.js:10, a stub
	old.Migrate("GET", "/etag/:id", adapt.ToFetch(getEtagID))
	// server.js:4, translated
	old.Migrate("GET", "/html", adapt.ToFetch(getHTML))
	// server.js:16, translated
	old.Migrate("GET", "/lang", adapt.ToFetch(getLang))
	// server.js:29, a stub
	old.Migrate("GET", "/later", adapt.ToFetch(getLater))
	// server.js:28, a stub
	old.Migrate("GET", "/next", adapt.ToFetch(getNext))
	// server.js:22, translated
	old.Migrate("GET", "/params/:a/:b", adapt.ToFetch(getParamsAB))
	// server.js:5, translated
	old.Migrate("GET", "/plain", adapt.ToFetch(getPlain))
	// server.js:3, translated
	old.Migrate("GET", "/send", adapt.ToFetch(getSend))
	// server.js:7, translated
	old.Migrate("GET", "/status", adapt.ToFetch(getStatus))
	// server.js:14, translated
	old.Migrate("GET", "/tag/:id", adapt.ToFetch(getTagID))
	// server.js:8, translated
	old.Migrate("GET", "/to", adapt.ToFetch(getTo))
	// server.js:9, translated
	old.Migrate("GET", "/to/:where", adapt.ToFetch(getToWhere))
	// server.js:15, translated
	old.Migrate("GET", "/vary", adapt.ToFetch(getVary))
	// server.js:6, translated
	old.Migrate("GET", "/xml", adapt.ToFetch(getXml))
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// server.mjs:25, translated
	old.Migrate("GET", "/array", adapt.ToFetch(getArray))
	// server.mjs:18, translated
	old.Migrate("POST", "/body", adapt.ToFetch(postBody))
	// server.mjs:16, translated
	old.Migrate("GET", "/cookie", adapt.ToFetch(getCookie))
	// server.mjs:4, translated
	old.Migrate("GET", "/html", adapt.ToFetch(getHTML))
	// server.mjs:11, translated
	old.Migrate("GET", "/lang", adapt.ToFetch(getLang))
	// server.mjs:24, a stub
	old.Migrate("GET", "/later", adapt.ToFetch(getLater))
	// server.mjs:23, a stub
	old.Migrate("GET", "/next", adapt.ToFetch(getNext))
	// server.mjs:17, translated
	old.Migrate("GET", "/params/:a/:b", adapt.ToFetch(getParamsAB))
	// server.mjs:5, translated
	old.Migrate("GET", "/plain", adapt.ToFetch(getPlain))
	// server.mjs:3, translated
	old.Migrate("GET", "/send", adapt.ToFetch(getSend))
	// server.mjs:7, translated
	old.Migrate("GET", "/status", adapt.ToFetch(getStatus))
	// server.mjs:8, translated
	old.Migrate("GET", "/to", adapt.ToFetch(getTo))
	// server.mjs:9, translated
	old.Migrate("GET", "/to/:where", adapt.ToFetch(getToWhere))
	// server.mjs:10, translated
	old.Migrate("GET", "/vary", adapt.ToFetch(getVary))
	// server.mjs:6, translated
	old.Migrate("GET", "/xml", adapt.ToFetch(getXml))
	// scaffold: what is new goes above this line
}

package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// pages/api/[id]/name.js:1, translated
	old.Migrate("ANY", "/api/[id]/name", adapt.ToFetch(serveIDName))
	// pages/api/body.js:1, translated
	old.Migrate("ANY", "/api/body", adapt.ToFetch(serveBody))
	// pages/api/conditions.js:1, translated
	old.Migrate("ANY", "/api/conditions", adapt.ToFetch(serveConditions))
	// pages/api/cookies.js:1, translated
	old.Migrate("ANY", "/api/cookies", adapt.ToFetch(serveCookies))
	// pages/api/date.js:1, a stub
	old.Migrate("ANY", "/api/date", adapt.ToFetch(serveDate))
	// pages/api/default.js:3, translated
	old.Migrate("ANY", "/api/default", adapt.ToFetch(serveDefault))
	// pages/api/empty.js:1, a stub
	old.Migrate("ANY", "/api/empty", adapt.ToFetch(serveEmpty))
	// pages/api/end.js:1, translated
	old.Migrate("ANY", "/api/end", adapt.ToFetch(serveEnd))
	// pages/api/keys.js:1, translated
	old.Migrate("ANY", "/api/keys", adapt.ToFetch(serveKeys))
	// pages/api/let.js:1, a stub
	old.Migrate("ANY", "/api/let", adapt.ToFetch(serveLet))
	// pages/api/missing.js:1, a stub
	old.Migrate("ANY", "/api/missing", adapt.ToFetch(serveMissing))
	// pages/api/mutable.js:3, a stub
	old.Migrate("ANY", "/api/mutable", adapt.ToFetch(serveMutable))
	// pages/api/names.js:1, translated
	old.Migrate("ANY", "/api/names", adapt.ToFetch(serveNames))
	// pages/api/numbers.js:1, translated
	old.Migrate("ANY", "/api/numbers", adapt.ToFetch(serveNumbers))
	// pages/api/numeric.js:1, a stub
	old.Migrate("ANY", "/api/numeric", adapt.ToFetch(serveNumeric))
	// pages/api/shadow.js:2, a stub
	old.Migrate("ANY", "/api/shadow", adapt.ToFetch(serveShadow))
	// pages/api/switch.js:1, translated
	old.Migrate("ANY", "/api/switch", adapt.ToFetch(serveSwitch))
	// pages/api/ternary.js:1, translated
	old.Migrate("ANY", "/api/ternary", adapt.ToFetch(serveTernary))
	// pages/api/throws.js:1, a stub
	old.Migrate("ANY", "/api/throws", adapt.ToFetch(serveThrows))
	// pages/api/try.js:1, translated
	old.Migrate("ANY", "/api/try", adapt.ToFetch(serveTry))
	// pages/api/twice.js:1, a stub
	old.Migrate("ANY", "/api/twice", adapt.ToFetch(serveTwice))
	// pages/api/unicode.js:1, translated
	old.Migrate("ANY", "/api/unicode", adapt.ToFetch(serveUnicode))
	// pages/api/whole.js:1, translated
	old.Migrate("ANY", "/api/whole", adapt.ToFetch(serveWhole))
	// app/constants/route.ts:9, translated
	old.Migrate("GET", "/constants", getConstants)
	// app/constants/route.ts:5, translated
	old.Migrate("OPTIONS", "/constants", optionsConstants)
	// app/constants/route.ts:13, translated
	old.Migrate("POST", "/constants", postConstants)
	// app/r/[a]/[...rest]/route.js:1, translated
	old.Migrate("GET", "/r/[a]/[...rest]", getRARest)
	// app/r/after/route.js:1, a stub
	old.Migrate("GET", "/r/after", getRAfter)
	// app/r/bad/route.js:1, a stub
	old.Migrate("GET", "/r/bad", getRBad)
	// app/r/headers/route.js:2, translated
	old.Migrate("GET", "/r/headers", getRHeaders)
	// app/r/json/route.js:8, translated
	old.Migrate("PATCH", "/r/json", patchRJSON)
	// app/r/json/route.js:2, translated
	old.Migrate("POST", "/r/json", postRJSON)
	// app/r/nextcookies/route.js:1, translated
	old.Migrate("GET", "/r/nextcookies", getRNextcookies)
	// app/r/redirects/route.js:3, translated
	old.Migrate("GET", "/r/redirects", getRRedirects)
	// app/r/search/route.js:1, translated
	old.Migrate("GET", "/r/search", getRSearch)
	// app/r/stream/route.js:1, a stub
	old.Migrate("GET", "/r/stream", getRStream)
	// app/r/text/route.js:4, translated
	old.Migrate("DELETE", "/r/text", deleteRText)
	// app/r/text/route.js:1, translated
	old.Migrate("GET", "/r/text", getRText)
	// app/r/text/route.js:2, translated
	old.Migrate("POST", "/r/text", postRText)
	// app/r/text/route.js:3, translated
	old.Migrate("PUT", "/r/text", putRText)
	// scaffold: what is new goes above this line
}

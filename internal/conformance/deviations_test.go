package conformance

// deviations are the differences that are kept on purpose, by the folder of their reference.
var deviations = map[string][]deviation{
	"express": {
		{
			ids:  []string{"req.path/dot-segments-kept"},
			does: "Routes and serves a path with dot segments as it was sent.",
			here: "A 308 to the resolved path, where a route serves that.",
			why:  "Nobody sees another path than the one that is routed on (DESIGN, section 3, One path).",
		},
		{
			ids:  []string{"error texts/status-after-headers-sent-is-silent"},
			does: "`res.statusCode` can be changed after the head is out, and then reads as what was not sent.",
			here: "`StatusCode` is the status that was sent.",
			why:  "A log line made of it would be wrong.",
		},
		{
			ids: []string{
				"express.json/only-whitespace", "express.json/bad-token", "express.json/strict-refuses-primitives",
				"express.json/strict-refuses-primitives-after-whitespace", "express.json/strict-number", "express.json/strict-string",
				"express.json/strict-null", "express.json/strict-trailing-comma", "express.json/strict-trailing-text",
				"express.json/strict-single-quote", "express.json/strict-unescaped-newline-in-a-string",
			},
			like: "the words of a JSON error",
			does: "The message of an `entity.parse.failed` is V8's (`Unexpected token 't', …`), which changes with its version.",
			here: "The message that both shapes give: line, column, and what was expected there.",
			why:  "No client can rely on the words of one version of V8; status and type are Express's.",
		},
		{
			ids:  []string{"req.cookies/proto-name"},
			does: "Drops a cookie with the name `__proto__`.",
			here: "It is a cookie like any other.",
			why:  "The name means something in JavaScript only.",
		},
		{
			ids:  []string{"req.range/suffix-longer-than-size"},
			does: "A suffix longer than the representation is not a range.",
			here: "It is the whole representation.",
			why:  "RFC 9110, 14.1.2.",
		},
		{
			ids:  []string{"res.sendFile/if-range-etag-matches"},
			does: "If-Range holds for a weak tag, and for a text that merely contains the tag.",
			here: "Only for a strong tag that is the file's, or for its very date; else the whole file is sent.",
			why:  "RFC 9110, 13.1.5: parts of two versions that are only alike must not be put together.",
		},
		{
			ids:  []string{"req.secure/uppercase-https-is-not-secure"},
			does: "A trusted proxy's `X-Forwarded-Proto: HTTPS` is not secure.",
			here: "It is: schemes ignore case.",
			why:  "RFC 3986, 3.1. Another scheme than http and https is a 400, since a URL is made of it.",
		},
		{
			ids:  []string{"res.cookie/maxage-negative"},
			does: "A negative `maxAge` is written as it is, with an `Expires` so long ago.",
			here: "`Max-Age=0` and an `Expires` in 1970.",
			why:  "Both delete the cookie (RFC 6265, 5.2.2). A time.Duration below zero is Go's way to say so, as in http.Cookie.",
		},
		{
			ids:  []string{"res.cookie/partitioned"},
			like: "a cookie that browsers ignore",
			does: "Writes SameSite=None and Partitioned without Secure.",
			here: "Both are refused, as other bad options are.",
			why:  "Every browser ignores such a cookie (RFC 6265bis, 5.7), and nobody would see why.",
		},
		{
			ids:  []string{"res.status/valid-101"},
			does: "Sends a 101 of a handler that goes on as if nothing had happened.",
			here: "A 500: a 101 goes out when the handler takes the connection.",
			why:  "The client would speak another protocol to nobody (DESIGN, section 3, Upgrades).",
		},
		{
			ids:  []string{"res.set/content-type-unknown-word-via-set"},
			does: "Sends the text `false` as Content-Type, because it stringifies a look-up that failed.",
			here: "No Content-Type.",
			why:  "It is a defect: `false` is not a media type (RFC 9110, 8.3.1).",
		},
	},
	"nextjs": {
		{
			ids:  []string{"api-routes/dotdot", "api-routes/encoded-dotdot"},
			like: "a path with dot segments",
			does: "resolves them, and serves the route of the resolved path.",
			here: "a 308 to the resolved path.",
			why:  "a guard in front, which reads the path that was sent, would be passed (DESIGN, section 3, One path).",
		},
		{
			ids:  []string{"api-routes/redirect-rawunicode"},
			like: "characters beyond ASCII in a redirect",
			does: "sends a character up to U+00FF of the target as one byte (Latin-1), and fails on any other.",
			here: "percent-encodes the UTF-8 of characters beyond ASCII.",
			why:  "a Location is a URL reference, which has no bytes beyond ASCII; what browsers do with them differs.",
		},
		{
			ids:  []string{"api-routes/throw-afterwrite"},
			like: "an error after the first byte",
			does: `appends "Internal Server Error" to what was written, and ends the answer as if it were complete.`,
			here: "cuts the connection.",
			why:  "an answer that broke must not look complete (DESIGN, section 3, Errors).",
		},
		{
			ids:  []string{"api-routes/etag-inm-POST", "api-routes/etag-inm-404"},
			like: "a matching tag of another answer than a good GET or HEAD",
			does: "turns any answer into a 304 whose tag the client has, also that of a POST and a 404.",
			here: "only GET and HEAD of a 2xx answer become 304.",
			why:  "the client would take an error, or what its POST did, for the stored answer (RFC 9110, 13.1.2).",
		},
		{
			ids:  []string{"route-handlers/echo-get"},
			like: "a cookie that is repeated or quoted",
			does: "of several cookies with one name the last wins, and quotes belong to a value.",
			here: "the first wins, and quotes around a value do not belong to it, in both shapes.",
			why:  "a handler that moves must read the same (facts, row 24); the first is what API Routes and Express read.",
		},
		{
			ids:  []string{"route-handlers/echo-post-nobody"},
			like: "the body of a request that has none",
			does: "a POST without a body has an empty stream as its body.",
			here: "it has no body; reading it gives the same, and may be done again.",
			why:  "net/http tells a request without a body from one with an empty body; the Fetch Standard does too.",
		},
		{
			ids:  []string{"route-handlers/ret-used"},
			does: "answers 500 without a body, with the headers of the response that could not be sent.",
			here: "500 without them.",
			why:  "the Content-Type of a body that is not sent describes nothing.",
		},
		{
			ids:  []string{"route-handlers/ret-fetchlike"},
			does: "drops the Content-Encoding of a response.",
			here: "sends it.",
			why:  "a handler that compresses, or passes on what is compressed, has to say so. A wrong Content-Length is replaced as there.",
		},
	},
	"fetch": {
		{
			ids:  []string{"formdata-022", "formdata-023", "formdata-046", "formdata-047"},
			like: "white space in the header of a part",
			does: "forgives spaces around the name of a header, and refuses one inside it and a folded line.",
			here: "spaces before a name and its colon are refused, inside a name they are of a header that does not count, a folded line is one line, and LF alone ends a line.",
			why:  "mime/multipart reads the parts, as everywhere in Go; no browser and no library sends any of these.",
		},
		{
			ids:  []string{"formdata-031", "formdata-036"},
			like: "control characters in the header of a part",
			does: "refuses NUL, CR and LF alone.",
			here: "refuses every control character but the tab.",
			why:  "mime/multipart does, and a name with one in it is nobody's.",
		},
		{
			ids:  []string{"formdata-041"},
			like: "text before the first boundary",
			does: "refuses it.",
			here: "passes over it, as long as it is shorter than the header of a part may be; a boundary whose line goes on is content likewise.",
			why:  "RFC 2046, 5.1.1 has a preamble for readers that know nothing of multipart; undici, busboy and mime/multipart pass over it.",
		},
	},
}

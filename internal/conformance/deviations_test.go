package conformance

// deviations are the differences that are kept on purpose, by the folder of
// their reference.
var deviations = map[string][]deviation{
	"express": {
		{
			ids:  []string{"error texts/status-after-headers-sent-is-silent"},
			does: "`res.statusCode` can be changed after the head is out, and then reads as what was not sent.",
			here: "`StatusCode` is the status that was sent.",
			why:  "A log line made of it would be wrong.",
		},
		{
			ids:  []string{"express.json/brotli"},
			does: "Inflates bodies with the encoding `br`.",
			here: "415, `encoding.unsupported`.",
			why:  "The standard library has no Brotli, and the module has no dependencies for it.",
		},
		{
			ids:  []string{"req.cookies/proto-name"},
			does: "Drops a cookie with the name `__proto__`.",
			here: "It is a cookie like any other.",
			why:  "The name means something in JavaScript only.",
		},
		{
			ids:  []string{"res.cookie/maxage-negative"},
			does: "A negative `maxAge` is written as it is, with an `Expires` so long ago.",
			here: "`Max-Age=0` and an `Expires` in 1970.",
			why:  "Both delete the cookie (RFC 6265, 5.2.2). A time.Duration below zero is Go's way to say so, as in http.Cookie.",
		},
		{
			ids:  []string{"res.end and write/never-answering-times-out"},
			does: "A handler that never answers leaves the request open until somebody gives up.",
			here: "500 at once, and a log line that names the route.",
			why:  "In Go it is known when a handler has returned.",
		},
		{
			ids:  []string{"res.json/buffer-is-the-json-object-form"},
			does: "A Buffer in JSON is an object of its bytes as numbers.",
			here: "A []byte is a string in base64.",
			why:  "That is what encoding/json, and all its readers, take bytes to be.",
		},
		{
			ids:  []string{"res.send/date-is-json"},
			does: "A Date in JSON has three digits of milliseconds.",
			here: "A time.Time is written as RFC 3339, with as many digits as it has.",
			why:  "That is time.Time's own MarshalJSON.",
		},
		{
			ids:  []string{"res.set/content-type-unknown-word-via-set"},
			does: "Sends the text `false` as Content-Type, because it stringifies a look-up that failed.",
			here: "No Content-Type.",
			why:  "It is a defect: `false` is no media type (RFC 9110, 8.3.1).",
		},
	},
}

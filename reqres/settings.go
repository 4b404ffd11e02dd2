package reqres

// Settings are Express's app settings, one field each. The zero value is what
// Express 5.3 does by default. It is copied into the mux and never changed
// there.
type Settings struct {
	// ETag is the kind of entity tag that Send and JSON add. Default WeakETag.
	ETag ETag
	// ETagFunc, where set, makes the tag instead; "" is none.
	ETagFunc func(body []byte) string
	// RedirectCode is the status of a Redirect that names none. Default 302.
	RedirectCode int
	// ExtendedQuery makes QueryObject read nested keys, as in a[b]=c.
	ExtendedQuery bool
	// ParseBody reads and parses the body before the handler runs, so that a
	// malformed one is answered without it. See Request.Body.
	ParseBody bool
	// JSONIndent indents the JSON of Response.JSON ("json spaces").
	JSONIndent string
	// JSONEscape escapes <, > and & in the JSON of Response.JSON.
	JSONEscape bool
	// SubdomainOffset is how many labels of the host are not subdomains.
	// Default 2; -1 means none.
	SubdomainOffset int
	// CookieSecrets sign cookies: the first one signs, any one verifies.
	CookieSecrets []string
	// NextJS makes handlers answer as Next.js API Routes do: strings without a
	// content type, JSON always as application/json, the target as the body of
	// a redirect, errors as text beside the headers that are set, and Body and
	// QueryObject as req.body and req.query are there.
	NextJS bool
}

// ETag is a kind of entity tag.
type ETag uint8

const (
	WeakETag   ETag = iota // W/"…", of the bytes; Express's default
	StrongETag             // "…", of the bytes
	NextJSETag             // "…", as Next.js makes it
	NoETag                 // none, and no automatic 304
)

// NextJS are the settings under which a pages/api file answers as before.
var NextJS = Settings{ETag: NextJSETag, RedirectCode: 307, ParseBody: true, NextJS: true}

var express Settings

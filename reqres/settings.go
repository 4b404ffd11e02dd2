package reqres

import (
	"cmp"
	"fmt"
	"net/http"
)

// Settings are the app settings of the mutable shape. The zero value is what Express 5.3 does by
// default. Flavor says which framework a handler was written for; every other field refines it, and
// its zero value is what that framework does. Settings are copied into the mux and never changed
// there.
type Settings struct {
	// Flavor is the framework that handlers answer as. Default Express.
	Flavor Flavor
	// ETag is the kind of entity tag that Send and JSON add. Default FlavorETag.
	ETag ETag
	// ETagFunc, where set, makes the tag instead; "" is none.
	ETagFunc func(body []byte) string
	// RedirectCode is the status of a Redirect that names none. Default 302 in Express, 307 in
	// NextJS.
	RedirectCode int
	// ExtendedQuery makes QueryObject read nested keys, as in a[b]=c. It is Express's alone.
	ExtendedQuery bool
	// ParseBody says when the body is read and parsed; see Request.Body. A handler of another shape
	// behind middleware of this one, such as a mounted app, reads its own by itself; in a migration
	// it is the old side that counts. Default FlavorParsing.
	ParseBody BodyParsing
	// JSONIndent indents the JSON of Response.JSON ("json spaces").
	JSONIndent string
	// JSONEscape escapes <, > and & in the JSON of Response.JSON.
	JSONEscape bool
	// SubdomainOffset is how many labels of the host are not subdomains. Default 2; -1 means none.
	SubdomainOffset int
	// CookieSecrets sign cookies: the first one signs, any one verifies.
	CookieSecrets []string
}

// Flavor is a framework of which the mutable shape takes over the answers.
type Flavor uint8

const (
	// Express is Express 5.3.
	Express Flavor = iota
	// NextJS is Next.js API Routes: strings without a content type, JSON always as
	// application/json, a strong ETag, redirects with 307 and the target as the body, errors as
	// text beside the headers that are set, and Body and QueryObject as req.body and req.query are
	// there. A pages/api file answers as before.
	NextJS
)

// ETag is a kind of entity tag.
type ETag uint8

const (
	FlavorETag ETag = iota // the flavor's own: W/"…" in Express, Next.js's "…" in NextJS
	StrongETag             // "…", which in NextJS is its own
	NoETag                 // none, and no automatic 304
)

// BodyParsing is a time at which the body of a request is read and parsed.
type BodyParsing uint8

const (
	FlavorParsing  BodyParsing = iota // the flavor's own: ParseWhenAsked in Express, ParseFirst in NextJS
	ParseFirst                        // before the handler runs, so that a malformed body is answered without it
	ParseWhenAsked                    // when the handler calls Body, or a parser of its own (Next.js' bodyParser: false)
)

var express Settings

// mistakes returns what is wrong with s, all at once.
func (s *Settings) mistakes() (errs []error) {
	refuse := func(format string, args ...any) { errs = append(errs, fmt.Errorf("reqres.Settings: "+format, args...)) }
	if s.Flavor > NextJS {
		refuse("the Flavor %d is neither Express nor NextJS", s.Flavor)
	}
	if s.ETag > NoETag {
		refuse("the ETag %d is not one of FlavorETag, StrongETag and NoETag", s.ETag)
	}
	if s.ParseBody > ParseWhenAsked {
		refuse("the ParseBody %d is not one of FlavorParsing, ParseFirst and ParseWhenAsked", s.ParseBody)
	}
	if s.nextJS() && s.ExtendedQuery {
		refuse("ExtendedQuery is Express's; with the Flavor NextJS, QueryObject is req.query as it is there")
	}
	if s.RedirectCode != 0 && (s.RedirectCode < 300 || s.RedirectCode > 399) {
		refuse("the RedirectCode %d is not the status of a redirection, 300 to 399", s.RedirectCode)
	}
	return errs
}

func (s *Settings) nextJS() bool { return s.Flavor == NextJS }

func (s *Settings) parsesFirst() bool {
	return s.ParseBody == ParseFirst || s.ParseBody == FlavorParsing && s.nextJS()
}

func (s *Settings) redirectCode() int {
	if s.nextJS() {
		return cmp.Or(s.RedirectCode, http.StatusTemporaryRedirect)
	}
	return cmp.Or(s.RedirectCode, http.StatusFound)
}

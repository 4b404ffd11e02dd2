// Package header holds the rules of HTTP field names and values that both shapes keep: what may be
// written (RFC 9110 with the normalisation of the Fetch Standard), and how several lines read as
// one string (Node's rule, see Join).
//
// net/http does not check what a handler writes: it drops a header with a bad name in silence,
// turns CR and LF in a value into spaces on HTTP/1, drops the header on HTTP/2, and lets NUL
// through. So a header is checked here, where it is made, and a bad one is an error that names the
// header and the rule.
//
// All functions are pure and safe for concurrent use.
package header

import (
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// ValidName reports whether name is a field name: a token of RFC 9110, section 5.6.2.
func ValidName(name string) bool {
	return name != "" && token.HasAll(name)
}

// NormalMethod is the Fetch Standard's "normalize a method": browsers upper-case these six and leave
// all others as the script wrote them.
func NormalMethod(method string) string {
	switch upper := strings.ToUpper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

var token = text.Set("!#$%&'*+-.^_`|~")

// Canonical is http.CanonicalHeaderKey, without its allocation for the common names in lower case or
// as their standards spell them.
func Canonical(name string) string {
	if canonical, ok := common[name]; ok {
		return canonical
	}
	return http.CanonicalHeaderKey(name)
}

// common maps the usual spellings of usual names to their canonical form.
var common = func() map[string]string {
	m := make(map[string]string)
	for spelling := range strings.FieldsSeq(`
		Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges
		Access-Control-Allow-Credentials Access-Control-Allow-Headers Access-Control-Allow-Methods
		Access-Control-Allow-Origin Access-Control-Expose-Headers Access-Control-Max-Age
		Access-Control-Request-Headers Access-Control-Request-Method Age Allow Authorization
		Cache-Control Connection Content-Disposition Content-Encoding Content-Language Content-Length
		Content-Location Content-Range Content-Security-Policy Content-Type Cookie DNT Date ETag Expect Expires
		Forwarded From Host If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Keep-Alive
		Last-Event-ID Last-Modified Link Location Max-Forwards Origin Permissions-Policy Pragma Proxy-Authenticate
		Proxy-Authorization Proxy-Connection RateLimit-Policy Range Referer Referrer Referrer-Policy Retry-After
		Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Sec-WebSocket-Accept Sec-WebSocket-Key Sec-WebSocket-Protocol
		Sec-WebSocket-Version Server Server-Timing Set-Cookie Strict-Transport-Security TE Traceparent Tracestate
		Trailer Transfer-Encoding Upgrade User-Agent Vary Via WWW-Authenticate Warning X-API-Key
		X-Content-Type-Options X-CSRF-Token X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Frame-Options
		X-Powered-By X-RateLimit-Limit X-RateLimit-Remaining X-RateLimit-Reset X-Real-IP X-Request-ID
		X-Requested-With X-XSS-Protection`) {
		canonical := http.CanonicalHeaderKey(spelling)
		m[spelling] = canonical
		m[strings.ToLower(spelling)] = canonical
	}
	return m
}()

package cookie

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Options are the attributes of a cookie, the CookieOptions of both shapes. The zero value makes a session cookie
// for the whole site: it ends with the browser's session, and Path is "/". Options are only read, so one value may
// be a package variable and serve any number of goroutines.
type Options struct {
	// Domain is the host that gets the cookie, with all its subdomains; "" is the host that sets it, without them.
	Domain string
	// Path is the part of the site that gets the cookie; "" is "/", all of it. See OmitPath.
	Path string
	// OmitPath leaves the attribute out, so that the browser takes the directory of the request's path.
	// Express writes path: "" for this. It excludes Path.
	OmitPath bool
	// MaxAge is how long the cookie lives, cut to whole seconds. Zero leaves the attribute out; a negative MaxAge
	// deletes the cookie (Max-Age=0 and an Expires in 1970). With any other value Expires is written as well, for
	// clients that know only that one, and the field Expires does not count.
	MaxAge time.Duration
	// Expires is the moment the cookie ends; the zero time leaves the attribute out. Prefer MaxAge, which does not
	// depend on the client's clock.
	Expires time.Time
	// Secure keeps the cookie off plain HTTP. SameSite=None and Partitioned need it, or browsers ignore the cookie.
	Secure bool
	// HTTPOnly hides the cookie from scripts.
	HTTPOnly bool
	// SameSite limits the requests from other sites that carry the cookie. Zero and http.SameSiteDefaultMode leave
	// the attribute out.
	SameSite http.SameSite
	// Partitioned gives the cookie a jar of its own for each top-level site (CHIPS).
	Partitioned bool
	// Priority is low, medium or high in any case, or "" to leave the attribute out: which cookies go first where
	// there are too many (Chromium).
	Priority string
	// Signed asks for a signature of the value (see Sign). Only reqres, which knows the secrets, can make one; for all
	// others it is an error.
	Signed bool
	// Encode turns the value into the text of the header. nil is encodeURIComponent, which Get undoes. What it
	// returns may hold the characters of RFC 6265's cookie-octet only, in one pair of double quotes or none.
	Encode func(string) string
}

// Error is a cookie that must not be written. Name is the cookie's, Option what is wrong, in the words of Express
// ("argument name", "option domain", …), and Rule says what it has to be.
type Error struct{ Name, Option, Rule string }

// Error names the cookie, the option and the rule.
func (e *Error) Error() string {
	return fmt.Sprintf("cookie %q: %s is invalid: %s", e.Name, e.Option, e.Rule)
}

// check judges everything but the value, in the order of the attributes.
func (o *Options) check(name string, expires time.Time) error {
	fail := func(option, rule string, args ...any) error {
		return &Error{Name: name, Option: option, Rule: fmt.Sprintf(rule, args...)}
	}
	switch {
	case o.Signed:
		return fail("option signed", "nothing here knows the secrets; sign with reqres.Response.Cookie")
	case !header.ValidName(name):
		return fail("argument name", "use letters, digits and !#$%%&'*+-.^_`|~ (RFC 6265, 4.1.1)")
	case o.Domain != "" && !validDomain(o.Domain):
		return fail("option domain", "%q is not a host name of letters, digits and hyphens, without a port", o.Domain)
	case o.OmitPath && o.Path != "":
		return fail("option path", "OmitPath excludes the Path %q", o.Path)
	case !validPath(o.Path):
		return fail("option path", "%q holds ;, <, a control character or a byte above 0x7E: percent-encode it", o.Path)
	case !expires.IsZero() && (expires.UTC().Year() < 1601 || expires.UTC().Year() > 9999):
		return fail("option expires", "the year %d is not between 1601 and 9999 (RFC 6265, 5.1.1)", expires.UTC().Year())
	case o.Priority != "" && o.priority() == "":
		return fail("option priority", "%q is not low, medium or high", o.Priority)
	case o.SameSite < 0 || o.SameSite > http.SameSiteNoneMode:
		return fail("option sameSite", "%d is not a constant of http.SameSite", o.SameSite)
	}
	return nil
}

// priority is the attribute's value, "" where it is none or not valid.
func (o *Options) priority() string {
	for _, p := range [...]string{"Low", "Medium", "High"} {
		if strings.EqualFold(o.Priority, p) {
			return p
		}
	}
	return ""
}

// validDomain: labels of 1 to 63 letters, digits and inner hyphens; one leading dot is allowed and has no meaning.
func validDomain(domain string) bool {
	for label := range strings.SplitSeq(strings.TrimPrefix(domain, "."), ".") {
		if n := len(label); n == 0 || n > 63 || label[0] == '-' || label[n-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !domainChars.Has(label[i]) {
				return false
			}
		}
	}
	return true
}

// validPath: npm cookie's path-value, which is RFC 6265's without "<".
func validPath(path string) bool {
	for i := range len(path) {
		if c := path[i]; c < ' ' || c > '~' || c == ';' || c == '<' {
			return false
		}
	}
	return true
}

// validValue: cookie-octets of RFC 6265, 4.1.1, in one pair of double quotes or none.
func validValue(value string) bool {
	if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	}
	for i := range len(value) {
		if !cookieOctets.Has(value[i]) {
			return false
		}
	}
	return true
}

var (
	domainChars  = text.Set("-")
	cookieOctets = text.Set("!#$%&'()*+-./:<=>?@[]^_`{|}~")
)

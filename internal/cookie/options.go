package cookie

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Options are the attributes of a cookie.
type Options = crossfade.CookieOptions

// Error is a cookie that must not be written.
type Error = crossfade.CookieError

// check judges everything but the value, in the order of the attributes.
func check(o *Options, name string, expires time.Time) error {
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
	case o.Priority != "" && priority(o) == "":
		return fail("option priority", "%q is not low, medium or high", o.Priority)
	case o.SameSite < 0 || o.SameSite > http.SameSiteNoneMode:
		return fail("option sameSite", "%d is not a constant of http.SameSite", o.SameSite)
	case o.SameSite == http.SameSiteNoneMode && !o.Secure:
		return fail("option sameSite", "browsers ignore a cookie with SameSite=None that is not Secure")
	case o.Partitioned && !o.Secure:
		return fail("option partitioned", "browsers ignore a Partitioned cookie that is not Secure")
	}
	for _, p := range prefixes {
		if len(name) < len(p.prefix) || !strings.EqualFold(name[:len(p.prefix)], p.prefix) {
			continue
		}
		switch {
		case !o.Secure:
			return fail("argument name", "browsers ignore a cookie whose name begins with %s and that is not Secure", p.prefix)
		case p.http && !o.HTTPOnly:
			return fail("argument name", "browsers ignore a cookie whose name begins with %s and that is not HTTPOnly", p.prefix)
		case p.host && (o.Domain != "" || o.OmitPath || o.Path != "" && o.Path != "/"):
			return fail("argument name", "browsers ignore a cookie whose name begins with %s and that has a Domain, or another Path than /", p.prefix)
		}
	}
	return nil
}

// prefixes promise the reader of a cookie how it was set (RFC 6265bis, 4.1.3); browsers hold the setter to it, whatever
// the letter case.
var prefixes = [...]struct {
	prefix     string
	host, http bool
}{
	{"__Secure-", false, false},
	{"__Host-", true, false},
	{"__Http-", false, true},
	{"__Host-Http-", true, true},
}

// priority returns the attribute's value, "" where it is none or not valid.
func priority(o *Options) string {
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
		if n := len(label); n == 0 || n > 63 || label[0] == '-' || label[n-1] == '-' || !domainChars.HasAll(label) {
			return false
		}
	}
	return true
}

// validPath: npm cookie's path-value, which is RFC 6265's without "<".
func validPath(path string) bool {
	return !strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c > '~' || c == ';' || c == '<' })
}

// validValue: cookie-octets of RFC 6265, 4.1.1, in one pair of double quotes or none.
func validValue(value string) bool {
	if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	}
	return cookieOctets.HasAll(value)
}

var (
	domainChars  = text.Set("-")
	cookieOctets = text.Set("!#$%&'()*+-./:<=>?@[]^_`{|}~")
)

package crossfade

import (
	"fmt"
	"net/http"
	"time"
)

// CookieOptions are the attributes of a cookie. The zero value makes a session cookie for the whole
// site: it ends with the browser's session, and Path is "/". CookieOptions are only read, so one
// value may be a package variable and serve any number of goroutines.
type CookieOptions struct {
	// Domain is the host that gets the cookie, with all its subdomains; "" is the host that sets
	// it, without them.
	Domain string
	// Path is the part of the site that gets the cookie; "" is "/", all of it. See OmitPath.
	Path string
	// OmitPath leaves the attribute out, so that the browser takes the directory of the request's
	// path. Express writes path: "" for this. It excludes Path.
	OmitPath bool
	// MaxAge is how long the cookie lives, cut to whole seconds. Zero leaves the attribute out; a
	// negative MaxAge deletes the cookie (Max-Age=0 and an Expires in 1970). With any other value
	// Expires is written as well, for clients that know only that one, and the field Expires does
	// not count.
	MaxAge time.Duration
	// Expires is the moment the cookie ends; the zero time leaves the attribute out. Prefer MaxAge,
	// which does not depend on the client's clock.
	Expires time.Time
	// Secure keeps the cookie off plain HTTP. SameSite=None, Partitioned and names that begin with
	// __Secure- or __Host- (which excludes Domain and Path, too) need it, or browsers would ignore
	// the cookie: without it they are refused.
	Secure bool
	// HTTPOnly hides the cookie from scripts.
	HTTPOnly bool
	// SameSite limits the requests from other sites that carry the cookie. Zero and
	// http.SameSiteDefaultMode leave the attribute out.
	SameSite http.SameSite
	// Partitioned gives the cookie a jar of its own for each top-level site (CHIPS).
	Partitioned bool
	// Priority is low, medium or high in any case, or "" to leave the attribute out: which cookies
	// go first where there are too many (Chromium).
	Priority string
	// Signed asks for a signature of the value. Only reqres, which knows the secrets, can make one
	// (reqres.Settings.CookieSecrets); for all others it is an error.
	Signed bool
	// Encode turns the value into the text of the header. nil is encodeURIComponent, which Get
	// undoes. Its result may hold the characters of RFC 6265's cookie-octet only, in one pair of
	// double quotes or none.
	Encode func(string) string
}

// CookieError is a cookie that must not be written. Name is the cookie's, Option what is wrong, in
// the words of Express ("argument name", "option domain", …), and Rule says what it has to be.
type CookieError struct{ Name, Option, Rule string }

// Error names the cookie, the option and the rule.
func (e *CookieError) Error() string {
	return fmt.Sprintf("cookie %q: %s is invalid: %s", e.Name, e.Option, e.Rule)
}

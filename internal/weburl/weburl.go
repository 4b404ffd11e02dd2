// Package weburl writes the absolute URLs of the web in the form in which net/url and browsers read
// the same in them. By themselves they do not: a browser follows the URL Standard, for which
// "https:a.test", `http:\\a.test` and "ht\ntp://a.test" lead to a.test, while net/url sees a path or
// a mistake. So who checks with net/url where a URL leads, a log, or middleware that looks at a
// Location, would be told of another place than the client goes to.
//
// What Parse returns begins with a scheme, "://", and a host that RFC 3986 allows; everything that
// ends a host for one reader and not for another has been resolved or refused: backslashes, tabs and
// line breaks, slashes too many or missing, escapes in the host, credentials that net/url does not
// take, and numbers such as 127.1 and 0x7f.1 that only browsers read as addresses.
//
// Whatever says in an error or a log what may be a URL says it as Redacted does.
//
// All functions are pure and safe for concurrent use.
package weburl

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/text"
)

// ErrNotWeb says that a URL is relative, or that its scheme has no rules of its own in the URL
// Standard, as that of mailto:a@b.
var ErrNotWeb = errors.New("it has no scheme of the web, such as http or https")

// ErrIDN says that a host has characters beyond ASCII.
var ErrIDN = errors.New("a host beyond ASCII must be written in Punycode (xn--)")

var defaultPort = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}

// Trim removes what the Standard's parser removes before it starts: control characters and spaces
// at the ends, tabs and line breaks everywhere.
func Trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	return breaks.Replace(s)
}

var breaks = strings.NewReplacer("\t", "", "\r", "", "\n", "")

// Redacted returns s as errors and logs show what may be a URL: xxxxx stands for its user's name and
// password. Everything in front of the last "@" may belong to them, since who has not escaped a
// password has "/", "?" and "#" in it; but for a path, where no other URL stands in it.
func Redacted(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	scheme, _, ok := strings.Cut(s[:at], "://")
	switch path := strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//"); {
	case ok && !strings.Contains(scheme, ":"):
		return scheme + "://xxxxx" + s[at:]
	case path && !ok:
		return s
	}
	return "xxxxx" + s[at:]
}

// Read is url.Parse whose error does not say s, and nothing of it where that may have a password.
func Read(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	return u, silent(s, errors.Unwrap(err))
}

func silent(s string, err error) error {
	if err == nil || !strings.Contains(s, "@") {
		return err
	}
	return errors.New("it is malformed (in a name and a password, / ? # @ : % are written %2F %3F %23 %40 %3A %25)")
}

// Parse returns an absolute http, https, ws, wss or ftp URL with its scheme and host in lower case,
// without the default port, its path resolved, and everything escaped that has to be. The error is
// ErrNotWeb or ErrIDN for what may still be a URL. No error says the credentials of s.
func Parse(s string) (string, error) {
	scheme, rest, absolute := strings.Cut(Trim(text.WellFormed(s)), ":")
	scheme = strings.ToLower(scheme)
	port, ok := defaultPort[scheme]
	if !ok || !absolute {
		return "", ErrNotWeb
	}
	query := strings.IndexAny(rest+"#", "?#") // or the fragment, where there is no query
	rest, after := strings.ReplaceAll(rest[:query], `\`, "/"), text.AppendEscaped(nil, rest[query:], &inQuery)
	authority, path, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	u, err := url.Parse(scheme + "://" + authority)
	if err != nil {
		return "", silent(s, errors.Unwrap(err))
	}
	switch u.Host = strings.ToLower(u.Host); {
	case !text.IsASCII(u.Host):
		return "", ErrIDN
	case !pathname.ValidHost(u.Host) || strings.Contains(u.Host, "%"):
		return "", silent(s, fmt.Errorf("%q is not a host", u.Host))
	case likeAddress(u.Hostname()):
		return "", silent(s, fmt.Errorf("its host %q ends in a number and is not an IPv4 address of four decimal numbers", u.Host))
	}
	u.Host = strings.TrimSuffix(strings.TrimSuffix(u.Host, ":"+port), ":")
	path, _ = pathname.Clean("/" + path)
	return u.String() + path + string(after), nil
}

// inQuery is what the Standard does not escape in a query; in a fragment only the quotes differ.
var inQuery = text.Set("!#$%&()*+,-./:;=?@[\\]^_`{|}~")

// likeAddress reports whether a browser takes a name for an IPv4 address, or refuses it, because it
// ends in a number (URL Standard, "ends in a number checker"), although it is not an address in its
// one plain form.
func likeAddress(name string) bool {
	whole := strings.TrimSuffix(name, ".")
	last := whole[strings.LastIndexByte(whole, '.')+1:]
	hex, isHex := strings.CutPrefix(last, "0x")
	number := last != "" && strings.Trim(last, "0123456789") == "" ||
		isHex && strings.Trim(hex, "0123456789abcdef") == ""
	_, err := netip.ParseAddr(name)
	return number && err != nil
}

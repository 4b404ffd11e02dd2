// Package weburl parses and writes the URLs of the web as the URL Standard does, which browsers
// follow and net/url does not: net/url keeps a default port, the case of a host, dot segments and
// backslashes, refuses a malformed escape and takes "127.1" for a name. So a URL that was checked
// with it may lead somewhere else than it seems.
//
// Hosts beyond ASCII are not mapped, which would take tables of the size of Unicode: they are
// refused here, and have to be written in Punycode (xn--).
//
// All functions are pure and safe for concurrent use.
package weburl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/text"
)

// URL is an absolute http, https, ws, wss or ftp URL, its parts as the Standard serialises them.
type URL struct {
	Scheme   string
	Userinfo string // escaped, without "@"
	Host     string // with the port, if that is not the scheme's own
	Path     string // escaped, begins with "/"
	Query    string // escaped, with "?", if there is one
	Fragment string // escaped, with "#", if there is one
}

// ErrRelative says that a URL has no scheme.
var ErrRelative = errors.New("it is relative, and there is no base to resolve it against")

// ErrNotSpecial says that the scheme of a URL has no rules of its own in the Standard, as that of
// mailto:a@b.
var ErrNotSpecial = errors.New("it has no scheme of the web, such as http or https")

// ErrIDN says that a host has characters beyond ASCII.
var ErrIDN = errors.New("a host beyond ASCII must be written in Punycode (xn--)")

var defaultPort = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}

// Trim removes what the Standard's parser removes before it starts: control characters and spaces
// at the ends, tabs and line breaks everywhere.
func Trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
}

// splitScheme returns the scheme of a URL in lower case and what follows its colon.
func splitScheme(s string) (scheme, rest string, ok bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && (c == '+' || c == '-' || c == '.' || '0' <= c && c <= '9'):
		case i > 0 && c == ':':
			return strings.ToLower(s[:i]), s[i+1:], true
		default:
			return "", s, false
		}
	}
	return "", s, false
}

// Parse parses an absolute URL. The error is ErrRelative or ErrNotSpecial for what is no such URL
// but may still be a URL, and anything else for what the Standard's parser fails on.
func Parse(s string) (URL, error) {
	scheme, rest, ok := splitScheme(Trim(text.WellFormed(s)))
	port, special := defaultPort[scheme]
	switch {
	case !ok:
		return URL{}, ErrRelative
	case !special:
		return URL{}, ErrNotSpecial
	}
	u := URL{Scheme: scheme}
	rest = strings.TrimLeft(rest, `/\`)
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	authority, path := rest, ""
	if i := strings.IndexAny(rest, `/\`); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		u.Userinfo, authority = userinfo(authority[:i]), authority[i+1:]
	}
	name, number, err := splitPort(authority)
	if err == nil {
		u.Host, err = host(name)
	}
	if err != nil {
		return URL{}, err
	}
	if number != "" && number != port {
		u.Host += ":" + number
	}
	u.Path, _ = pathname.Clean(path)
	if hasQuery {
		u.Query = "?" + escape(query, &querySet)
	}
	if hasFragment {
		u.Fragment = "#" + escape(fragment, &fragmentSet)
	}
	return u, nil
}

// String is the URL as the Standard serialises it.
func (u URL) String() string {
	at := ""
	if u.Userinfo != "" {
		at = "@"
	}
	return u.Scheme + "://" + u.Userinfo + at + u.Host + u.Path + u.Query + u.Fragment
}

func userinfo(s string) string {
	name, password, _ := strings.Cut(s, ":")
	s = escape(name, &userinfoSet)
	if password != "" {
		s += ":" + escape(password, &userinfoSet)
	}
	return s
}

func splitPort(authority string) (host, port string, err error) {
	host = authority
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	if strings.Trim(port, "0123456789") != "" {
		return "", "", fmt.Errorf("its port %q is not a number", port)
	}
	if port != "" {
		if port = strings.TrimLeft(port, "0"); port == "" {
			port = "0"
		}
		if len(port) > 5 || len(port) == 5 && port > "65535" {
			return "", "", fmt.Errorf("its port %s is greater than 65535", port)
		}
	}
	return host, port, nil
}

// The sets are those of the Standard, turned around: what is not escaped.
var (
	userinfoSet = text.Set("!$%&'()*+,-._~")
	querySet    = text.Set("!$%&()*+,-./:;=?@[\\]^_`{|}~")
	fragmentSet = text.Set("!#$%&'()*+,-./:;=?@[\\]^_{|}~")
)

func escape(s string, kept *text.ASCII) string {
	var out strings.Builder
	for i := range len(s) {
		if kept.Has(s[i]) {
			out.WriteByte(s[i])
		} else {
			text.WriteEscape(&out, s[i])
		}
	}
	return out.String()
}

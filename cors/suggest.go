package cors

import (
	"net/url"
	"strconv"
	"strings"
)

// quote marks off what the reader may copy.
func quote(s string) string { return strconv.Quote(s) }

// explain says what is wrong with a pattern from the point on where it can no longer be one.
func explain(rest string) string {
	if rest == "" {
		return "it has no host"
	}
	switch c := rest[0]; {
	case strings.ContainsAny(rest, ", "):
		return "write one origin in each element of the list"
	case rest == "*":
		return `"*" alone allows every origin; there is no pattern for every host of one scheme`
	case c == '*':
		return `the only wildcards are "*." before the host and "*" for the port`
	case c == ':':
		return `a port is "*" or a number from 1 to 65535 without leading zeros`
	case c == '/' || c == '?' || c == '#':
		return "an origin has no path, query or fragment"
	case c == '@':
		return "an origin has no user name"
	case 'A' <= c && c <= 'Z':
		return "browsers send hosts in lower case"
	case c > 0x7f:
		return "browsers send hosts in Punycode (xn--...)"
	}
	return "a host has no " + quote(rest[:1])
}

// closest returns the pattern that s was probably meant to be, or "". It knows the slips that
// copied URLs and habits from other libraries leave behind.
func closest(s string) string {
	lower := strings.ToLower(strings.TrimSpace(s))
	candidates := []string{lower}
	if scheme, host, ok := strings.Cut(lower, "://"); !ok {
		scheme = "https"
		if strings.HasPrefix(lower, "localhost") {
			scheme = "http"
		}
		candidates = append(candidates, scheme+"://"+lower)
	} else {
		host, sub := strings.CutPrefix(host, "*.")
		if u, err := url.Parse(scheme + "://" + host); err == nil && u.User == nil {
			p := pattern{scheme: scheme, sub: sub, host: u.Host}
			candidates = append(candidates, p.String())
		}
	}
	for _, candidate := range candidates {
		if _, f := parsePattern(candidate); f.kind == "" && candidate != s {
			return candidate
		}
	}
	return ""
}

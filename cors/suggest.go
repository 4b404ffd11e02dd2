package cors

import (
	"net/url"
	"strconv"
	"strings"
)

// quote marks off what the reader may copy.
func quote(s string) string { return strconv.Quote(s) }

// suggest returns a hint for a string that is no origin pattern. It proposes a pattern only if that one is valid;
// the habits it knows are those that other CORS libraries and copied URLs leave behind.
func suggest(s string) string {
	for _, candidate := range candidates(s) {
		if candidate == s {
			continue
		}
		if _, f := parsePattern(candidate); f.kind == "" {
			return "did you mean " + quote(candidate) + "?"
		}
	}
	switch host := afterScheme(s); {
	case s == "":
		return "it is empty"
	case host == "*":
		return `"*" alone allows every origin; there is no pattern for every origin of one scheme`
	case strings.ContainsAny(s, ", "):
		return "write one origin in each element of the list"
	case strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f }):
		return "write the host in Punycode (xn--...), as browsers send it"
	case strings.Contains(s, "*"):
		return `the only wildcards are "*." before the host and "*" for the port`
	case strings.Contains(host, ":"):
		return "a port is a number from 1 to 65535 without leading zeros"
	}
	return ""
}

// candidates lists what s may have been meant to be, likeliest first.
func candidates(s string) []string {
	s = strings.TrimSpace(s)
	list := []string{strings.ToLower(s)}
	if !strings.Contains(s, "://") {
		return append(list, "https://"+strings.ToLower(s))
	}
	if u, err := url.Parse(strings.Replace(s, "://*.", "://", 1)); err == nil && u.Host != "" && u.User == nil {
		origin := strings.ToLower(u.Scheme + "://" + u.Host)
		if strings.Contains(s, "://*.") {
			origin = strings.Replace(origin, "://", "://*.", 1)
		}
		list = append(list, origin)
	}
	return list
}

func afterScheme(s string) string {
	_, host, _ := strings.Cut(s, "://")
	return host
}

package origin

// What an answer says about its own address: the back end knows neither the prefix under which it
// is served, nor, where it does not read the Host header, the name.

import (
	"net/http"
	"net/url"
	"strings"
)

// relocate turns Location and the paths of cookies into those that the client knows.
func (p *proxy) relocate(c *call, h http.Header) {
	for i, target := range h["Location"] {
		h["Location"][i] = p.located(c, target)
	}
	if c.prefix == "" {
		return
	}
	for i, cookie := range h["Set-Cookie"] {
		h["Set-Cookie"][i] = cookiePath(cookie, c.prefix)
	}
}

// located returns the target of a redirect: a path gets the prefix, a URL of the back end's own
// address loses that, and what leads elsewhere stays.
func (p *proxy) located(c *call, target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	scheme, rest, _ := strings.Cut(target, "//")
	end := strings.IndexAny(rest+"/", "/?#")
	authority, rest := rest[:end], rest[end:]
	if !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	host := c.proxy.Host(c.in)
	own := u.Host == p.base.Host || u.Host == p.config.Host
	switch {
	case u.Host == "" && u.Scheme == "" && strings.HasPrefix(u.Path, "/"):
		return c.prefix + p.below(target)
	case u.Host == "":
	case own && (u.Scheme == "" || u.Scheme == p.base.Scheme) && u.Host != host:
		return c.prefix + p.below(rest)
	case c.prefix != "" && u.Host == host:
		return scheme + "//" + authority + c.prefix + p.below(rest)
	}
	return target
}

// below takes the path of the back end's URL off a target.
func (p *proxy) below(target string) string {
	base := strings.TrimSuffix(p.base.EscapedPath(), "/")
	rest, ok := strings.CutPrefix(target, base)
	switch {
	case base == "" || !ok:
		return target
	case rest == "" || rest[0] == '?' || rest[0] == '#':
		return "/" + rest
	case rest[0] == '/':
		return rest
	}
	return target
}

// cookiePath puts the prefix in front of the Path of a Set-Cookie header. One without a Path
// belongs where the browser has got it.
func cookiePath(cookie, prefix string) string {
	parts := strings.Split(cookie, ";")
	for i, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		value = strings.TrimSpace(value)
		if strings.EqualFold(strings.TrimSpace(name), "path") && strings.HasPrefix(value, "/") {
			parts[i+1] = name + "=" + prefix + strings.TrimSuffix(value, "/")
		}
	}
	return strings.Join(parts, ";")
}

// Package pathname says which path a request has, for routing and for handlers alike.
//
// Servers disagree about "/admin/%2e%2e/x", "/a\b" and "/a//b": net/http and Express see the raw path, a fetch
// handler that asks its URL for the pathname sees a resolved one. Where a router and a handler see different paths,
// a check that one of them makes protects nothing. So there is one path here, the pathname that the URL Standard
// gives for an http URL, and both shapes are routed on it and read it.
//
// All functions are pure and safe for concurrent use.
package pathname

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Flags say what a router need not look for again.
type Flags uint8

const (
	// Escaped: the path holds a "%", so that its parameters have to be decoded.
	Escaped Flags = 1 << iota
	// Empty: the path holds an empty segment, "//". A slash at the end alone makes none.
	Empty
)

// Normalize is the path of a request's URL, be it from net/http's server, from url.Parse or built by hand: the
// escaped path with dot segments resolved ("." and "..", also as %2e), backslashes turned into slashes, and the
// bytes of the URL Standard's path percent-encode set escaped. Escapes stay as they were sent, malformed ones too;
// an empty path is "/"; a raw "#" ends the path, as in both references. The result begins with "/", except that a
// URL without a path ("*" as in OPTIONS *, or an opaque one) gives "*", which no route matches.
//
// Normalize allocates only where it has to change something, or to write the escapes of u.Path that net/url did not
// keep in RawPath.
func Normalize(u *url.URL) (string, Flags) {
	if u.RawPath == "" && u.Opaque == "" {
		// The escaped path is u.Path itself if url.URL escapes none of its bytes.
		if flags, ok := scan(u.Path, &unescaped); ok {
			return u.Path, flags
		}
	}
	return normalizeSlow(u)
}

func normalizeSlow(u *url.URL) (string, Flags) {
	switch {
	case u.Opaque != "":
		return "*", 0
	case u.RawPath != "" && decodesTo(u.RawPath, u.Path):
		// EscapedPath would escape Path anew if RawPath held a byte like "|", and make a slash of its %2F.
		return Clean(u.RawPath)
	}
	return Clean(u.EscapedPath())
}

// Clean is Normalize for a path that is escaped already, such as a route's pattern or the target of a redirect.
// It is idempotent.
func Clean(path string) (string, Flags) {
	if flags, ok := scan(path, &kept); ok {
		return path, flags
	}
	if path == "*" {
		return "*", 0
	}
	path = resolve(path)
	flags, _ := scan(path, &kept)
	return path, flags
}

// A byte of a path is ordinary, or it is one of those that scan has to look at.
const (
	ordinary = iota
	slash
	percent
	foreign
)

var (
	// kept are the bytes that stay as they are in an escaped path: all but the path percent-encode set.
	kept = classes("!$&'()*+,-.:;=@[]_|~", percent)
	// unescaped are the bytes of URL.Path that URL.EscapedPath does not escape.
	unescaped = classes("$&+,-.:;=@_~", foreign)
)

func classes(punctuation string, percentIs byte) (t [256]byte) {
	plain := text.Set(punctuation)
	for c := range t {
		if !plain.Has(byte(c)) {
			t[c] = foreign
		}
	}
	t['/'], t['%'] = slash, percentIs
	return t
}

// scan finds the flags of a path in one pass; false if the path is not normal.
func scan(path string, class *[256]byte) (flags Flags, ok bool) {
	if path == "" || path[0] != '/' {
		return 0, false
	}
	for i := range len(path) {
		c := class[path[i]]
		if c == ordinary {
			continue // nearly every byte: keep this the shortest way through the loop
		}
		switch c {
		case slash:
			if i+1 == len(path) || path[i+1] > '/' {
				continue // "/", "." and "%" are not above it
			}
			switch path[i+1] {
			case '/':
				flags |= Empty
			case '.', '%':
				if segment, _, _ := strings.Cut(path[i+1:], "/"); dots(segment) > 0 {
					return 0, false
				}
			}
		case percent:
			flags |= Escaped
		default:
			return 0, false
		}
	}
	return flags, true
}

// dots is 1 for a single-dot and 2 for a double-dot segment of the URL Standard, else 0.
func dots(segment string) int {
	n := 0
	for ; segment != "" && n < 3; n++ {
		if c, ok := text.Unescape(segment); ok && c == '.' {
			segment = segment[3:]
		} else if segment[0] == '.' {
			segment = segment[1:]
		} else {
			return 0
		}
	}
	if n == 3 {
		return 0
	}
	return n
}

// resolve is the path state of the URL Standard's parser for an http URL.
func resolve(path string) string {
	path, _, _ = strings.Cut(path, "#")
	if path != "" && (path[0] == '/' || path[0] == '\\') {
		path = path[1:]
	}
	var room [256]byte
	out := room[:0] // each segment with the slash before it
	for more := true; more; {
		segment := path
		if i := strings.IndexAny(path, `/\`); i >= 0 {
			segment, path = path[:i], path[i+1:]
		} else {
			more = false
		}
		n := dots(segment)
		if n == 2 {
			out = out[:max(0, bytes.LastIndexByte(out, '/'))]
		}
		if n == 0 || !more {
			out = append(out, '/')
		}
		if n == 0 {
			out = appendEscaped(out, segment, &kept)
		}
	}
	return string(out)
}

// appendEscaped escapes the foreign bytes of s.
func appendEscaped(out []byte, s string, class *[256]byte) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; class[c] == foreign {
			out = append(out, '%', hex[c>>4], hex[c&0xF])
		} else {
			out = append(out, c)
		}
	}
	return out
}

// decodesTo reports whether path is what raw decodes to, malformed escapes taken literally. It is false for a URL
// whose Path was changed and whose RawPath was forgotten; then Path counts, as in net/url.
func decodesTo(raw, path string) bool {
	i := 0
	for ; raw != "" && i < len(path); i++ {
		c, ok := text.Unescape(raw)
		if ok {
			raw = raw[3:]
		} else {
			c, raw = raw[0], raw[1:]
		}
		if c != path[i] {
			return false
		}
	}
	return raw == "" && i == len(path)
}

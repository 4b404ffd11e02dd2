// Package pathname says which path a request has, for routing and for handlers alike.
//
// Servers disagree about "/admin/%2e%2e/x", "/a\b" and "/%61dmin": net/http and Express see the raw
// path, a fetch handler that asks its URL for the pathname sees a resolved one. Where a router and
// a handler see different paths, a check that one of them makes protects nothing. So there is one
// path here: the pathname that the URL Standard gives for an http URL, with each character written
// in one way (RFC 3986, 6.2.2). Both shapes are routed on it and read it.
//
// All functions are pure and safe for concurrent use.
package pathname

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Flags say what a router has to look at.
type Flags uint8

const (
	// Escaped: the path holds a "%", so that its parameters have to be decoded.
	Escaped Flags = 1 << iota
	// Empty: the path holds an empty segment, "//". A slash at the end alone makes none.
	Empty
	// Dots: as it was sent, the path had dot segments, "." or "..", also as %2e. They are resolved.
	Dots
	// Raw: as it was sent, the path had a raw "\", which became a slash, or a raw "#", which ended
	// it.
	Raw
)

// Normalize is the path of a request's URL, be it from net/http's server, from url.Parse or built
// by hand: the escaped path with dot segments resolved ("." and "..", also as %2e), backslashes
// turned into slashes, and each character written in one way: raw where the URL Standard and
// net/url both leave it raw, else as %XX in capitals. Malformed escapes stay; an empty path is "/";
// a raw "#" ends the path, as in both references. The result begins with "/", except that a URL
// without a path ("*" as in OPTIONS *, or an opaque one) gives "*", which no route matches. Two
// segments of results are equal exactly if they are when decoded.
//
// Normalize allocates only where it has to change something, or to write the escapes of u.Path that
// net/url did not keep in RawPath.
func Normalize(u *url.URL) (string, Flags) {
	if u.RawPath == "" && u.Opaque == "" {
		// The escaped path is u.Path itself if url.URL escapes none of its bytes.
		if flags, ok := scan(u.Path, &unescaped); ok {
			return u.Path, flags
		}
	}
	if u.Opaque != "" {
		return "*", 0
	}
	return Canonical(raw(u))
}

// raw returns the path of u as it was sent, as far as net/url has kept it. EscapedPath would escape
// Path anew if RawPath held a byte like "|", and make a slash of its %2F.
func raw(u *url.URL) string {
	if u.RawPath != "" && decodesTo(u.RawPath, u.Path) {
		return u.RawPath
	}
	return u.EscapedPath()
}

// Sent is the path of a request's URL as it was sent, and what stands before the first raw "\" or
// "#" in it. In path these two are escaped, and dot segments are left, so that it matches what
// begins with the segments that were sent; else it is written as by Normalize. before is normal,
// and the whole path where there is no such character.
func Sent(u *url.URL) (path, before string) {
	path = raw(u)
	before, _ = Canonical(path)
	if i := strings.IndexAny(path, `\#`); i >= 0 {
		before, _ = Canonical(path[:i])
	}
	return oneWay(path), before
}

// Outer is the path under which a router around has taken requests before it stripped their prefix:
// what the request line has in front of the path of u, or "".
func Outer(requestURI string, u *url.URL) string {
	path, _, _ := strings.Cut(requestURI, "?")
	if i := strings.Index(path, "://"); i > 0 && !strings.HasPrefix(path, "/") { // absolute form
		path = path[i+3:]
		path = path[strings.IndexByte(path+"/", '/'):]
	}
	prefix, ok := strings.CutSuffix(path, raw(u))
	if !ok && raw(u) == "/" { // of the prefix itself some routers make the root
		prefix, ok = path, true
	}
	if !ok || !strings.HasPrefix(prefix, "/") {
		return ""
	}
	return strings.TrimSuffix(prefix, "/")
}

// Canonical is Normalize for a path that is escaped already, such as a route's pattern. It is
// idempotent.
func Canonical(path string) (string, Flags) {
	path, flags := Clean(path)
	if flags&Escaped == 0 && strings.IndexByte(path, '|') < 0 {
		return path, flags
	}
	path = oneWay(path)
	if strings.IndexByte(path, '%') < 0 {
		flags &^= Escaped
	} else {
		flags |= Escaped
	}
	return path, flags
}

// Clean is the path that the URL Standard makes of one that is escaped already, such as the target
// of a redirect: escapes stay as they are. It is idempotent.
func Clean(path string) (string, Flags) {
	if flags, ok := scan(path, &kept); ok {
		return path, flags
	}
	if path == "*" {
		return "*", 0
	}
	path, odd := resolve(path)
	flags, _ := scan(path, &kept)
	return path, flags | odd
}

// oneWay writes each character of a path in one way. A path with a malformed escape, which net/http
// refuses, stays as it is: what is decoded beside that could make another escape of it.
func oneWay(path string) string {
	var room [256]byte
	out := room[:0]
	for i := 0; i < len(path); i++ {
		c, escaped := path[i], false
		if c == '%' {
			if c, escaped = text.Unescape(path[i:]); !escaped {
				return path
			}
			i += 2
		}
		if written[c] == ordinary || c == '/' && !escaped {
			out = append(out, c)
		} else {
			out = text.AppendEscape(out, c)
		}
	}
	if string(out) == path {
		return path
	}
	return string(out)
}

// A byte of a path is ordinary, or it is one of those that scan has to look at.
const (
	ordinary = iota
	slash
	percent
	foreign
)

var (
	// inPath are the bytes that stay as they are in a segment of an escaped path: all but the path
	// percent-encode set.
	inPath = text.Set("!$%&'()*+,-.:;=@[]_|~")
	kept   = classes(inPath, percent)
	// written are the bytes that net/url leaves as they are too.
	written = classes(text.Set("!$&'()*+,-.:;=@[]_~"), percent)
	// unescaped are the bytes of URL.Path that URL.EscapedPath does not escape.
	unescaped = classes(text.Set("$&+,-.:;=@_~"), foreign)
)

func classes(plain text.ASCII, percentIs byte) (t [256]byte) {
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
				if segment, _, _ := strings.Cut(path[i+1:], "/"); DotsOf(segment) > 0 {
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

// DotsOf is 1 for a single-dot and 2 for a double-dot segment of the URL Standard, else 0.
func DotsOf(segment string) int {
	if len(segment) > len("%2e%2e") {
		return 0
	}
	switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
	case ".":
		return 1
	case "..":
		return 2
	}
	return 0
}

// resolve is the path state of the URL Standard's parser for an http URL. The flags are Dots and
// Raw.
func resolve(path string) (string, Flags) {
	var odd Flags
	if strings.ContainsAny(path, `\#`) {
		odd = Raw
	}
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
		n := DotsOf(segment)
		if n > 0 {
			odd |= Dots
		}
		if n == 2 {
			out = out[:max(0, bytes.LastIndexByte(out, '/'))]
		}
		if n == 0 || !more {
			out = append(out, '/')
		}
		if n == 0 {
			out = text.AppendEscaped(out, segment, &inPath)
		}
	}
	return string(out), odd
}

// decodesTo reports whether path is what raw decodes to, malformed escapes taken literally. It is
// false for a URL whose Path was changed and whose RawPath was forgotten; then Path counts, as in
// net/url.
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

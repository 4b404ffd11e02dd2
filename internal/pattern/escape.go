package pattern

import "strings"

// Escape percent-encodes the bytes of s that the URL Standard encodes in the path of an http URL (its "path
// percent-encode set") and keeps everything else, also escapes that are there already.
// https://url.spec.whatwg.org/#path-percent-encode-set
//
// It is the form in which a literal is compared with a request.
func Escape(s string) string {
	clean := 0
	for clean < len(s) && !mustEscape(s[clean]) {
		clean++
	}
	if clean == len(s) {
		return s
	}
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	b.WriteString(s[:clean])
	for _, c := range []byte(s[clean:]) {
		if mustEscape(c) {
			b.Write([]byte{'%', upper[c>>4], upper[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func mustEscape(c byte) bool {
	switch c {
	case '"', '#', '<', '>', '?', '^', '`', '{', '}':
		return true
	}
	return c <= ' ' || c > '~'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isDots reports whether the URL Standard resolves the segment away: a dot or two, each also as %2e.
func isDots(segment string) bool {
	dots := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
	return dots == "." || dots == ".."
}

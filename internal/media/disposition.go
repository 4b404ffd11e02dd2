package media

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// attrChar are the characters that npm content-disposition leaves alone in an extended value (RFC
// 8187, fewer than its attr-char).
var attrChar = text.Set("-._~!")

// ContentDisposition returns the Content-Disposition of npm content-disposition 2.0.1: kind alone
// ("attachment", "inline"), or with the file name as it is given; cutting a path off is the
// caller's part. A name that is a token stands as it is, other ASCII in quotes. Where the name has
// other characters, or a %XX that some browser would decode, filename* (RFC 8187) carries it, after
// a filename in which every such character is a question mark. hasName tells an empty name from
// none.
func ContentDisposition(kind, filename string, hasName bool) string {
	if !hasName {
		return kind
	}
	out := append(make([]byte, 0, 64), kind...)
	out = append(out, "; filename="...)
	name := text.WellFormed(filename)
	ascii, same := toASCII(name)
	out = appendValue(out, ascii)
	if !same || hasEscape(filename) {
		out = text.AppendEscaped(append(out, "; filename*=UTF-8''"...), name, &attrChar)
	}
	return string(out)
}

// toASCII puts a question mark for every UTF-16 code unit outside printable ASCII, and reports
// whether there was none.
func toASCII(s string) (ascii string, same bool) {
	same = true
	var out strings.Builder
	for _, r := range s {
		switch {
		case ' ' <= r && r <= '~':
			out.WriteRune(r)
			continue
		case r > 0xFFFF:
			out.WriteByte('?')
		}
		out.WriteByte('?')
		same = false
	}
	return out.String(), same
}

func hasEscape(s string) bool {
	for i := range len(s) {
		if _, ok := text.Unescape(s[i:]); ok {
			return true
		}
	}
	return false
}

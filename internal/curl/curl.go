// Package curl writes a request as a line to paste into a shell.
package curl

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Line is the command that makes the request, with these header lines. A target without a host goes
// to localhost:8080.
func Line(method, target string, lines [][2]string, body []byte) string {
	if strings.HasPrefix(target, "/") {
		target = "http://localhost:8080" + target
	}
	words := []string{"curl", "-i", "-X", Quote(method)}
	if method == http.MethodHead {
		words = []string{"curl", "-I"}
	}
	for _, line := range lines {
		words = append(words, "-H", Quote(line[0]+": "+line[1]))
	}
	if len(body) > 0 {
		words = append(words, "--data-binary", Quote(string(body)))
	}
	return strings.Join(append(words, Quote(target)), " ")
}

// Quote is a word of a POSIX shell; what a terminal would not show needs one that knows $'…', such
// as bash or zsh. A word of letters stays as it is.
func Quote(s string) string {
	plain, letters := utf8.ValidString(s), s != ""
	for _, c := range s {
		plain = plain && c >= ' ' && c != 0x7f && c != utf8.RuneError
		letters = letters && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
	}
	switch {
	case letters:
		return s
	case plain:
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString("'")
	return b.String()
}

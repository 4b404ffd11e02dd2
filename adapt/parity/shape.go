package parity

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// A shape is what two values have in common when one program made both at different times: the type
// and, of strings, the lexical class. It finds the identifier that became empty, the zero UUID, the
// zero time and the time in another format, which tools that leave out noisy places cannot see.
//
// The classes are such that values from one generator never fall into two of them by chance (short
// hexadecimal tokens are "text", because one in forty of them has only digits).

var longHex = regexp.MustCompile(`^[0-9A-Fa-f]{24,}$`)

// classes are told by an expression, which a text of more than so many bytes is spared.
var classes = []struct {
	name string
	most int
	expr *regexp.Regexp
}{
	{"uuid", 36, regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)},
	// The first digit is 0 until the year 3084: else one in 150 random base-32 texts would pass.
	{"ulid", 26, regexp.MustCompile(`^0[0-9A-HJKMNP-TV-Z]{25}$`)},
	{"url", 64 << 10, regexp.MustCompile(`^https?://`)},
	{"jwt", 64 << 10, regexp.MustCompile(`^eyJ[0-9A-Za-z_-]*\.[0-9A-Za-z_-]*\.[0-9A-Za-z_-]*$`)},
	{"e-mail", 254, regexp.MustCompile(`^[^@ \t\r\n"<>:/]+@[^@. \t\r\n"<>:/][^@ \t\r\n"<>:/]*\.[^@ \t\r\n"<>:/]*$`)},
}

// lexicalClass names the class of a value.
func lexicalClass(s side) string {
	if s.typ != "string" {
		return s.typ
	}
	text := s.meaning()
	switch {
	case len(text) == 0:
		return "empty"
	case string(text) == "00000000-0000-0000-0000-000000000000":
		return "zero uuid"
	case len(text) <= 128 && len(text)%2 == 0 && longHex.Match(text):
		return "hex of " + strconv.Itoa(len(text))
	}
	for _, c := range classes {
		if len(text) <= c.most && c.expr.Match(text) {
			return c.name
		}
	}
	return timeClass(text)
}

func timeClass(text []byte) string {
	if len(text) < 10 || len(text) > 40 {
		return "text"
	}
	s := string(text)
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		if t.Year() <= 1 {
			return "zero time"
		}
		return "date-time"
	}
	for _, f := range []struct{ layout, class string }{
		{"2006-01-02T15:04:05.999999999", "date-time without zone"},
		{"2006-01-02 15:04:05.999999999", "date-time with a space"},
		{time.DateOnly, "date"},
	} {
		if _, err := time.Parse(f.layout, s); err == nil {
			return f.class
		}
	}
	if _, err := http.ParseTime(s); err == nil {
		return "http date"
	}
	return "text"
}

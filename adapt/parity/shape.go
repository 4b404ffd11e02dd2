package parity

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// A shape is what two values have in common when one program made both at different times: the type
// and, of strings, the lexical class. It finds the identifier that became empty, the zero UUID, the
// zero time and the time in another format, which tools that leave out noisy places cannot see.
//
// The classes are such that values from one generator never fall into two of them by chance (short
// hexadecimal tokens are "text", because one in forty of them has only digits).

// lexicalClass names the class of a value.
func lexicalClass(s side) string {
	if s.typ != "string" {
		return s.typ
	}
	text := s.meaning()
	switch {
	case len(text) == 0:
		return "empty"
	case isUUID(text):
		if len(bytes.Trim(text, "0-")) == 0 {
			return "zero uuid"
		}
		return "uuid"
	case isULID(text):
		return "ulid"
	case len(text) >= 24 && len(text) <= 128 && len(text)%2 == 0 && all(text, isHex):
		return "hex of " + strconv.Itoa(len(text))
	case bytes.HasPrefix(text, []byte("http://")), bytes.HasPrefix(text, []byte("https://")):
		return "url"
	case isJWT(text):
		return "jwt"
	case isEmail(text):
		return "e-mail"
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

func isUUID(b []byte) bool {
	if len(b) != 36 {
		return false
	}
	for i, c := range b {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return true
}

// isULID asks for a first digit 0, as all have until the year 3084: else one in 150 random base-32
// texts would pass.
func isULID(b []byte) bool {
	return len(b) == 26 && b[0] == '0' && all(b, func(c byte) bool {
		return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U'
	})
}

func isJWT(b []byte) bool {
	return bytes.HasPrefix(b, []byte("eyJ")) && bytes.Count(b, []byte{'.'}) == 2 && all(b, func(c byte) bool {
		return isHex(c) || 'g' <= c && c <= 'z' || 'G' <= c && c <= 'Z' || c == '-' || c == '_' || c == '.'
	})
}

func isEmail(b []byte) bool {
	user, host, found := bytes.Cut(b, []byte{'@'})
	return found && len(user) > 0 && len(b) <= 254 && !bytes.ContainsAny(b, " \t\r\n\"<>:/") &&
		bytes.IndexByte(host, '.') > 0 && bytes.IndexByte(host, '@') < 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func all(b []byte, is func(byte) bool) bool {
	for _, c := range b {
		if !is(c) {
			return false
		}
	}
	return true
}

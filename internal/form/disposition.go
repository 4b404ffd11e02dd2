package form

// Content-Disposition of a part. Web-platform-tests leave its grammar open; this is what senders
// write: names quoted as browsers do, or bare as .NET does, in any order, with other parameters
// among them. Values are literal, because nothing tells the %22 that a browser wrote for a quote
// from the %22 of a name.

import (
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/text"
)

// disposition reads the Content-Disposition s into h; the problem, if there is one, completes the
// sentence "part N …".
func (h *head) disposition(s string) (problem string) {
	const malformed = "has a malformed Content-Disposition"
	kind, rest, _ := strings.Cut(s, ";")
	if !strings.EqualFold(strings.Trim(kind, "\t "), "form-data") {
		return "has a Content-Disposition that is not form-data"
	}
	var extended string // filename*
	for rest = strings.TrimLeft(rest, "\t "); rest != ""; rest = strings.TrimLeft(rest, "\t ") {
		var name, value string
		var ok bool
		if name, rest, ok = strings.Cut(rest, "="); !ok {
			return malformed
		}
		name, rest = strings.TrimRight(name, "\t "), strings.TrimLeft(rest, "\t ")
		if !header.ValidName(name) {
			return malformed
		}
		if value, rest, ok = parameter(rest); !ok {
			return malformed
		}
		value = text.WellFormed(value)
		switch strings.ToLower(name) {
		case "name":
			if h.named {
				return "has two names"
			}
			h.name, h.named = value, true
		case "filename":
			if h.isFile {
				return "has two file names"
			}
			h.fileName, h.isFile = value, true
		case "filename*":
			extended = value
		}
	}
	if extended != "" {
		name, ok := decodeExtended(extended)
		if ok || !h.isFile {
			h.fileName = name
		}
		h.isFile = true
	}
	return ""
}

// parameter reads a value up to the next semicolon, quoted or bare. A quote ends a quoted value;
// only behind a backslash, and where no parameter can end, it is part of it: Go's mime/multipart
// and old versions of curl write \" for a quote, and Windows paths may end in a backslash.
func parameter(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		value = strings.TrimRight(value, "\t ")
		return value, rest, value != "" && !strings.Contains(value, `"`)
	}
	s = s[1:]
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '"')
		if n < 0 {
			return "", "", false
		}
		i += n
		rest = strings.TrimLeft(s[i+1:], "\t ")
		switch {
		case rest == "":
			return s[:i], "", true
		case rest[0] == ';':
			return s[:i], rest[1:], true
		case i == 0 || s[i-1] != '\\':
			return "", "", false
		}
	}
}

// decodeExtended reads charset'language'text of RFC 8187, which RFC 7578 forbids here and some
// senders write for a name outside ASCII, alone or beside a filename for readers that do not know
// it. A charset that we do not know is kept.
func decodeExtended(s string) (name string, ok bool) {
	charset, rest, _ := strings.Cut(s, "'")
	_, escaped, ok := strings.Cut(rest, "'")
	if !ok || charset == "" {
		return s, false
	}
	name, err := text.DecodeCharset([]byte(text.PercentDecode(escaped)), charset)
	if err != nil {
		return s, false
	}
	return name, true
}

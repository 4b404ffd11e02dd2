package pathname

import (
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/text"
)

// Decode is the value of a parameter whose segment is in the path: percent-decoded, with "+" an
// ordinary character. False means that there is a malformed escape or that the result is not UTF-8;
// the answer for that is 400. A segment without an escape is returned as it is.
func Decode(segment string) (string, bool) {
	value, ok := text.DecodeURIComponent(segment)
	if !ok || !utf8.ValidString(value) {
		return "", false
	}
	return value, true
}

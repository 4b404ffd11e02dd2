package header

import (
	"fmt"
	"net/textproto"
	"strconv"
	"strings"
)

// Normalize is the Fetch Standard's "normalize": it removes TAB, LF, CR and SP from both ends of a
// value, and nothing else.
func Normalize(value string) string {
	return textproto.TrimString(value)
}

// The rules an Error can name.
const (
	nameRule  = "a header name is made of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)"
	valueRule = "a header value holds no control character but TAB (RFC 9110, 5.5)"
	varyRule  = "each member of Vary is a header name or * (RFC 9110, 12.5.5)"
)

// Error is a header that must not be written. Value is the offending part of the value, quoted and cut to a few
// characters so that it can go to a log; it is empty where the name is wrong. Rule is the rule that was broken, as
// a sentence.
type Error struct{ Name, Value, Rule string }

// Error names the header, the offending part and the rule.
func (e *Error) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("header %q: %s", e.Name, e.Rule)
	}
	return fmt.Sprintf("header %q, value %s: %s", e.Name, e.Value, e.Rule)
}

// Check is the Fetch Standard's validation of a header: name must be a token, and value, once normalised, must hold
// no CR, LF or NUL. Other control characters but TAB are refused, too, which the Standard lets pass: HTTP/2 carries
// none, and net/http would leave the whole header out. The error is an *Error; the name is judged first.
func Check(name, value string) error {
	_, _, err := Clean(name, value)
	return err
}

// Clean is Check, Canonical and Normalize in one go: it returns the name and the value to write.
func Clean(name, value string) (string, string, error) {
	if !ValidName(name) {
		return "", "", &Error{Name: name, Rule: nameRule}
	}
	name, value = Canonical(name), Normalize(value)
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7F {
			return "", "", &Error{Name: name, Value: excerpt(value, i), Rule: valueRule}
		}
	}
	return name, value, nil
}

// excerpt quotes the part of s around s[i]: enough to find the place, too little to leak a credential.
func excerpt(s string, i int) string {
	const around = 12
	part := strconv.QuoteToASCII(s[max(0, i-around):min(len(s), i+around)])
	var b strings.Builder
	if i > around {
		b.WriteString("…")
	}
	b.WriteString(part)
	if i+around < len(s) {
		b.WriteString("…")
	}
	return b.String()
}

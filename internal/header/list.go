package header

import (
	"iter"
	"net/http"
	"strings"
)

// Tokens yields the members of a comma-separated value, without the spaces and tabs around them. A
// comma inside a quoted string does not separate; the quotes stay. Empty members are skipped (RFC
// 9110, 5.6.1.2).
func Tokens(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest, more := value, true; more; {
			var member string
			member, rest, more = cutMember(rest)
			if member != "" && !yield(member) {
				return
			}
		}
	}
}

// cutMember cuts a list after its first member; more is false if that was the last.
func cutMember(list string) (member, rest string, more bool) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++ // a quoted pair
		case c == ',' && !quoted:
			return trimOWS(list[:i]), list[i+1:], true
		}
	}
	return trimOWS(list), "", false
}

func trimOWS(s string) string { return strings.Trim(s, " \t") }

// OfConnection reports whether a header, by its canonical name, is one of a connection and not of
// the message, which must not be passed on (RFC 9110, 7.6.1, and what it inherits from RFC 2616);
// but for Trailer and Transfer-Encoding, which frame the message. The headers that Connection names
// are so as well: see ConnectionNames.
func OfConnection(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Upgrade":
		return true
	}
	return false
}

// ConnectionNames yields the canonical names of the headers that the Connection header declares to
// be hop-by-hop. The connection options "close" and "keep-alive" are among them, as "Close" and
// "Keep-Alive".
func ConnectionNames(h http.Header) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range h["Connection"] {
			for name := range Tokens(line) {
				if ValidName(name) && !yield(Canonical(name)) {
					return
				}
			}
		}
	}
}

// Vary adds names to the lines of a Vary header and returns the one line to set, by the rules of npm vary, which
// Express calls: no name twice whatever its case, the first spelling stays, and "*" swallows everything. A name may
// be a comma-separated list. Without names the result is the existing lines joined, "" if there are none. An empty
// name, or one that is not a token, is an *Error and nothing is added.
func Vary(existing []string, add ...string) (string, error) {
	for _, list := range add {
		for name := range strings.SplitSeq(list, ",") {
			if !ValidName(trimOWS(name)) {
				return "", &Error{Name: "Vary", Value: excerpt(name, 0), Rule: varyRule}
			}
		}
	}
	line := strings.Join(existing, ", ")
	for _, list := range add {
		for name := range strings.SplitSeq(list, ",") {
			name = trimOWS(name)
			switch {
			case name == "*" || Lists(line, "*"):
				return "*", nil
			case line == "":
				line = name
			case !Lists(line, name):
				line += ", " + name
			}
		}
	}
	return line, nil
}

// Lists reports whether line has the member name, in any case.
func Lists(line, name string) bool {
	for member := range Tokens(line) {
		if strings.EqualFold(member, name) {
			return true
		}
	}
	return false
}

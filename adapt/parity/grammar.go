package parity

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The grammars of header fields. Each turns the lines of a field into one text that is the same for
// all ways to write the same meaning. A field that is not listed is compared with its lines joined
// (RFC 9110 section 5.3) as text.

type grammar struct {
	canon func(lines []string) string
	kind  Kind
	hint  string
}

var (
	nameSet    = grammar{canon: setOf(',', strings.ToLower), hint: "compared as a set of names; order and letter case mean nothing"}
	exactSet   = grammar{canon: setOf(',', asWritten), hint: "compared as a set; order means nothing"}
	directives = grammar{canon: setOf(',', directive), hint: "compared as a set of directives; order means nothing"}
	date       = grammar{canon: instant}
	mediaType  = grammar{canon: media, kind: KindMediaType}
)

var grammars = map[string]grammar{
	"access-control-allow-headers":  nameSet,
	"access-control-allow-methods":  exactSet,
	"access-control-expose-headers": nameSet,
	"accept-ch":                     nameSet,
	"accept-ranges":                 nameSet,
	"allow":                         exactSet,
	"alt-svc":                       exactSet,
	"cache-control":                 directives,
	"cdn-cache-control":             directives,
	"clear-site-data":               exactSet,
	"content-disposition":           {canon: media},
	"content-encoding":              {canon: list},
	"content-language":              nameSet,
	"content-type":                  mediaType,
	"last-modified":                 date,
	"link":                          {canon: setOf(',', link), hint: "compared as a set of links; order means nothing"},
	"permissions-policy":            exactSet,
	"retry-after":                   date,
	"strict-transport-security":     {canon: setOf(';', directive)},
	"sunset":                        date,
	"timing-allow-origin":           exactSet,
	"vary":                          nameSet,
}

// members splits a list field at its commas, not at those in quotation marks, <> or comments, and
// leaves out empty members (RFC 9110 section 5.6.1).
func members(lines []string, separator byte) []string {
	var out []string
	for _, line := range lines {
		for line != "" {
			n := memberEnd(line, separator)
			if m := strings.Trim(line[:n], " \t"); m != "" {
				out = append(out, m)
			}
			line = line[min(n+1, len(line)):]
		}
	}
	return out
}

func memberEnd(line string, separator byte) int {
	var closing byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case closing == '"' && c == '\\':
			i++
		case closing != 0:
			if c == closing {
				closing = 0
			}
		case c == separator:
			return i
		case c == '"':
			closing = '"'
		case c == '<':
			closing = '>'
		}
	}
	return len(line)
}

// setOf reads the members of a field as a set, each in one form. They are joined with what no field
// line can hold.
func setOf(separator byte, form func(member string) string) func(lines []string) string {
	return func(lines []string) string {
		m := members(lines, separator)
		each(m, form)
		slices.Sort(m)
		return strings.Join(slices.Compact(m), "\n")
	}
}

// asWritten returns the form of a member in which every byte counts.
func asWritten(member string) string { return member }

func each(m []string, f func(string) string) {
	for i := range m {
		m[i] = f(m[i])
	}
}

// list keeps the order: of content codings it is the order in which they were applied.
func list(lines []string) string {
	return strings.ToLower(strings.Join(members(lines, ','), "\n"))
}

// directive folds the name and takes optional quotation marks off the value.
func directive(s string) string {
	name, value, has := strings.Cut(s, "=")
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	if !has {
		return name
	}
	if n := len(value); n > 1 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	}
	return name + "=" + value
}

// link is one of Link (RFC 8288): a target with parameters in any order.
func link(text string) string {
	parts := members([]string{text}, ';')
	if len(parts) == 0 {
		return ""
	}
	each(parts[1:], directive)
	slices.Sort(parts[1:])
	return strings.Join(parts, ";")
}

// media reads Content-Type and Content-Disposition. A boundary is random and stands again in the
// body.
func media(lines []string) string {
	text := strings.Join(lines, ", ")
	kind, params, err := mime.ParseMediaType(text)
	if err != nil {
		return "?" + strings.TrimSpace(text)
	}
	out := []string{kind}
	for name, value := range params {
		switch name {
		case "charset":
			value = strings.ToLower(value)
		case "boundary":
			value = ""
		}
		out = append(out, name+"="+value)
	}
	slices.Sort(out[1:])
	return strings.Join(out, "\n")
}

// instant reads a date in any of the three formats, or seconds.
func instant(lines []string) string {
	text := strings.TrimSpace(strings.Join(lines, ", "))
	if t, err := http.ParseTime(text); err == nil {
		return strconv.FormatInt(t.Unix(), 10) + "s"
	}
	return text
}

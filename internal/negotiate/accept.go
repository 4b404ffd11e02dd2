package negotiate

import (
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
)

// Types picks a media type or a file extension by the Accept header. Without the header, or with an
// empty one, the first offer is the best. An extension that has no type is never acceptable
// otherwise. The parameters of a member, but for q, must be those of the offer, with * for any
// value.
func Types(accept []string, offers ...string) string {
	if len(offers) == 0 {
		return ""
	}
	if strings.Join(accept, ", ") == "" {
		return offers[0]
	}
	members := ranges(parse(accept))
	type candidate struct {
		kind, subtype string
		params        []media.Param
	}
	var room [8]candidate
	candidates := room[:0]
	for _, offer := range offers {
		if !strings.Contains(offer, "/") {
			offer = media.Lookup(offer)
		}
		name, params, _ := media.Lenient(offer, false, nil)
		kind, subtype, _ := strings.Cut(name, "/")
		candidates = append(candidates, candidate{kind, subtype, params})
	}
	return best(members, offers, func(m *member, offer int) (specific int) {
		c := &candidates[offer]
		if c.kind == "" && c.subtype == "" {
			return -1
		}
		kind, subtype, _ := strings.Cut(m.name, "/")
		if strings.EqualFold(kind, c.kind) {
			specific |= 4
		} else if kind != "*" {
			return -1
		}
		if strings.EqualFold(subtype, c.subtype) {
			specific |= 2
		} else if subtype != "*" {
			return -1
		}
		for _, p := range m.params {
			if p.Name == "q" {
				continue
			}
			if p.Value != "*" && !strings.EqualFold(p.Value, value(c.params, p.Name)) {
				return -1
			}
			specific |= 1
		}
		return specific
	})
}

// TypeList lists the media types that the Accept header accepts, without their parameters; "*/*"
// without the header.
func TypeList(accept []string) []string {
	if len(accept) == 0 {
		return []string{"*/*"}
	}
	return list(ranges(parse(accept)))
}

// ranges returns the members that are media ranges.
func ranges(members []member) []member {
	return slices.DeleteFunc(members, func(m member) bool { return !strings.Contains(m.name, "/") })
}

func value(params []media.Param, name string) string {
	for _, p := range params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Charsets picks by the Accept-Charset header. Without it every charset is acceptable.
func Charsets(acceptCharset []string, offers ...string) string {
	return pick(all(acceptCharset), offers, byName)
}

// CharsetList lists the charsets that the Accept-Charset header accepts; "*" without it.
func CharsetList(acceptCharset []string) []string { return list(all(acceptCharset)) }

// Encodings picks by the Accept-Encoding header. Identity is acceptable unless it is excluded by
// name or by *;q=0; without the header nothing else is.
func Encodings(acceptEncoding []string, offers ...string) string {
	return pick(withIdentity(parse(acceptEncoding)), offers, byName)
}

// EncodingList lists the encodings that the Accept-Encoding header accepts, identity among them.
func EncodingList(acceptEncoding []string) []string { return list(withIdentity(parse(acceptEncoding))) }

// Languages picks by the Accept-Language header. Without it every language is acceptable. A member
// names an offer exactly, or by its prefix ("en-GB" for the offer "en"), or the offer's prefix
// ("en" for the offer "en-GB"), which is the least specific but for *.
func Languages(acceptLanguage []string, offers ...string) string {
	return pick(all(acceptLanguage), offers, byLanguage)
}

// LanguageList lists the languages that the Accept-Language header accepts; "*" without it.
func LanguageList(acceptLanguage []string) []string { return list(all(acceptLanguage)) }

// all returns the members of a header whose absence accepts everything.
func all(lines []string) []member {
	if len(lines) == 0 {
		return []member{{name: "*", q: 1}}
	}
	return parse(lines)
}

// withIdentity adds identity with the lowest q of the header, unless the header speaks of it.
func withIdentity(members []member) []member {
	lowest := 1.0
	for _, m := range members {
		if m.name == "*" || strings.EqualFold(m.name, "identity") {
			return members
		}
		if m.q < lowest && m.q != 0 {
			lowest = m.q
		}
	}
	return append(members, member{name: "identity", q: lowest})
}

func pick(members []member, offers []string, match func(member, offer string) int) string {
	return best(members, offers, func(m *member, offer int) int { return match(m.name, offers[offer]) })
}

func byName(member, offer string) int {
	switch {
	case strings.EqualFold(member, offer):
		return 1
	case member == "*":
		return 0
	}
	return -1
}

func byLanguage(member, offer string) int {
	if offer == "" {
		return -1
	}
	memberPrefix, _, _ := strings.Cut(member, "-")
	offerPrefix, _, _ := strings.Cut(offer, "-")
	switch {
	case strings.EqualFold(member, offer):
		return 4
	case strings.EqualFold(memberPrefix, offer):
		return 2
	case strings.EqualFold(member, offerPrefix):
		return 1
	case member == "*":
		return 0
	}
	return -1
}

package cors

import (
	"slices"
	"strings"
)

// setOrigins checks each element of Origins by itself and for what Credentials adds, reports all
// that is wrong with it, and then what is superfluous. The two lists of acknowledgements are per
// pattern: a legitimate exception must not be what lets the next slip pass.
func (p *Policy) setOrigins(c *Config, f *findings) {
	const field = "Origins"
	everybody := slices.Contains(c.Origins, "*")
	if len(c.Origins) == 0 {
		f.refuse(field, -1, "", KindOriginMissing, `list each one, or "*" for everybody; to have no CORS, use cors.Off() or no policy`)
	}
	var patterns []pattern
	used := make(map[string]bool) // acknowledgements that were needed, keyed by field and pattern
	for i, written := range c.Origins {
		if written == "*" {
			patterns = append(patterns, pattern{})
			if c.Credentials {
				f.refuse(field, i, written, KindOriginCredentialedWildcard, "list the origins, or leave out Credentials")
			}
			continue
		}
		q, bad := parsePattern(written)
		if bad.kind == KindOriginInvalid {
			if meant := closest(written); meant != "" {
				bad.hint = "did you mean " + quote(meant) + "?"
			}
		}
		if bad.kind != "" {
			f.refuse(field, i, written, bad.kind, bad.hint)
		}
		patterns = append(patterns, q)
		if c.Credentials && q.host != "" {
			checkCredentialed(c, f, i, &q, used)
		}
	}
	noteUnused(f, "DangerouslyAllowInsecure", c.DangerouslyAllowInsecure, used)
	noteUnused(f, "DangerouslyAllowPublicSuffix", c.DangerouslyAllowPublicSuffix, used)
	if len(f.errs) > 0 {
		return
	}
	p.origins = newOriginSet(everybody, patterns, c.Origins)
	noteRedundant(f, &p.origins, patterns, c.Origins)
}

// checkCredentialed looks for what makes a pattern dangerous once its scripts may act as the user.
func checkCredentialed(c *Config, f *findings, i int, q *pattern, used map[string]bool) {
	written := c.Origins[i]
	acknowledged := func(field string, list []string) bool {
		used[field+" "+written] = true
		return slices.Contains(list, written)
	}
	if !q.secure() && !acknowledged("DangerouslyAllowInsecure", c.DangerouslyAllowInsecure) {
		f.refuse("Origins", i, written, KindOriginCredentialedInsecure, "use https, or repeat the pattern in DangerouslyAllowInsecure")
	}
	// Nobody can register a name under localhost (RFC 6761, section 6.3), though lists of suffixes,
	// which do not know it, take it for a top-level domain.
	if !q.sub || q.isLocalhost() {
		return
	}
	domain := strings.ToLower(strings.TrimSuffix(q.host, "."))
	kind, hint := KindOriginCredentialedPublicSuffix, "list your own names"
	if c.PublicSuffixes == nil {
		kind, hint = KindOriginUnknownPublicSuffix, "set PublicSuffixes, for example to publicsuffix.List of golang.org/x/net"
	} else if c.PublicSuffixes.PublicSuffix(domain) != domain {
		return
	}
	if !acknowledged("DangerouslyAllowPublicSuffix", c.DangerouslyAllowPublicSuffix) {
		f.refuse("Origins", i, written, kind, hint+", or repeat the pattern in DangerouslyAllowPublicSuffix")
	}
}

func noteUnused(f *findings, field string, list []string, used map[string]bool) {
	for i, written := range list {
		if !used[field+" "+written] {
			f.note(field, i, written, KindToleranceUnused, "it is not in Origins, or there it is not dangerous: delete it")
		}
	}
}

// noteRedundant reports elements without which the policy would be the same.
func noteRedundant(f *findings, s *originSet, patterns []pattern, written []string) {
	first := make(map[string]int, len(written))
	for i, w := range written {
		if _, seen := first[w]; seen {
			f.note("Origins", i, w, KindOriginRedundant, "it is listed twice")
			continue
		}
		first[w] = i
		if s.any {
			if w != "*" {
				f.note("Origins", i, w, KindOriginRedundant, `"*" allows every origin`)
			}
			continue
		}
		if wider, ok := s.covering(&patterns[i]); ok {
			f.note("Origins", i, w, KindOriginRedundant, quote(wider.String())+" allows it already")
		}
	}
}

package cors

import (
	"slices"
	"strings"
)

// setOrigins checks each element of Origins by itself and for what Credentials adds, and reports all
// that is wrong with it. The two lists of acknowledgements are per pattern: a legitimate exception
// must not be what lets the next slip pass.
func (p *Policy) setOrigins(c *Config, f *findings) {
	const field = "Origins"
	everybody := slices.Contains(c.Origins, "*")
	if len(c.Origins) == 0 {
		f.refuse(field, -1, "", KindOriginMissing, `list each one, or "*" for everybody; to have no CORS, use cors.Off() or no policy`)
	}
	var patterns []pattern
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
			checkCredentialed(c, f, i, &q)
		}
	}
	p.origins = newOriginSet(everybody, patterns, c.Origins)
}

// checkCredentialed looks for what makes a pattern dangerous once its scripts may act as the user.
func checkCredentialed(c *Config, f *findings, i int, q *pattern) {
	written := c.Origins[i]
	if !q.secure() && !slices.Contains(c.DangerouslyAllowInsecure, written) {
		f.refuse("Origins", i, written, KindOriginCredentialedInsecure, "use https, or repeat the pattern in DangerouslyAllowInsecure")
	}
	// Nobody can register a name under localhost (RFC 6761, section 6.3), though lists of suffixes,
	// which do not know it, take it for a top-level domain.
	if !q.sub || q.isLocalhost() || slices.Contains(c.DangerouslyAllowPublicSuffix, written) {
		return
	}
	domain := strings.ToLower(strings.TrimSuffix(q.host, "."))
	switch {
	case c.PublicSuffixes == nil:
		f.refuse("Origins", i, written, KindOriginUnknownPublicSuffix,
			"set PublicSuffixes, for example to publicsuffix.List of golang.org/x/net, or repeat the pattern in DangerouslyAllowPublicSuffix")
	case c.PublicSuffixes.PublicSuffix(domain) == domain:
		f.refuse("Origins", i, written, KindOriginCredentialedPublicSuffix,
			"list your own names, or repeat the pattern in DangerouslyAllowPublicSuffix")
	}
}

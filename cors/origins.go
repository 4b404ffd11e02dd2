package cors

import "strings"

// originSet answers "is this origin allowed?" for the patterns of one policy. Exact origins are
// compared as whole strings, as the standard does, and never taken apart. Only patterns with a
// wildcard look at the parts of an origin, through one map from host to rules. There is nothing
// cleverer here on purpose: trees and binary searches in this place have let strangers in
// (GHSA-vhxv-fg4m-p2w8) and kept friends out (jub0bs/cors#12, #15).
type originSet struct {
	any   bool
	exact map[string]bool
	rules map[string][]pattern
}

func newOriginSet(everybody bool, patterns []pattern, written []string) originSet {
	s := originSet{any: everybody}
	if everybody {
		return s
	}
	s.exact, s.rules = make(map[string]bool), make(map[string][]pattern)
	for i, p := range patterns {
		if !p.sub && p.port != "*" {
			s.exact[written[i]] = true
			continue
		}
		s.rules[p.host] = append(s.rules[p.host], p)
	}
	return s
}

// has reports whether the value of an Origin header is allowed. It reads nothing of a value that is
// too long to be an origin.
func (s *originSet) has(origin string) bool {
	switch {
	case s.any:
		return true
	case len(origin) > maxOrigin:
		return false
	case s.exact[origin]:
		return true
	case len(s.rules) == 0:
		return false
	}
	scheme, rest, ok := strings.Cut(origin, "://")
	if !ok {
		return false
	}
	host, port, ok := cutPort(rest)
	return ok && s.matches(scheme, host, port)
}

func (s *originSet) matches(scheme, host, port string) bool {
	if s.hasRule(host, false, scheme, port) {
		return true
	}
	for i := 1; i < len(host); i++ {
		if host[i] == '.' && s.hasRule(host[i+1:], true, scheme, port) {
			return areLabels(scheme, host[:i])
		}
	}
	return false
}

func (s *originSet) hasRule(host string, sub bool, scheme, port string) bool {
	rules := s.rules[host]
	for i := range rules {
		if p := &rules[i]; p.sub == sub && p.scheme == scheme && p.portFits(port) {
			return true
		}
	}
	return false
}

func (p *pattern) portFits(port string) bool { return p.port == "*" || p.port == port }

// cutPort splits the port off a host, and reports whether there is none or a possible one.
func cutPort(s string) (host, port string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.HasSuffix(s, "]") { // an IPv6 address
		return s, "", true
	}
	return s[:i], s[i+1:], isPort(s[i+1:])
}

// areLabels keeps out what only looks like a subdomain: userinfo, a path, a query or an impossible
// label before ".example.com". No browser sends such an Origin; something else that takes our
// answer for a judgement on a URL may.
func areLabels(scheme, s string) bool {
	for i := range len(s) {
		if !isHostByte(scheme, s[i]) {
			return false
		}
	}
	for label := range strings.SplitSeq(s, ".") {
		if checkLabel(scheme, label) != "" {
			return false
		}
	}
	return true
}

// covers reports whether p, a pattern with a wildcard, allows every origin that q allows.
func (p *pattern) covers(q *pattern) bool {
	if p.scheme != q.scheme || !p.portFits(q.port) {
		return false
	}
	if !p.sub || q.sub && p.host == q.host {
		return p.sub == q.sub && p.host == q.host
	}
	return strings.HasSuffix(q.host, "."+p.host)
}

// covering returns a pattern of the set that makes q superfluous.
func (s *originSet) covering(q *pattern) (pattern, bool) {
	for host := q.host; ; {
		for _, p := range s.rules[host] {
			if p != *q && p.covers(q) {
				return p, true
			}
		}
		_, parent, found := strings.Cut(host, ".")
		if !found {
			return pattern{}, false
		}
		host = parent
	}
}

func (p *pattern) String() string {
	s := p.scheme + "://"
	if p.sub {
		s += "*."
	}
	s += p.host
	if p.port != "" {
		s += ":" + p.port
	}
	return s
}

package cors

import (
	"net/netip"
	"strings"
)

// An origin pattern is an origin as browsers serialise it (HTML, "serialization of an origin"),
// with two liberties: "*." before the host stands for one or more labels, and "*" for any port.
// Nothing else is a wildcard, so that what a pattern matches can be read off it. Everything that
// could only be a slip (a path, an upper-case host, a default port, a scheme that never appears in
// an Origin header) is refused, because such a pattern would match nothing and nobody would notice
// until a browser does.
type pattern struct {
	scheme string
	host   string // without "*."; an IPv6 address keeps its brackets
	port   string // "" (none), "*" (any), or a decimal number
	sub    bool   // the host was written with "*."
	addr   netip.Addr
}

const (
	maxScheme = 64
	maxHost   = 253 // RFC 1035, section 2.3.4, without the root label
	// maxOrigin is the longest Origin value that any pattern can match. Longer ones are refused
	// unread.
	maxOrigin = maxScheme + len("://") + maxHost + len(":65535")
)

// fault is why a pattern is refused; the zero value means that it is not.
type fault struct {
	kind Kind
	hint string
}

func invalid(hint string) fault    { return fault{KindOriginInvalid, hint} }
func prohibited(hint string) fault { return fault{KindOriginProhibited, hint} }

// parsePattern takes s apart. If only the use of a well-formed pattern is at fault (its scheme or
// port can never occur), the pattern is returned as well, so that further faults of it can be
// found.
func parsePattern(s string) (pattern, fault) {
	var p pattern
	if s == "null" {
		return p, prohibited(`sandboxed frames and data: URLs of every site have the origin "null"; use "*" without credentials to mean everybody`)
	}
	if len(s) > maxOrigin {
		return p, invalid("it is longer than an origin can be")
	}
	rest, ok := p.cutScheme(s)
	if p.scheme == "file" {
		return p, prohibited(`browsers send "null" for file: pages`)
	}
	if !ok {
		return p, invalid("it begins with no scheme such as https://")
	}
	rest, f := p.cutHost(rest)
	if f.kind != "" {
		p.host = ""
		return p, f
	}
	if rest != "" {
		if p.port, ok = strings.CutPrefix(rest, ":"); !ok || p.port != "*" && !isPort(p.port) {
			p.host = ""
			return p, invalid(explain(rest))
		}
	}
	switch {
	case p.scheme == "https" && p.port == "443", p.scheme == "http" && p.port == "80":
		return p, prohibited("browsers leave out a scheme's default port: " + quote(strings.TrimSuffix(s, ":"+p.port)))
	case !schemeHasOrigin(p.scheme):
		return p, prohibited("no browser sends an Origin with this scheme; a WebSocket handshake carries the page's http or https origin")
	}
	return p, fault{}
}

// cutScheme reads a scheme (URL Standard, "URL-scheme string", lower case) and "://".
func (p *pattern) cutScheme(s string) (rest string, ok bool) {
	n := 0
	for n < len(s) && (isLower(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '+' || s[n] == '-' || s[n] == '.')) {
		n++
	}
	p.scheme = s[:n]
	rest, ok = strings.CutPrefix(s[n:], "://")
	return rest, ok && n > 0 && n <= maxScheme
}

// schemeHasOrigin reports whether pages of a scheme can have an origin of their own.
func schemeHasOrigin(scheme string) bool {
	switch scheme {
	case "ws", "wss", "data", "blob", "about", "javascript", "filesystem":
		return false
	}
	return true
}

// special reports whether hosts of this scheme are domains and IP addresses (URL Standard, "special
// scheme"). In all others the host is opaque: extension ids and the like, in any case and not
// subject to the rules of DNS.
func special(scheme string) bool { return scheme == "http" || scheme == "https" }

func (p *pattern) cutHost(s string) (rest string, f fault) {
	if inner, bracketed := strings.CutPrefix(s, "["); bracketed {
		addr, rest, closed := strings.Cut(inner, "]")
		p.host = "[" + addr + "]"
		if !closed {
			return rest, invalid("the bracket is not closed")
		}
		return rest, p.setIPv6(addr)
	}
	s, p.sub = strings.CutPrefix(s, "*.")
	n := 0
	for n < len(s) && isHostByte(p.scheme, s[n]) {
		n++
	}
	p.host, rest = s[:n], s[n:]
	if p.host == "" && !p.sub {
		return rest, invalid(explain(rest))
	}
	return rest, p.checkHost()
}

func (p *pattern) setIPv6(s string) fault {
	addr, err := netip.ParseAddr(s)
	switch {
	case err != nil || !addr.Is6() || addr.Zone() != "":
		return invalid("only an IPv6 address without a zone may stand in brackets")
	case addr.Is4In6():
		return prohibited("write the IPv4 address itself: " + addr.Unmap().String())
	case addr.String() != s:
		return prohibited("browsers send the compressed form [" + addr.String() + "]")
	}
	p.addr = addr
	return fault{}
}

func (p *pattern) checkHost() fault {
	name := strings.TrimSuffix(p.host, ".") // the root label makes another origin, but no other name
	switch {
	case p.host == "" && p.sub:
		return prohibited(`"*." needs a domain after it`)
	case name == "" || strings.HasSuffix(name, "."):
		return invalid("there is a dot too many")
	case p.sub && len(p.host) > maxHost-len("*."):
		return invalid("no host name is long enough to match it")
	case len(name) > maxHost:
		return prohibited("a host name has at most 253 bytes")
	case special(p.scheme) && endsInNumber(name):
		addr, err := netip.ParseAddr(p.host)
		switch {
		case err != nil:
			return invalid("a host that ends in a number has to be an IPv4 address of four decimal numbers")
		case p.sub:
			return invalid("an address has no subdomains")
		}
		p.addr = addr
		return fault{}
	}
	for label := range strings.SplitSeq(name, ".") {
		if hint := checkLabel(p.scheme, label); hint != "" {
			return prohibited(hint)
		}
	}
	return fault{}
}

// checkLabel returns why no browser can send a host with this label, or "". Hyphens in third and
// fourth place are fine (URL Standard, domain to ASCII: CheckHyphens is false); Cloud Run's tag
// URLs have them.
func checkLabel(scheme, label string) string {
	puny, isPuny := strings.CutPrefix(label, "xn--")
	switch {
	case label == "":
		return "a label is empty: there is a dot too many"
	case !special(scheme):
		return ""
	case len(label) > 63:
		return "a label has at most 63 bytes"
	case label[0] == '-' || label[len(label)-1] == '-':
		return "a label neither begins nor ends with a hyphen"
	case isPuny && !isPunycode(puny):
		return quote(label) + " is not valid Punycode"
	}
	return ""
}

// endsInNumber is the URL Standard's "ends in a number checker": such a host is an IPv4 address or
// nothing.
func endsInNumber(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// secure reports whether nobody between the page's server and the browser can put words into the
// page's mouth: https, or a name or address that never leaves the machine (RFC 6761, section 6.3).
func (p *pattern) secure() bool {
	return p.scheme == "https" || p.addr.IsLoopback() || p.isLocalhost()
}

func (p *pattern) isLocalhost() bool {
	name := strings.TrimSuffix(p.host, ".")
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isHostByte reports whether c can stand in a serialised host of the scheme. URL parsers lower-case
// domains but leave opaque hosts alone, which is why Safari's extensions have upper-case origins.
func isHostByte(scheme string, c byte) bool {
	return isLower(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || 'A' <= c && c <= 'Z' && !special(scheme)
}

// isPort reports whether s is a port as browsers serialise it: 1 to 65535, no leading zero.
func isPort(s string) bool {
	if s == "" || len(s) > len("65535") || s[0] == '0' {
		return false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

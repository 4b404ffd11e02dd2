package pathname

import (
	"net/netip"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// ValidHost reports whether a Host header (or :authority) is the host of a URL by RFC 3986, section
// 3.2: a registered name, an IPv4 address, or an IPv6 address in brackets, then perhaps a colon and
// a port. net/http lets more pass, such as an escape without digits and a port that is none.
//
// What a name means is for its reader to say: "a,b" and "127.1" are names here. Left out are the
// empty name, which addresses nobody, ports beyond 65535, and IPv6 zones and future versions, which
// have no meaning for another machine.
func ValidHost(host string) bool {
	if literal, ok := strings.CutPrefix(host, "["); ok {
		address, port, ok := strings.Cut(literal, "]")
		ip, err := netip.ParseAddr(address)
		return ok && err == nil && ip.Is6() && ip.Zone() == "" && validPort(port)
	}
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case inName.Has(c):
		case c == '%':
			if _, ok := text.Unescape(host[i:]); !ok {
				return false
			}
		case c == ':':
			return i > 0 && validPort(host[i:])
		default:
			return false
		}
	}
	return host != ""
}

// inName are the unreserved characters and the sub-delimiters.
var inName = text.Set("-._~!$&'()*+,;=")

// validPort judges what follows a name: nothing, or a colon and digits, which may be missing.
func validPort(port string) bool {
	digits, ok := strings.CutPrefix(port, ":")
	n := 0
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' || n > 65535 {
			return false
		}
		n = n*10 + int(digits[i]-'0')
	}
	return (ok || port == "") && n <= 65535
}

package pathname

import (
	"net/netip"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// ValidHost reports whether a Host header (or :authority) is safe to build a URL from: a name, an IPv4 address or an
// IPv6 address in brackets, then perhaps a port from 0 to 65535. net/http lets more pass, such as "a,b" and the
// empty string, and the URL Standard reads "a#b", "u@h", "%65x.com" or "127.1" as something else than they look like,
// so that the URL a handler sees would have another host than the one that was checked.
//
// A name is made of letters, digits, "-" and "_" in labels that are not empty, with one dot at the end if need be.
// "_" is no letter of a host name but is common inside clusters. A name whose last label is a number must be an IPv4
// address in its usual form. IPv6 zones are refused: they have no meaning for another machine.
func ValidHost(host string) bool {
	label := 0 // where the last label begins
	for i := range len(host) {
		c := host[i]
		if inLabel[c] {
			continue // nearly every byte
		}
		switch {
		case c == '.' && i > label:
			if i+1 < len(host) && host[i+1] != ':' {
				label = i + 1
			}
		case c == ':':
			return validName(host[:i], label) && validPort(host[i+1:])
		case c == '[' && i == 0:
			return validLiteral(host[1:])
		default:
			return false
		}
	}
	return validName(host, label)
}

var inLabel = func() (t [256]bool) {
	set := text.Set("-_")
	copy(t[:], set[:])
	return t
}()

// validName judges a name of valid labels by the last of them.
func validName(name string, label int) bool {
	if name == "" {
		return false
	}
	if '0' <= name[label] && name[label] <= '9' && isNumber(strings.TrimSuffix(name[label:], ".")) {
		ip, err := netip.ParseAddr(name)
		return err == nil && ip.Is4()
	}
	return true
}

func validLiteral(literal string) bool {
	address, port, ok := strings.Cut(literal, "]")
	if !ok || port != "" && (port[0] != ':' || !validPort(port[1:])) {
		return false
	}
	ip, err := netip.ParseAddr(address)
	return err == nil && ip.Is6() && ip.Zone() == ""
}

// isNumber is the URL Standard's test of the last label: decimal, or hexadecimal after 0x.
func isNumber(label string) bool {
	digits := "0123456789"
	if len(label) > 1 && label[0] == '0' && label[1]|0x20 == 'x' {
		label, digits = label[2:], "0123456789abcdefABCDEF"
	}
	return strings.Trim(label, digits) == ""
}

func validPort(port string) bool {
	n := 0
	for i := range len(port) {
		if port[i] < '0' || port[i] > '9' {
			return false
		}
		n = n*10 + int(port[i]-'0')
	}
	return 0 < len(port) && len(port) <= 5 && n <= 65535
}

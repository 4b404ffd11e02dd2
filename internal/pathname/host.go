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
	if literal, ok := strings.CutPrefix(host, "["); ok {
		address, port, ok := strings.Cut(literal, "]")
		if !ok || port != "" && (port[0] != ':' || !validPort(port[1:])) {
			return false
		}
		ip, err := netip.ParseAddr(address)
		return err == nil && ip.Is6() && ip.Zone() == ""
	}
	name, port, ok := strings.Cut(host, ":")
	return validName(name) && (!ok || validPort(port))
}

var nameChars = text.Set("-_")

func validName(name string) bool {
	label := 0 // where the last label begins
	for i := range len(name) {
		switch {
		case nameChars.Has(name[i]):
		case name[i] != '.' || i == label:
			return false
		case i+1 < len(name):
			label = i + 1
		}
	}
	if name == "" {
		return false
	}
	if '0' <= name[label] && name[label] <= '9' && isNumber(strings.TrimSuffix(name[label:], ".")) {
		ip, err := netip.ParseAddr(name)
		return err == nil && ip.Is4()
	}
	return true
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

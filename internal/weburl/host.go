package weburl

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// host is the Standard's host parser and serialiser for special URLs.
func host(s string) (string, error) {
	if literal, ok := strings.CutPrefix(s, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		ip, err := netip.ParseAddr(literal)
		if !ok || err != nil || !ip.Is6() || ip.Zone() != "" {
			return "", fmt.Errorf("its host %q is not an IPv6 address", s)
		}
		if b := ip.As16(); ip.Is4In6() {
			return fmt.Sprintf("[::ffff:%x:%x]", int(b[12])<<8|int(b[13]), int(b[14])<<8|int(b[15])), nil
		}
		return "[" + ip.String() + "]", nil
	}
	name := strings.ToLower(text.PercentDecode(s))
	if name == "" {
		return "", fmt.Errorf("it has no host")
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 0x80:
			return "", ErrIDN
		case c <= ' ' || c == 0x7F || strings.IndexByte(`#%/:<>?@[\]^|`, c) >= 0:
			return "", fmt.Errorf("its host %q has the character %q, which a host cannot have", s, c)
		}
	}
	// The Standard reads whatever ends in a number as an IPv4 address, in forms such as 127.1 and
	// 0x7f.0.0.1, too. Here only four decimal numbers are one, and nothing else may end in a
	// number: a name that was checked must not be an address for a browser.
	whole := strings.TrimSuffix(name, ".")
	if last := whole[strings.LastIndexByte(whole, '.')+1:]; !isNumber(last) {
		return name, nil
	}
	ip, err := netip.ParseAddr(whole)
	if err != nil {
		return "", fmt.Errorf("its host %q ends in a number and is not an IPv4 address of four decimal numbers", s)
	}
	return ip.String(), nil
}

// isNumber is the Standard's "ends in a number checker" for the last label.
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

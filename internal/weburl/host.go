package weburl

import (
	"fmt"
	"net/netip"
	"strconv"
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
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	if last := labels[len(labels)-1]; isNumber(last) {
		return ipv4(labels, s)
	}
	return name, nil
}

// isNumber is the Standard's "ends in a number checker" for the last label.
func isNumber(label string) bool {
	if label == "" {
		return false
	}
	if strings.Trim(label, "0123456789") == "" {
		return true
	}
	_, ok := number(label)
	return ok
}

// ipv4 is the Standard's IPv4 parser: up to four numbers, decimal, octal or hexadecimal, the last
// of which fills what is left.
func ipv4(labels []string, s string) (string, error) {
	bad := fmt.Errorf("its host %q ends in a number and is not an IPv4 address", s)
	if len(labels) > 4 {
		return "", bad
	}
	var address uint64
	for i, label := range labels {
		n, ok := number(label)
		left := 4 - i // bytes that the last number fills
		switch {
		case !ok:
			return "", bad
		case i < len(labels)-1:
			if n > 255 {
				return "", bad
			}
			address |= n << (8 * (3 - i))
		case n >= 1<<(8*left):
			return "", bad
		default:
			address |= n
		}
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}).String(), nil
}

// number is the Standard's IPv4 number parser. A number beyond 32 bits is returned as one that no
// address holds.
func number(label string) (uint64, bool) {
	base, digits := 10, label
	switch {
	case label == "":
		return 0, false
	case strings.HasPrefix(label, "0x"):
		base, digits = 16, label[2:]
	case len(label) > 1 && label[0] == '0':
		base, digits = 8, label[1:]
	}
	if digits == "" {
		return 0, true
	}
	if digits[0] == '+' || digits[0] == '-' || strings.IndexByte(digits, '_') >= 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return 1 << 40, true
	}
	return n, err == nil
}

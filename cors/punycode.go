package cors

import (
	"strings"
	"unicode"
)

// isPunycode reports whether s, a label without its "xn--", decodes (RFC 3492) to a label that a
// browser could have encoded: not pure ASCII, all characters visible and in lower case, no mark in
// front. It is there to find typing errors in a policy. The full rules of UTS #46 need tables that
// weigh more than the rest of this package; a label that only they would refuse merely matches
// nothing.
func isPunycode(s string) bool {
	label, ok := decodePunycode(s)
	if !ok || len(label) == 0 || unicode.IsMark(label[0]) {
		return false
	}
	ascii := true
	for _, r := range label {
		ascii = ascii && r < 0x80
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.ToLower(r) != r {
			return false
		}
	}
	return !ascii
}

// The parameters of Punycode (RFC 3492, section 5).
const (
	punyBase, punyTMin, punyTMax = 36, 1, 26
	punySkew, punyDamp           = 38, 700
	punyFirstBias, punyFirstN    = 72, 0x80
)

// decodePunycode is the procedure of RFC 3492, section 6.2. What it yields may be no code points.
func decodePunycode(s string) (label []rune, ok bool) {
	if i := strings.LastIndexByte(s, '-'); i >= 0 {
		label, s = []rune(s[:i]), s[i+1:]
	}
	n, i, bias := punyFirstN, 0, punyFirstBias
	for s != "" {
		before, weight := i, 1
		for k := punyBase; ; k += punyBase {
			if s == "" {
				return nil, false
			}
			digit := punycodeDigit(s[0])
			if digit < 0 || digit > (unicode.MaxRune*64-i)/weight { // no label of 63 bytes gets there
				return nil, false
			}
			s = s[1:]
			i += digit * weight
			t := min(max(k-bias, punyTMin), punyTMax)
			if digit < t {
				break
			}
			weight *= punyBase - t
		}
		length := len(label) + 1
		bias = adaptBias(i-before, length, before == 0)
		n += i / length
		i %= length
		label = append(label, 0)
		copy(label[i+1:], label[i:])
		label[i] = rune(n)
		i++
	}
	return label, true
}

func adaptBias(delta, length int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / length
	k := 0
	for delta > (punyBase-punyTMin)*punyTMax/2 {
		delta /= punyBase - punyTMin
		k += punyBase
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}

// punycodeDigit accepts lower case only: hosts are lower-cased before they are compared.
func punycodeDigit(c byte) int {
	switch {
	case isLower(c):
		return int(c - 'a')
	case isDigit(c):
		return int(c-'0') + 26
	}
	return -1
}

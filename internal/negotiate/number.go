package negotiate

import (
	"math"
	"strconv"
	"strings"
)

// parseFloat is ECMAScript's parseFloat: the longest prefix that is a decimal number, NaN if there
// is none.
func parseFloat(s string) float64 {
	s = strings.TrimLeft(s, " \t\r\n\f\v")
	sign, digits := 1.0, s
	switch {
	case strings.HasPrefix(s, "-"):
		sign, digits = -1, s[1:]
	case strings.HasPrefix(s, "+"):
		digits = s[1:]
	}
	if strings.HasPrefix(digits, "Infinity") {
		return math.Inf(int(sign))
	}
	n := countDigits(digits)
	whole := n
	if n < len(digits) && digits[n] == '.' {
		fraction := countDigits(digits[n+1:])
		if whole+fraction == 0 {
			return math.NaN()
		}
		n += 1 + fraction
	} else if whole == 0 {
		return math.NaN()
	}
	if n < len(digits) && digits[n]|0x20 == 'e' {
		exponent := digits[n+1:]
		signed := 0
		if exponent != "" && (exponent[0] == '-' || exponent[0] == '+') {
			signed = 1
		}
		if e := countDigits(exponent[signed:]); e > 0 {
			n += 1 + signed + e
		}
	}
	f, _ := strconv.ParseFloat(digits[:n], 64) // out of range gives ±Inf or 0, as there
	return sign * f
}

func countDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

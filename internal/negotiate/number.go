package negotiate

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// parseFloat is ECMAScript's parseFloat, near enough: the longest prefix that is a number, NaN if
// there is none. No q has more digits than are read.
func parseFloat(s string) float64 {
	s = strings.TrimLeft(s, " \t")
	for n := min(len(s), 24); n > 0; n-- {
		if f, err := strconv.ParseFloat(s[:n], 64); err == nil || errors.Is(err, strconv.ErrRange) {
			return f
		}
	}
	return math.NaN()
}

package parity

import (
	"bytes"
	"math/big"
	"net/http"
	"strconv"
	"time"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// JSON numbers are decimals of any size and precision, and clients other than JavaScript read them
// so. They are compared as the numbers they write: 1, 1.0 and 1e0 are one number, 9007199254740993
// and 9007199254740992 are two, although float64 holds them as one.

func sameNumber(x, y []byte) bool {
	return bytes.Equal(x, y) || bytes.Equal(appendNumber(nil, x), appendNumber(nil, y))
}

// appendNumber appends the one form that all writings of a number share: its digits without zeros
// at either end, and the power of ten. Numbers are never expanded, so 1e999999999 costs nothing.
func appendNumber(dst, raw []byte) []byte {
	start := len(dst)
	mantissa, exponent := raw, []byte{'0'}
	if e := bytes.IndexAny(raw, "eE"); e >= 0 {
		mantissa, exponent = raw[:e], raw[e+1:]
	}
	if mantissa[0] == '-' {
		dst, mantissa = append(dst, '-'), mantissa[1:]
	}
	digits := len(dst)
	whole, fraction, _ := bytes.Cut(mantissa, []byte{'.'})
	power := -len(fraction)
	dst = append(dst, bytes.TrimLeft(whole, "0")...)
	if len(dst) == digits {
		fraction = bytes.TrimLeft(fraction, "0")
	}
	dst = append(dst, fraction...)
	all := len(dst)
	dst = append(dst[:digits], bytes.TrimRight(dst[digits:], "0")...)
	power += all - len(dst)
	if len(dst) == digits {
		return append(dst[:start], '0') // -0 is 0
	}
	e, err := strconv.ParseInt(string(exponent), 10, 60)
	if err != nil {
		// Nobody can calculate with such a number: two ways to write it are two numbers.
		return append(dst[:start], raw...)
	}
	return strconv.AppendInt(append(dst, 'e'), e+int64(power), 10)
}

// accepts reports whether two values are near enough; applies is false where they are neither two
// numbers nor two dates.
func (t *Tolerance) accepts(old, next side) (near, applies bool) {
	x, y := old.meaning(), next.meaning()
	if jsonread.IsNumber(x) && jsonread.IsNumber(y) {
		return t.near(x, y), true
	}
	if t.Time > 0 && old.typ == "string" {
		if a, ok := parseTime(x); ok {
			if b, ok := parseTime(y); ok {
				return a.Sub(b).Abs() <= t.Time, true
			}
		}
	}
	return false, false
}

func (t *Tolerance) near(x, y []byte) bool {
	if sameNumber(x, y) {
		return true
	}
	a, ok := rational(x)
	b, ok2 := rational(y)
	abs, ok3 := rational(strconv.AppendFloat(nil, t.Abs, 'g', -1, 64))
	rel, ok4 := rational(strconv.AppendFloat(nil, t.Rel, 'g', -1, 64))
	if !ok || !ok2 || !ok3 || !ok4 {
		return false
	}
	gap := new(big.Rat).Sub(a, b)
	gap.Abs(gap)
	if gap.Cmp(abs) <= 0 {
		return true
	}
	a.Abs(a)
	b.Abs(b)
	if a.Cmp(b) < 0 {
		a = b
	}
	return gap.Cmp(rel.Mul(rel, a)) <= 0
}

// rational reads a number exactly, if it is of a size to calculate with: 1e999999999 would take all
// memory.
func rational(raw []byte) (*big.Rat, bool) {
	const most = 400
	if len(raw) > most || !jsonread.IsNumber(raw) {
		return nil, false
	}
	if e := bytes.IndexAny(raw, "eE"); e >= 0 {
		if power, err := strconv.Atoi(string(raw[e+1:])); err != nil || power > most || power < -most {
			return nil, false
		}
	}
	return new(big.Rat).SetString(string(raw))
}

func parseTime(text []byte) (time.Time, bool) {
	if len(text) > 64 {
		return time.Time{}, false
	}
	if t, err := time.Parse(time.RFC3339Nano, string(text)); err == nil {
		return t, true
	}
	t, err := http.ParseTime(string(text))
	return t, err == nil
}

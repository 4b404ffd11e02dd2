// Package byterange reads a Range header as npm range-parser 1.3.0 does, which Express calls for
// req.range; but a suffix that is longer than the representation is all of it (RFC 9110, 14.1.2).
//
// Its functions are pure and safe for concurrent use.
package byterange

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade"
)

// ErrMalformed and ErrUnsatisfiable are the two ways in which a header gives no range:
// range-parser's -2 and -1.
var (
	// ErrMalformed says that the header is not a list of ranges. RFC 9110 lets the server ignore
	// it.
	ErrMalformed = errors.New(`malformed Range: it must be a unit, "=" and a list such as 0-99,200- or -50`)
	// ErrUnsatisfiable says that no range of the header lies within the representation. The answer
	// is 416.
	ErrUnsatisfiable = errors.New("unsatisfiable Range: none of its ranges lies within the representation")
)

// Range is the root's.
type Range = crossfade.Range

// Parse returns the unit of a Range header (any token counts, "bytes" is the usual one) and the
// ranges that lie within a representation of the given size, in the order of the header and cut off
// at the end. Ranges outside are left out. With combine, overlapping and adjacent ranges become
// one, at the place of the first of them. The error is [ErrMalformed] or [ErrUnsatisfiable]; then
// there are no ranges.
func Parse(size int64, header string, combine bool) (unit string, ranges []Range, err error) {
	unit, list, ok := strings.Cut(header, "=")
	if !ok {
		return "", nil, ErrMalformed
	}
	for spec := range strings.SplitSeq(list, ",") {
		r, ok := parseSpec(size, spec)
		if !ok {
			return "", nil, ErrMalformed
		}
		if 0 <= r.Start && r.Start <= r.End {
			ranges = append(ranges, r)
		}
	}
	if ranges == nil {
		return unit, nil, ErrUnsatisfiable
	}
	if combine {
		ranges = combined(ranges)
	}
	return unit, ranges, nil
}

// parseSpec reads first-last, first- or -length. A range outside the representation comes back with
// Start below 0 or above End.
func parseSpec(size int64, spec string) (r Range, ok bool) {
	first, last, ok := strings.Cut(spec, "-")
	if !ok {
		return Range{}, false
	}
	first, last = strings.TrimSpace(first), strings.TrimSpace(last)
	if first == "" {
		length, ok := position(last)
		return Range{Start: max(size-length, 0), End: size - 1}, ok
	}
	if r.Start, ok = position(first); !ok {
		return Range{}, false
	}
	r.End = size - 1
	if last != "" {
		end, ok := position(last)
		if !ok {
			return Range{}, false
		}
		r.End = min(end, r.End)
	}
	return r, true
}

// position reads digits only. A number too large for int64 is past the end of everything, and so is
// MaxInt64.
func position(digits string) (int64, bool) {
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		n = math.MaxInt64
	}
	return n, true
}

// combined merges in the order of the starts and gives back the order of the header.
func combined(ranges []Range) []Range {
	type indexed struct {
		Range
		index int
	}
	sorted := make([]indexed, len(ranges))
	for i, r := range ranges {
		sorted[i] = indexed{r, i}
	}
	slices.SortStableFunc(sorted, func(a, b indexed) int { return cmp.Compare(a.Start, b.Start) })
	merged := sorted[:1]
	for _, next := range sorted[1:] {
		current := &merged[len(merged)-1]
		switch {
		case next.Start > current.End+1:
			merged = append(merged, next)
		case next.End > current.End:
			current.End = next.End
			current.index = min(current.index, next.index)
		}
	}
	slices.SortFunc(merged, func(a, b indexed) int { return cmp.Compare(a.index, b.index) })
	ranges = ranges[:len(merged)]
	for i, m := range merged {
		ranges[i] = m.Range
	}
	return ranges
}

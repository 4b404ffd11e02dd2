package byterange_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/byterange"
	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// answer is what range-parser returns, in one value.
type answer struct {
	Code   int // -1, -2, or 0
	Unit   string
	Ranges [][2]int64
}

func parse(size int64, header string, combine bool) (a answer) {
	unit, ranges, err := byterange.Parse(size, header, combine)
	switch {
	case errors.Is(err, byterange.ErrMalformed):
		a.Code = -2
	case errors.Is(err, byterange.ErrUnsatisfiable):
		a.Code = -1
	default:
		a.Unit = unit
	}
	for _, r := range ranges {
		a.Ranges = append(a.Ranges, [2]int64{r.Start, r.End})
	}
	return a
}

func TestObserved(t *testing.T) {
	var file struct {
		Cases []struct {
			Size    int64
			Header  string
			Combine bool
			Want    answer
		}
	}
	reference.Read(t, "observed/byterange.json", &file)
	for _, c := range file.Cases {
		if longSuffix(c.Size, c.Header) {
			continue
		}
		if diff := cmp.Diff(c.Want, parse(c.Size, c.Header, c.Combine)); diff != "" {
			t.Errorf("size %d, combine %v, %q (-want +got)\n%s", c.Size, c.Combine, c.Header, diff)
		}
	}
	if len(file.Cases) < 100 {
		t.Errorf("only %d cases", len(file.Cases))
	}
}

// longSuffix finds what npm reads as no range, and RFC 9110 as the whole: a suffix longer than the
// representation.
func longSuffix(size int64, header string) bool {
	_, list, _ := strings.Cut(header, "=")
	for spec := range strings.SplitSeq(list, ",") {
		if digits, ok := strings.CutPrefix(strings.TrimSpace(spec), "-"); ok {
			if n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64); err == nil && n > size {
				return true
			}
		}
	}
	return false
}

func TestC9LongSuffixes(t *testing.T) {
	for _, c := range []struct {
		size   int64
		header string
		want   answer
	}{
		{10, "bytes=-20", answer{Unit: "bytes", Ranges: [][2]int64{{0, 9}}}},
		{10, "bytes=-11", answer{Unit: "bytes", Ranges: [][2]int64{{0, 9}}}},
		{10, "bytes=-10", answer{Unit: "bytes", Ranges: [][2]int64{{0, 9}}}},
		{10, "bytes=-99999999999999999999", answer{Unit: "bytes", Ranges: [][2]int64{{0, 9}}}},
		{10, "bytes=-20,2-3", answer{Unit: "bytes", Ranges: [][2]int64{{0, 9}, {2, 3}}}},
		{10, "bytes=-0", answer{Code: -1}},
		{0, "bytes=-5", answer{Code: -1}},
		{0, "bytes=0-", answer{Code: -1}},
	} {
		if diff := cmp.Diff(c.want, parse(c.size, c.header, false)); diff != "" {
			t.Errorf("%d bytes, %s (-want +got)\n%s", c.size, c.header, diff)
		}
	}
}

// As many ranges as a header holds, in an order that gives the most work.
func TestA17ManyRanges(t *testing.T) {
	for name, spec := range map[string]func(i, n int) string{
		"apart, backwards": func(i, n int) string { return fmt.Sprintf("%d-%d", 3*(n-i), 3*(n-i)) },
		"nested":           func(i, n int) string { return fmt.Sprintf("%d-%d", i, 8*n-i) },
		"one":              func(int, int) string { return "0-0" },
		"suffixes":         func(i, _ int) string { return fmt.Sprintf("-%d", i+1) },
		"nothing":          func(int, int) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			linear.Check(t, 2000, func(n int) func() {
				specs := make([]string, n)
				for i := range specs {
					specs[i] = spec(i, n)
				}
				header := "bytes=" + strings.Join(specs, ",")
				return func() { byterange.Parse(int64(9*n), header, true) }
			})
		})
	}
}

func TestVectors(t *testing.T) {
	type call struct {
		Result struct {
			Call []json.RawMessage `json:"$"`
		} `json:"$result"`
		Get [2]json.RawMessage `json:"$get"`
	}
	var vectors []struct {
		ID  string
		App struct {
			Stack []struct{ Do [][2]json.RawMessage }
		}
		Request struct{ Headers [][2]string }
		Expect  struct{ Body string }
	}
	reference.Read(t, "express/req.range.json", &vectors)
	asked := 0
	for _, v := range vectors {
		var c call
		if json.Unmarshal(v.App.Stack[0].Do[0][1], &c) != nil || len(v.Request.Headers) == 0 {
			continue
		}
		args := c.Result.Call
		if args == nil {
			json.Unmarshal(c.Get[0], &args)
		}
		var size int64
		if err := json.Unmarshal(args[1], &size); err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		asked++
		if longSuffix(size, v.Request.Headers[0][1]) {
			continue
		}
		a := parse(size, v.Request.Headers[0][1], len(args) > 2)
		var got any = a.Unit
		if c.Result.Call != nil {
			type pos struct {
				Start int64 `json:"start"`
				End   int64 `json:"end"`
			}
			value := any(a.Code)
			if a.Code == 0 {
				list := []pos{}
				for _, r := range a.Ranges {
					list = append(list, pos{r[0], r[1]})
				}
				value = list
			}
			got = map[string]any{"value": value}
		}
		if b, _ := json.Marshal(got); string(b) != v.Expect.Body {
			t.Errorf("%s: %s, want %s", v.ID, b, v.Expect.Body)
		}
	}
	if asked < 18 {
		t.Errorf("only %d vectors asked", asked)
	}
}

// Whatever the header, ranges lie within the representation, and combining neither loses nor adds a
// position.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"bytes=0-50,51-100", "bytes=-20", "bytes=5-,-7,3-4", "x=1-2", "bytes=", "bytes=9999999999999999999-", "b=0-0,2-2,1-1"} {
		f.Add(int64(120), s)
	}
	f.Fuzz(func(t *testing.T, size int64, header string) {
		size &= 0xFF
		_, ranges, err := byterange.Parse(size, header, false)
		_, merged, mergedErr := byterange.Parse(size, header, true)
		if !errors.Is(mergedErr, err) || (err == nil) != (len(ranges) > 0) {
			t.Fatalf("%v with %v, combined %v", err, ranges, mergedErr)
		}
		cover := func(ranges []byterange.Range) []bool {
			hit := make([]bool, size)
			for _, r := range ranges {
				for i := r.Start; i <= r.End; i++ {
					hit[i] = true
				}
			}
			return hit
		}
		if len(ranges) < 100 && !slices.Equal(cover(ranges), cover(merged)) {
			t.Errorf("%v combines to %v", ranges, merged)
		}
	})
}

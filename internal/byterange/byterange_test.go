package byterange_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/byterange"
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
		if diff := cmp.Diff(c.Want, parse(c.Size, c.Header, c.Combine)); diff != "" {
			t.Errorf("size %d, combine %v, %q (-want +got)\n%s", c.Size, c.Combine, c.Header, diff)
		}
	}
	if len(file.Cases) < 100 {
		t.Errorf("only %d cases", len(file.Cases))
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

func TestLen(t *testing.T) {
	if n := (byterange.Range{Start: 3, End: 3}).Len(); n != 1 {
		t.Errorf("a range includes both its ends: Len = %d", n)
	}
}

// Whatever the header, ranges lie within the representation, and combining neither loses nor adds a position.
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

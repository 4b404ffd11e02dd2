package value_test

import (
	"encoding/json"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/value"
)

type (
	role  string
	level int8
	shout string
)

// UnmarshalText takes upper case alone, and spoils its receiver before it says so.
func (s *shout) UnmarshalText(b []byte) error {
	*s = "spoilt"
	if string(b) != strings.ToUpper(string(b)) {
		return errors.New("does not shout")
	}
	*s = shout(b)
	return nil
}

func parse[T any](s string) any {
	v, err := value.Parse[T](s)
	if err != nil {
		if e, ok := errors.AsType[*value.Error](err); ok {
			return e.Message
		}
		return "ours: " + err.Error()
	}
	return v
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		rule      string
		got, want any
	}{
		{"a string is taken as it is", parse[string](" a\x00"), " a\x00"},
		{"also under another name", parse[role]("admin"), role("admin")},
		{"a checkbox sends on", []any{parse[bool]("on"), parse[bool]("1"), parse[bool]("true")}, []any{true, true, true}},
		{"or nothing, or off", []any{parse[bool]("off"), parse[bool]("0"), parse[bool]("false")}, []any{false, false, false}},
		{"other words are not booleans", parse[bool]("TRUE"), `expected true or false, got "TRUE"`},
		{"a whole number", parse[int]("-12"), -12},
		{"in the bits of its type", parse[level]("127"), level(127)},
		{"beyond them the bounds are named", parse[level]("128"), `expected a whole number from -128 to 127, got "128"`},
		{"in decimal digits alone", parse[int]("0x10"), `expected a whole number, got "0x10"`},
		{"without separators", parse[int]("1_000"), `expected a whole number, got "1_000"`},
		{"nothing is not a number", parse[int](""), `expected a whole number, got ""`},
		{"a fraction is not a whole number", parse[int]("1.5"), `expected a whole number, got "1.5"`},
		{"64 bits", parse[int64]("-9223372036854775809"), `expected a whole number from -9223372036854775808 to 9223372036854775807, got "-9223372036854775809"`},
		{"a number without a sign", parse[uint8]("255"), uint8(255)},
		{"has bounds too", parse[uint8]("256"), `expected a whole number from 0 to 255, got "256"`},
		{"the lower one is 0", parse[uint64]("-1"), `expected a whole number from 0 to 18446744073709551615, got "-1"`},
		{"a number with a fraction", parse[float64]("-1.5e3"), -1500.0},
		{"one that does not fit", parse[float32]("1e39"), `expected a number nearer to 0, got "1e39"`},
		{"what JSON cannot say is not a number", []any{parse[float64]("NaN"), parse[float64]("-Inf"), parse[float64]("0x1p-2")},
			[]any{`expected a number, got "NaN"`, `expected a number, got "-Inf"`, `expected a number, got "0x1p-2"`}},
		{"a duration", parse[time.Duration]("1m30s"), 90 * time.Second},
		{"needs its unit", parse[time.Duration]("90"), `expected a duration such as 1m30s, got "90"`},
		{"a time", parse[time.Time]("2026-11-28T17:30:00+01:00").(time.Time).UTC(), time.Date(2026, 11, 28, 16, 30, 0, 0, time.UTC)},
		{"is not a date", parse[time.Time]("2026-11-28"), `expected a time such as 2006-01-02T15:04:05Z, got "2026-11-28"`},
		{"UnmarshalText of others", parse[netip.Addr]("::1"), netip.MustParseAddr("::1")},
		{"goes before the kind", parse[shout]("HO"), shout("HO")},
		{"and says what is wrong", parse[shout]("ho"), "does not shout"},
		{"a long value is cut between characters", parse[int](strings.Repeat("ä", 40)), `expected a whole number, got "` + strings.Repeat("ä", 16) + `…"`},
		{"a value is quoted", parse[int]("<b>\n"), `expected a whole number, got "<b>\n"`},
		{"what no string becomes is the program's mistake", parse[[]int]("1"), "ours: a string cannot become a []int: give the type a method UnmarshalText"},
	} {
		if diff := cmp.Diff(c.want, c.got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rule, diff)
		}
	}
}

// An error leaves the destination as it was.
func TestParserLeavesTheValue(t *testing.T) {
	for _, dst := range []any{new(shout("before")), new(7), new(true), new(1.5), new(uint(7)), new(time.Minute), new(time.Unix(0, 0))} {
		v := reflect.ValueOf(dst).Elem()
		before := v.Interface()
		p, err := value.Of(v.Type())
		if err != nil {
			t.Fatal(err)
		}
		if err := p("not it", v); err == nil || v.Interface() != before {
			t.Errorf("%T: error %v, value %v, want %v", dst, err, v, before)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "0", "-0", "+1", "1e3", "1.50", "007", "true", "on", "1h2m3.5s", "2026-11-28T17:30:00.5-08:00", "::ffff:1.2.3.4", "1e400", "9223372036854775808", "ä\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		again[string](t, s)
		again[bool](t, s)
		again[int64](t, s)
		again[int8](t, s)
		again[uint32](t, s)
		again[float64](t, s)
		again[float32](t, s)
		again[time.Duration](t, s)
		again[netip.Addr](t, s)
		agrees[int16](t, s)
		agrees[uint64](t, s)
		agrees[float64](t, s)
	})
}

// again: what was read is written so that it is read as the same value.
func again[T comparable](t *testing.T, s string) {
	v, err := value.Parse[T](s)
	if err != nil {
		return
	}
	text, err := value.Format(reflect.ValueOf(v))
	if err != nil {
		t.Fatal(err)
	}
	if w, err := value.Parse[T](text); err != nil || v != w {
		t.Errorf("%q is the %T %v, written as %q, which is %v, %v", s, v, v, text, w, err)
	}
}

// agrees: a number of JSON is the same number here.
func agrees[T comparable](t *testing.T, s string) {
	var want T
	if s == "null" || strings.TrimSpace(s) != s || json.Unmarshal([]byte(s), &want) != nil {
		return
	}
	if got, err := value.Parse[T](s); err != nil || got != want {
		t.Errorf("%q is the %T %v in JSON, here %v, %v", s, want, want, got, err)
	}
}

func TestFormatRefuses(t *testing.T) {
	if s, err := value.Format(reflect.ValueOf([]int{1})); err == nil {
		t.Errorf("a slice is %q", s)
	}
}

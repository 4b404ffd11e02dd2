package query_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type pair = [2]string

func all(raw string) []pair {
	list := []pair{}
	for name, value := range query.All(raw) {
		list = append(list, pair{name, value})
	}
	return list
}

// raws holds query strings with their pairs.
var raws = []struct {
	rule, raw string
	want      []pair
}{
	{"nothing", "", []pair{}},
	{"order is kept", "z=1&a=2&z=3", []pair{{"z", "1"}, {"a", "2"}, {"z", "3"}}},
	{"empty pairs are none", "&&a=b&&", []pair{{"a", "b"}}},
	{"no = means an empty value", "a&b=", []pair{{"a", ""}, {"b", ""}}},
	{"an empty name is a name", "=1&=", []pair{{"", "1"}, {"", ""}}},
	{"the first = ends the name", "a=b=c", []pair{{"a", "b=c"}}},
	{"+ is a space", "a+b=c+d", []pair{{"a b", "c d"}}},
	{"an escaped + is not", "a=b%2Bc", []pair{{"a", "b+c"}}},
	{"; is text", "a=1;b=2", []pair{{"a", "1;b=2"}}},
	{"? is text", "?a=1", []pair{{"?a", "1"}}},
	{"malformed escapes stay", "%zz=%&a=%4%41", []pair{{"%zz", "%"}, {"a", "%4A"}}},
	{"ill-formed UTF-8", "a=%FF%E2%98&b=\xff", []pair{{"a", "��"}, {"b", "�"}}},
	{"ill-formed names", "%FF=1&%EF%BF%BD=2&\xff=3", []pair{{"�", "1"}, {"�", "2"}, {"�", "3"}}},
	{"a byte order mark is text", "%EF%BB%BFa=1", []pair{{"\uFEFFa", "1"}}},
	{"escaped separators are text", "a%3Db=c%26d", []pair{{"a=b", "c&d"}}},
}

func TestAll(t *testing.T) {
	for _, tt := range raws {
		if diff := cmp.Diff(tt.want, all(tt.raw)); diff != "" {
			t.Errorf("%s: All(%q) (-want +got):\n%s", tt.rule, tt.raw, diff)
		}
		checkNames(t, tt.raw)
	}
	for range query.All("a=1&b=2") {
		break // an early end must not panic
	}
}

// checkNames asserts that First and Values say what All says, for every name that is there and some
// that are not.
func checkNames(t *testing.T, raw string) {
	t.Helper()
	list := all(raw)
	names := []string{"", "a", "absent", "\uFFFD", "\xff", "a\uFFFD"}
	for _, p := range list {
		names = append(names, p[0], p[0]+"x", strings.TrimSuffix(p[0], "a"))
	}
	for _, name := range names {
		var want []string
		for _, p := range list {
			if p[0] == name {
				want = append(want, p[1])
			}
		}
		if diff := cmp.Diff(want, query.Values(raw, name)); diff != "" {
			t.Errorf("Values(%q, %q) (-All +Values):\n%s", raw, name, diff)
		}
		got, ok := query.First(raw, name)
		if ok != (want != nil) || ok && got != want[0] || !ok && got != "" {
			t.Errorf("First(%q, %q) = %q, %t; All says %q", raw, name, got, ok, want)
		}
	}
}

// FuzzPairs checks that First and Values agree with All, that Params holds what All yields, and
// that what String writes reads the same.
func FuzzPairs(f *testing.F) {
	for _, tt := range raws {
		f.Add(tt.raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		checkNames(t, raw)
		list := all(raw)
		p := crossfade.ParseParams("?" + raw)
		if diff := cmp.Diff(list, all(p.String())); diff != "" {
			t.Errorf("Parse(%q).String() = %q (-All +String):\n%s", raw, p, diff)
		}
		if !p.Equal(crossfade.ParseParams(p.String())) || p.Len() != len(list) {
			t.Errorf("Parse(%q) does not survive String", raw)
		}
		slices.SortStableFunc(list, func(a, b pair) int {
			return slices.Compare(utf16.Encode([]rune(a[0])), utf16.Encode([]rune(b[0])))
		})
		if diff := cmp.Diff(list, pairsOf(p.Sorted())); diff != "" {
			t.Errorf("Parse(%q).Sorted() (-want +got):\n%s", raw, diff)
		}
	})
}

func pairsOf(p crossfade.Params) []pair {
	list := []pair{}
	for name, value := range p.All() {
		list = append(list, pair{name, value})
	}
	return list
}

// TestParams_immutable checks that no method changes its receiver or another copy.
func TestParams_immutable(t *testing.T) {
	p := crossfade.ParseParams("a=1&b=2&a=3").WithAdded("c", "4")
	before := p.String()
	x, y := p.WithAdded("x", "1"), p.WithAdded("y", "2")
	for name, got := range map[string]crossfade.Params{
		"a=1&b=2&a=3&c=4&x=1": x, "a=1&b=2&a=3&c=4&y=2": y,
		"a=9&b=2&c=4": p.With("a", "9"), "a=1&b=2&a=3&c=4&d=5": p.With("d", "5"),
		"c=4": p.Without("a", "b"), "a=1&a=3&b=2&c=4": p.Sorted(),
		"": crossfade.Params{}.Without("a"), "n=": crossfade.Params{}.With("n", ""),
	} {
		if got.String() != name {
			t.Errorf("got %s, want %s", got, name)
		}
	}
	if p.String() != before {
		t.Errorf("the receiver changed from %s to %s", before, p)
	}
	names := []string{"\xff"}
	if got := p.With("\xff", "\xff").Without(names...); !got.Equal(p) || names[0] != "\xff" {
		t.Errorf("Without of an ill-formed name left %s, and %q of the arguments", got, names)
	}
	if q := p.With("\xff", "\xfe"); q.Get("\uFFFD") != "\uFFFD" || !q.Has("\xff") || q.Values("\xff") == nil {
		t.Errorf("an ill-formed name or value is not U+FFFD everywhere: %s", q)
	}
}

func TestParams_read(t *testing.T) {
	p := crossfade.ParseParams("?a=1&b=&a=2")
	if p.Get("a") != "1" || p.Get("b") != "" || p.Get("c") != "" || !p.Has("b") || p.Has("c") || p.Values("c") != nil {
		t.Errorf("%s: Get, Has or Values of a, b and c is wrong", p)
	}
	for range p.All() {
		break // an early end must not panic
	}
}

// TestParams_Sorted checks the one place where UTF-16 order is not that of bytes.
func TestParams_Sorted(t *testing.T) {
	got := crossfade.ParseParams("\uFFFD=1&\U0001F4A9=2&\U0001F308=3&\uD7FF=4&b=5&ab=6&a=7&\uE000=8").Sorted()
	want := crossfade.ParseParams("a=7&ab=6&b=5&\uD7FF=4&\U0001F308=3&\U0001F4A9=2&\uE000=8&\uFFFD=1")
	if diff := cmp.Diff(pairsOf(want), pairsOf(got)); diff != "" {
		t.Errorf("Sorted (-want +got):\n%s", diff)
	}
}

// TestFetchVectors runs the URLSearchParams of the URL Standard and of web-platform-tests; live
// iteration, which an immutable value does not have, is left out.
func TestFetchVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID           string
			Input        *string
			Init         json.RawMessage
			InitKind     string
			Ops          [][]string
			LiveIterator bool
			Want         struct {
				List     []pair
				ToString *string
				Results  []any
				Throws   string
			}
		}
	}
	reference.Read(t, "fetch/urlsearchparams.json", &file)
	ran := 0
	for _, c := range file.Cases {
		var p crossfade.Params
		switch {
		case c.LiveIterator || c.Want.Throws != "": // a pair that is none cannot be written in Go
			continue
		case c.Input != nil:
			p = crossfade.ParseParams(*c.Input)
		case c.InitKind == "record":
			var record map[string]string // of one member
			if err := json.Unmarshal(c.Init, &record); err != nil {
				t.Fatal(err)
			}
			for name, value := range record {
				p = p.WithAdded(name, value)
			}
		default:
			var list []pair
			if err := json.Unmarshal(c.Init, &list); err != nil {
				t.Fatal(err)
			}
			for _, q := range list {
				p = p.WithAdded(q[0], q[1])
			}
		}
		if slices.ContainsFunc(c.Ops, func(op []string) bool { return len(op) == 3 && (op[0] == "delete" || op[0] == "has") }) {
			continue // a name and a value: no method of ours
		}
		ran++
		var results []any
		for _, op := range c.Ops {
			var result any
			switch op := append(op, "", ""); {
			case op[0] == "append":
				p = p.WithAdded(op[1], op[2])
			case op[0] == "set":
				p = p.With(op[1], op[2])
			case op[0] == "delete":
				p = p.Without(op[1])
			case op[0] == "has":
				result = p.Has(op[1])
			case op[0] == "size":
				result = float64(p.Len())
			case op[0] == "sort":
				p = p.Sorted()
			default:
				t.Fatalf("%s: unknown operation %q", c.ID, op)
			}
			results = append(results, result)
		}
		if c.Want.List != nil {
			if diff := cmp.Diff(c.Want.List, pairsOf(p)); diff != "" {
				t.Errorf("%s: pairs (-want +got):\n%s", c.ID, diff)
			}
		}
		if c.Want.ToString != nil && *c.Want.ToString != p.String() {
			t.Errorf("%s: String = %q, want %q", c.ID, p, *c.Want.ToString)
		}
		if c.Want.Results != nil {
			if diff := cmp.Diff(c.Want.Results, results); diff != "" {
				t.Errorf("%s: results (-want +got):\n%s", c.ID, diff)
			}
		}
	}
	if ran < 77 {
		t.Errorf("only %d vectors ran", ran)
	}
}

func TestAllocations(t *testing.T) {
	raw := "q=gin&%70age=2&%zz=%FF&sort=name"
	for name, f := range map[string]func(){
		"First":               func() { query.First(raw, "sort") },
		"First, escaped name": func() { query.First(raw, "page") },
		"First, absent":       func() { query.First(raw, "absent") },
		"All, nothing to decode": func() {
			for range query.All("q=gin&page=2") {
			}
		},
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkFirst(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		query.First("q=gin&page=2&sort=name&order=desc", "sort")
	}
}

func BenchmarkParamsWith(b *testing.B) {
	p := crossfade.ParseParams("q=gin&page=2&sort=name&order=desc")
	b.ReportAllocs()
	for b.Loop() {
		p.With("page", "3")
	}
}

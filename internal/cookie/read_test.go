package cookie_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/text"
)

type pair struct{ Name, Value string }

func all(lines []string) (list []pair) {
	for name, value := range cookie.All(lines) {
		list = append(list, pair{name, value})
	}
	return list
}

// headers holds Cookie headers, line by line, with all that is in them.
var headers = []struct {
	rule  string
	lines []string
	want  []pair
}{
	{"no header", nil, nil},
	{"empty header", []string{""}, nil},
	{"two cookies", []string{"foo=bar; bar=baz"}, []pair{{"foo", "bar"}, {"bar", "baz"}}},
	{"two lines", []string{"a=1", "b=2"}, []pair{{"a", "1"}, {"b", "2"}}},
	{"repeated names are all there", []string{"a=1; a=2"}, []pair{{"a", "1"}, {"a", "2"}}},
	{"a pair without = is not a cookie", []string{"foo; a=1; ;b"}, []pair{{"a", "1"}}},
	{"the name may be empty", []string{"=x; a=1"}, []pair{{"", "x"}, {"a", "1"}}},
	{"the value may be empty", []string{"a=; b= "}, []pair{{"a", ""}, {"b", ""}}},
	{"spaces and tabs go, on both sides", []string{" \ta\t = b \t; c = d "}, []pair{{"a", "b"}, {"c", "d"}}},
	{"no space is needed", []string{"a=1;b=2"}, []pair{{"a", "1"}, {"b", "2"}}},
	{"one pair of quotes goes", []string{`a="b c"; d=""e""`}, []pair{{"a", "b c"}, {"d", `"e"`}}},
	{"a quote on one side stays", []string{`a="b; c=d"`}, []pair{{"a", `"b`}, {"c", `d"`}}},
	{"a lone quote is a pair", []string{`a="`}, []pair{{"a", ""}}},
	{"the value keeps its =", []string{"a=b=c"}, []pair{{"a", "b=c"}}},
	{"escapes are decoded", []string{"a=%20%C3%A9"}, []pair{{"a", " é"}}},
	{"after the quotes went", []string{"a=\"%22\""}, []pair{{"a", `"`}}},
	{"a bad escape leaves the value raw", []string{"a=%1; b=%20%zz; c=%FF"}, []pair{{"a", "%1"}, {"b", "%20%zz"}, {"c", "%FF"}}},
	{"+ is not a space", []string{"a=b+c"}, []pair{{"a", "b+c"}}},
	{"the name is not decoded", []string{"%61=1"}, []pair{{"%61", "1"}}},
	{"names are case sensitive", []string{"A=1; a=2"}, []pair{{"A", "1"}, {"a", "2"}}},
	{"a comma does not separate", []string{"a=1, b=2"}, []pair{{"a", "1, b=2"}}},
}

func TestAll(t *testing.T) {
	for _, tt := range headers {
		if diff := cmp.Diff(tt.want, all(tt.lines)); diff != "" {
			t.Errorf("%s: All(%q) (-want +got):\n%s", tt.rule, tt.lines, diff)
		}
	}
	for range cookie.All([]string{"a=1; b=2", "c=3"}) {
		break // an early end must not panic
	}
}

func TestGet(t *testing.T) {
	for _, tt := range headers {
		checkGet(t, tt.lines, tt.want)
	}
	if got, ok := cookie.Get([]string{"a=1; A=2"}, "b"); ok || got != "" {
		t.Errorf("Get of an absent cookie = %q, %t", got, ok)
	}
}

// checkGet asserts that Get finds the first of each name.
func checkGet(t *testing.T, lines []string, list []pair) {
	t.Helper()
	first := make(map[string]string)
	for _, p := range list {
		if _, ok := first[p.Name]; !ok {
			first[p.Name] = p.Value
		}
	}
	for name, want := range first {
		if got, ok := cookie.Get(lines, name); !ok || got != want {
			t.Errorf("Get(%q, %q) = %q, %t; the first of All is %q", lines, name, got, ok, want)
		}
	}
}

// FuzzRead checks that Get is the first of All, that several lines read as one joined with "; ",
// and that what Format writes is read back.
func FuzzRead(f *testing.F) {
	for _, tt := range headers {
		f.Add(strings.Join(tt.lines, "\n"), "value")
	}
	f.Fuzz(func(t *testing.T, header, value string) {
		lines := strings.Split(header, "\n")
		list := all(lines)
		checkGet(t, lines, list)
		if diff := cmp.Diff(list, all([]string{strings.Join(lines, "; ")})); diff != "" {
			t.Errorf("%q differs from its joined form (-lines +joined):\n%s", lines, diff)
		}
		line, err := cookie.Format("name", value, cookie.Options{OmitPath: true})
		if err != nil {
			t.Fatalf("Format of %+q: %v", value, err)
		}
		if got, ok := cookie.Get([]string{line}, "name"); !ok || got != text.WellFormed(value) {
			t.Errorf("Get of %q = %+q, %t; it was written from %+q", line, got, ok, value)
		}
	})
}

func BenchmarkGet(b *testing.B) {
	lines := []string{"theme=dark; locale=en-GB; session=s3cr3t; last=1"}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := cookie.Get(lines, "session"); !ok {
			b.Fatal("not found")
		}
	}
}

package query_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/query"
)

var simple = []struct{ rule, raw, want string }{
	{"nothing", "", `{}`},
	{"the thousandth pair is the last, empty ones counted", strings.Repeat("&", 998) + "a&b&c", `{"a":"","b":""}`},
	{"repeated names make a list", "a=1&a=2&a=3", `{"a":["1","2","3"]}`},
	{"brackets are text", "a[b]=1&a[]=2", `{"a[b]":"1","a[]":"2"}`},
	{"array indices come first", "b=1&10=x&2=y", `{"2":"y","10":"x","b":"1"}`},
	{"4294967294 is the last index", "z=1&4294967295=a&4294967294=b&01=c", `{"4294967294":"b","z":"1","4294967295":"a","01":"c"}`},
	{"names are equal once decoded", "%41=%42&A=C", `{"A":["B","C"]}`},
	{"an empty name is a name", "=1&=2", `{"":["1","2"]}`},
	{"empty pairs are none", "&&a&", `{"a":""}`},
	{"ill-formed UTF-8", "a=%FF%E2%98", `{"a":"��"}`},
	{"malformed escapes", "a=%4%41&%zz", `{"a":"%4A","%zz":""}`},
	{"__proto__ is a name", "__proto__=1", `{"__proto__":"1"}`},
	{"JSON.stringify's escapes", "a=\"\\/%08%09%0A%0C%0D%01%7F%E2%80%A8<&b=</b>", `{"a":"\"\\/\b\t\n\f\r\u0001` + "\x7f\u2028" + `<","b":"</b>"}`},
}

func TestSimple(t *testing.T) {
	for _, tt := range simple {
		if diff := cmp.Diff(tt.want, text(t, query.Simple(tt.raw))); diff != "" {
			t.Errorf("%s: Simple(%q) (-want +got):\n%s", tt.rule, tt.raw, diff)
		}
	}
}

func BenchmarkSimple(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		query.Simple("name=gin&strength=10&page=2&tag=a&tag=b")
	}
}

package query_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/query"
)

// extended holds what qs 6.17.1 with allowPrototypes, as Express calls it, was asked.
var extended = []struct{ rule, raw, want string }{
	{"nothing", "", `{}`},
	{"a list of one", "a[]=1", `{"a":["1"]}`},
	{"a hole closes", "a[3]=x&a[1]=y", `{"a":["y","x"]}`},
	{"index 19 is the last of a list", "a[19]=x", `{"a":["x"]}`},
	{"index 20 makes an object", "a[20]=x", `{"a":{"20":"x"}}`},
	{"an object that counts goes on from its index", "a[20]=x&a=y&a[]=z", `{"a":{"20":"x","21":"y","22":"z"}}`},
	{"a leading zero is not an index", "a[01]=x", `{"a":{"01":"x"}}`},
	{"a sign is not an index", "a[-1]=x", `{"a":{"-1":"x"}}`},
	{"an index at the top is a key", "0=x&1=y", `{"0":"x","1":"y"}`},
	{"an index in brackets at the top", "[0]=x&[1]=y", `{"0":"x","1":"y"}`},
	{"a string, then a list", "a=1&a[]=2", `{"a":["1","2"]}`},
	{"a list, then a string", "a[]=1&a=2", `{"a":["1","2"]}`},
	{"a list, then a key", "a[]=1&a[b]=2", `{"a":{"0":"1","b":"2"}}`},
	{"a key, then a list", "a[b]=1&a[]=2", `{"a":{"0":"2","b":"1"}}`},
	{"a string, then a key", "a=1&a[b]=2", `{"a":["1",{"b":"2"}]}`},
	{"a key, then a string", "a[b]=1&a=2", `{"a":[{"b":"1"},"2"]}`},
	{"a key, then two strings", "a[b]=1&a=2&a=3", `{"a":[{"b":"1"},"2","3"]}`},
	{"a conflict goes on counting", "a[b]=1&a=2&a[c]=3&a[d][]=4", `{"a":{"0":{"b":"1"},"1":"2","c":"3","d":["4"]}}`},
	{"an empty string is a string", "a[b]=1&a=", `{"a":[{"b":"1"},""]}`},
	{"an empty string in a list stays", "a[]=&a[]=1", `{"a":["","1"]}`},
	{"objects in a list merge by index", "a[0][b]=1&a[0][c]=2&a[1][b]=3", `{"a":[{"b":"1","c":"2"},{"b":"3"}]}`},
	{"a list in a list", "a[0][]=1&a[0][]=2&a[1][]=3", `{"a":[["1","2"],["3"]]}`},
	{"five brackets", "a[b][c][d][e][f]=1", `{"a":{"b":{"c":{"d":{"e":{"f":"1"}}}}}}`},
	{"the sixth is text", "a[b][c][d][e][f][g]=1", `{"a":{"b":{"c":{"d":{"e":{"f":{"[g]":"1"}}}}}}}`},
	{"and all behind it", "a[b][c][d][e][f][g][h]i=1", `{"a":{"b":{"c":{"d":{"e":{"f":{"[g][h]i":"1"}}}}}}}`},
	{"brackets in brackets are text", "a[b[c]]=1", `{"a":{"b[c]":"1"}}`},
	{"a bracket that is not closed", "a[b=1", `{"a":{"[b":"1"}}`},
	{"a bracket that is not opened", "a]=1", `{"a]":"1"}`},
	{"text between brackets is lost", "a[b]c[d]=1", `{"a":{"b":{"d":"1"}}}`},
	{"text behind brackets is lost", "a[b]c=1", `{"a":{"b":"1"}}`},
	{"empty names are lost", "=1&&b=2", `{"b":"2"}`},
	{"no value", "a[b]", `{"a":{"b":""}}`},
	{"= inside brackets", "a[b=c]=d", `{"a":{"b=c":"d"}}`},
	{"= in the value", "a[b]=c=d", `{"a":{"b":"c=d"}}`},
	{"escaped brackets are brackets", "a%5Bb%5D=1", `{"a":{"b":"1"}}`},
	{"in the value, too", "a=%5B%FF", `{"a":"[%FF"}`},
	{"+ in the name", "a+b[c+d]=e+f", `{"a b":{"c d":"e f"}}`},
	{"a bad escape leaves the value raw", "a=%zz+%20", `{"a":"%zz %20"}`},
	{"and the name", "%zz[b]=1", `{"%zz":{"b":"1"}}`},
	{"__proto__ is ignored", "__proto__[x]=1&a[__proto__][y]=2&b[__proto__]=3&c=4", `{"a":{},"b":{},"c":"4"}`},
	{"other inherited names are not", "toString=1&a[hasOwnProperty]=2", `{"toString":"1","a":{"hasOwnProperty":"2"}}`},
	{"indices come first", "b=1&10=x&2=y", `{"2":"y","10":"x","b":"1"}`},
	{"4294967294 is the last index", "z=1&4294967295=a&4294967294=b", `{"4294967294":"b","z":"1","4294967295":"a"}`},
	{"; is text", "a=1;b=2", `{"a":"1;b=2"}`},
	{"dots are text", "a.b=1", `{"a.b":"1"}`},
	{"? is text", "?a=1", `{"?a":"1"}`},
	{"another spelling of a name is another pair for one place", "a[x]=1&a=2&[a]=3", `{"a":[{"x":"1"},"2","3"]}`},
	{"a conflict counts strings on", "a[x]=1&a=2&a[c]=3&[a]=4", `{"a":{"0":{"x":"1"},"1":"2","2":"4","c":"3"}}`},
	{"and behind an index that came between", "a[x]=1&a=2&a[c]=3&a[7]=4&[a]=5", `{"a":{"0":{"x":"1"},"1":"2","7":"4","8":"5","c":"3"}}`},
	{"an object starts to count where an index is too high", "a[x]=1&a[7]=2&a[30]=3&a=4", `{"a":{"7":"2","30":"3","31":"4","x":"1"}}`},
	{"and counts from the highest", "a[x]=1&a[50]=2&a[30]=3&[a]=4&a[60]=5&[a[]]=6", `{"a":{"30":"3","50":"2","51":"4","60":"5","x":"1"},"a[]":"6"}`},
	{"two strings in one place", "a=1&[a]=2", `{"a":["1","2"]}`},
	{"an item beside an item goes to the end", "a[0]=1&a[0][b]=2&a[1]=3", `{"a":["1",{"b":"2"},"3"]}`},
	{"20 values are a list", repeat("a[]", 20), `{"a":[` + values(20, false) + `]}`},
	{"21 values are an object", repeat("a[]", 21), `{"a":{` + values(21, true) + `}}`},
	{"repeated names count, too", repeat("a", 22), `{"a":{` + values(22, true) + `}}`},
	{"and in an object", repeat("a[b]", 21), `{"a":{"b":{` + values(21, true) + `}}}`},
	{"20 indices are a list", indices(20), `{"a":[` + values(20, false) + `]}`},
	{"a list that became an object counts on", repeat("a", 21) + "&a[b]=x", `{"a":{` + values(21, true) + `,"b":"x"}}`},
	{"such an object takes in what is before it", "a=x&" + repeat("a[]", 21), `{"a":{"0":"x",` + shifted(21) + `}}`},
}

func repeat(name string, n int) string {
	var pairs []string
	for i := range n {
		pairs = append(pairs, fmt.Sprintf("%s=%d", name, i))
	}
	return strings.Join(pairs, "&")
}

func indices(n int) string {
	var pairs []string
	for i := range n {
		pairs = append(pairs, fmt.Sprintf("a[%d]=%d", i, i))
	}
	return strings.Join(pairs, "&")
}

func values(n int, keys bool) string {
	var list []string
	for i := range n {
		if keys {
			list = append(list, fmt.Sprintf(`"%d":"%d"`, i, i))
		} else {
			list = append(list, fmt.Sprintf(`"%d"`, i))
		}
	}
	return strings.Join(list, ",")
}

func shifted(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"%d":"%d"`, i+1, i))
	}
	return strings.Join(list, ",")
}

func TestExtended(t *testing.T) {
	for _, tt := range extended {
		if diff := cmp.Diff(tt.want, text(t, query.Extended(tt.raw))); diff != "" {
			t.Errorf("%s: Extended(%q) (-want +got):\n%s", tt.rule, tt.raw, diff)
		}
	}
}

// TestBrackets holds what express.urlencoded sets.
func TestBrackets(t *testing.T) {
	body := query.Brackets{Depth: 32, Array: 100, Strict: true}
	tests := []struct {
		rule string
		b    query.Brackets
		raw  string
		want string
	}{
		{"not extended: brackets are text", query.Brackets{Array: 3}, "user[name][first]=Tobi&b=1&b=2", `{"user[name][first]":"Tobi","b":["1","2"]}`},
		{"not extended: a pair of brackets around all of it goes", query.Brackets{Array: 2}, "[a]=1&[]=2", `{"0":"2","a":"1"}`},
		{"not extended: __proto__ is ignored", query.Brackets{Array: 2}, "__proto__=1&a=2", `{"a":"2"}`},
		{"extended: objects in a list", body, "foo[0][bar]=baz&foo[0][fizz]=buzz&foo[]=done!", `{"foo":[{"bar":"baz","fizz":"buzz"},"done!"]}`},
		{"extended: 32 brackets", body, "a" + strings.Repeat("[p]", 32) + "=1", `{"a":` + strings.Repeat(`{"p":`, 32) + `"1"` + strings.Repeat("}", 33)},
		{"extended: 33 brackets", body, "a" + strings.Repeat("[p]", 33) + "=1", ""},
		{"extended: one that is not closed is no 33rd", body, "a" + strings.Repeat("[p]", 31) + "[p=1", `{"a":` + strings.Repeat(`{"p":`, 31) + `{"[p":"1"}` + strings.Repeat("}", 32)},
		{"depth 1", query.Brackets{Depth: 1, Strict: true}, "a[b][c]=d", ""},
		{"ISO-8859-1", query.Brackets{Array: 1, Latin1: true}, "a=%E9%zz+%e9", `{"a":"é%zz é"}`},
		{"the pairs that are read", query.Brackets{Params: 2}, "a=1&&b=2", `{"a":"1"}`},
	}
	for _, tt := range tests {
		got, err := tt.b.Parse(tt.raw)
		if tt.want == "" {
			if e, ok := errors.AsType[*query.DepthError](err); !ok || e.Depth != tt.b.Depth {
				t.Errorf("%s: error %v, want a *DepthError", tt.rule, err)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, text(t, got)); err != nil || diff != "" {
			t.Errorf("%s: error %v (-want +got):\n%s", tt.rule, err, diff)
		}
	}
	_, err := query.Brackets{Depth: 1, Strict: true}.Parse("a[b][c]=d")
	if want := "the name of a parameter is nested more than 1 levels deep: use fewer brackets"; err.Error() != want {
		t.Errorf("error text %q, want %q", err, want)
	}
}

func BenchmarkExtended(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		query.Extended("filter[name]=gin&filter[strength][gte]=10&page=2&tags[]=a&tags[]=b")
	}
}

package jsontext_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// nested marshals itself by the package under test, while the package is at work.
type nested struct{ V any }

func (n nested) MarshalJSON() ([]byte, error) { return jsontext.Marshal(n.V) }

func TestMarshal(t *testing.T) {
	for _, c := range []struct {
		rule string
		in   any
		want string
	}{
		{"no newline follows", map[string]any{"b": 1, "a": []any{}}, `{"a":[],"b":1}`},
		{"HTML is not escaped", "<a href='/?a&b'>", `"<a href='/?a&b'>"`},
		{"U+2028 and U+2029 are not escaped", "a\u2028b\u2029", "\"a\u2028b\u2029\""},
		{"a backslash before u2028 is not an escape", `\u2028 \\u2028`, `"\\u2028 \\\\u2028"`},
		{"a backslash before U+2028 stays escaped", "\\\u2028", "\"\\\\\u2028\""},
		{"control characters are escaped", "\x00\x1f\b\f\n\r\t\x7f\u2028", "\"\\u0000\\u001f\\b\\f\\n\\r\\t\x7f\u2028\""},
		{"ill-formed UTF-8 is U+FFFD itself", "a\xFFb\xE2\x80", "\"a\uFFFDb\uFFFD\uFFFD\""},
		{"keys are strings too", map[string]int{"<\u2028>": 1}, "{\"<\u2028>\":1}"},
		{"numbers look as in JavaScript", []float64{1e21, 1e-7, 0.1, 0, 123456789012345680000, 5e-324}, `[1e+21,1e-7,0.1,0,123456789012345680000,5e-324]`},
		{"nothing is null", nil, "null"},
		{"bytes are base64, as in encoding/json", []byte("hi"), `"aGk="`},
		{"raw text is written as it is", json.RawMessage(`{ "a":"\u2028<" }`), `{ "a":"\u2028<" }`},
		{"raw text of nothing is null", json.RawMessage(nil), "null"},
		{"raw text inside a value is compacted", []any{json.RawMessage(`{ "a":"\u2028<" }`)}, "[{\"a\":\"\u2028<\"}]"},
		{"a value may marshal itself with this package", nested{[]any{nested{"<\u2028>"}, nested{1}}}, "[\"<\u2028>\",1]"},
	} {
		got, err := jsontext.Marshal(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.rule, got, err, c.want)
		}
		if appended, err := jsontext.Append([]byte("x"), c.in); err != nil || string(appended) != "x"+c.want {
			t.Errorf("%s: appended %q, %v", c.rule, appended, err)
		}
	}
}

func TestOptions(t *testing.T) {
	v := map[string]any{"a": []any{1, "<&>\u2028", []any{}, map[string]any{}}, "raw": json.RawMessage(`[ ]`)}
	for _, c := range []struct {
		o    jsontext.Options
		want string
	}{
		{jsontext.Options{}, "{\"a\":[1,\"<&>\u2028\",[],{}],\"raw\":[]}"},
		{jsontext.Options{EscapeHTML: true}, "{\"a\":[1,\"\\u003c\\u0026\\u003e\u2028\",[],{}],\"raw\":[]}"},
		{jsontext.Options{Indent: "\t"}, "{\n\t\"a\": [\n\t\t1,\n\t\t\"<&>\u2028\",\n\t\t[],\n\t\t{}\n\t],\n\t\"raw\": []\n}"},
		{jsontext.Options{}, "{\"a\":[1,\"<&>\u2028\",[],{}],\"raw\":[]}"}, // settings do not stick
	} {
		if got, err := c.o.Append(nil, v); err != nil || string(got) != c.want {
			t.Errorf("%+v: %q, %v, want %q", c.o, got, err, c.want)
		}
	}
	raw := json.RawMessage(`"<"`)
	if got, _ := (jsontext.Options{EscapeHTML: true}).Append(nil, raw); string(got) != `"\u003c"` {
		t.Errorf("options hold for raw text too: %s", got)
	}
}

func TestMarshalErrors(t *testing.T) {
	for _, c := range []struct {
		in    any
		words string
	}{
		{map[string]float64{"a": math.NaN()}, "cannot write map[string]float64 as JSON: it holds the number NaN, which JSON does not have; send null or a string instead"},
		{[]float32{float32(math.Inf(-1))}, "the number -Inf"},
		{struct{ C chan int }{}, "cannot write struct { C chan int } as JSON"},
		{json.RawMessage("{"), "cannot write json.RawMessage as JSON"},
	} {
		dst, err := jsontext.Append([]byte("x"), c.in)
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%v: the error is %v, want %q in it", c.in, err, c.words)
		}
		if string(dst) != "x" {
			t.Errorf("%v: an error leaves dst as it was, not %q", c.in, dst)
		}
	}
	var unsupported *json.UnsupportedValueError
	if _, err := jsontext.Marshal(math.NaN()); !errors.As(err, &unsupported) {
		t.Errorf("encoding/json's error is wrapped: %v", err)
	}
}

// res.json of Express: the value, the settings, the text.
func TestResJSONVectors(t *testing.T) {
	var vectors []struct {
		ID  string
		JS  bool
		App struct {
			Settings map[string]any
			Stack    []struct{ Do [][]json.RawMessage }
		}
		Expect struct{ Body string }
	}
	reference.Read(t, "express/res.json.json", &vectors)
	asked := 0
	for _, v := range vectors {
		var last []json.RawMessage
		for _, call := range v.App.Stack[0].Do {
			last = call
		}
		if v.JS || len(last) != 2 || string(last[0]) != `"res.json"` || bytes.Contains(last[1], []byte(`"$`)) ||
			v.App.Settings["json replacer"] != nil || strings.Contains(v.ID, "surrogate") {
			continue
		}
		var value any
		if err := json.Unmarshal(last[1], &value); err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		o := jsontext.Options{EscapeHTML: v.App.Settings["json escape"] == true}
		switch spaces := v.App.Settings["json spaces"].(type) {
		case float64:
			o.Indent = strings.Repeat(" ", int(spaces))
		case string:
			o.Indent = spaces
		}
		if object, ok := value.(map[string]any); ok && len(object) > 1 {
			value = json.RawMessage(last[1]) // a map would lose the order of the keys
		}
		got, err := o.Append(nil, value)
		asked++
		if err != nil || string(got) != v.Expect.Body {
			t.Errorf("%s: %q, %v, want %q", v.ID, got, err, v.Expect.Body)
		}
	}
	if asked < 12 {
		t.Errorf("only %d vectors asked", asked)
	}
}

func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			want, _ := json.Marshal(i)
			for range 200 {
				if got, err := jsontext.Marshal(i); err != nil || !bytes.Equal(got, want) {
					t.Errorf("got %s, %v, want %s", got, err, want)
				}
			}
		})
	}
	wg.Wait()
}

// The text is encoding/json's but for the escapes, and it says the same.
func FuzzMarshal(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\u2028\\u2028",null]}`, `"<\ud800>"`, `-0`, `{"<":{"&":1e400}}`, `["\\\\u2029"]`, "\"\xFF\"", `[[[]],{}]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		values := []any{s}
		var v any
		if json.Unmarshal([]byte(s), &v) == nil {
			values = append(values, v)
		}
		for _, v := range values {
			want, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			got, err := jsontext.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			for _, escape := range []string{`\u2028`, `\u2029`, `\ufffd`} {
				if bytes.Contains(bytes.ReplaceAll(got, []byte(`\\`), nil), []byte(escape)) {
					t.Errorf("%q has the escape %s", got, escape)
				}
			}
			var a, b any
			if err := errors.Join(json.Unmarshal(want, &a), json.Unmarshal(got, &b)); err != nil {
				t.Fatalf("%q: %v", got, err)
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("encoding/json %q, here %q (-want +got)\n%s", want, got, diff)
			}
			escaped, err := jsontext.Options{EscapeHTML: true}.Append(nil, v)
			if err != nil || bytes.ContainsAny(escaped, "<>&") {
				t.Errorf("%q is not safe in HTML (%v)", escaped, err)
			}
		}
	})
}

type account struct {
	ID      int      `json:"id"`
	Name    string   `json:"name"`
	Email   string   `json:"email"`
	Tags    []string `json:"tags"`
	Balance float64  `json:"balance"`
}

func accounts(n int) []account {
	list := make([]account, n)
	for i := range list {
		list[i] = account{i, "Ada Lovelace", "ada@example.com", []string{"a", "b", "<c>"}, 12.5}
	}
	return list
}

func BenchmarkMarshal(b *testing.B) {
	for name, v := range map[string]any{"controls": strings.Repeat("<p class=\"x\">a\x1b</p>\n", 4500), "100B": &accounts(1)[0], "10KB": accounts(100), "1MB": accounts(10000)} {
		b.Run("jsontext/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				jsontext.Marshal(v)
			}
		})
		b.Run("encoding/json/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				json.Marshal(v)
			}
		})
	}
}

package query_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// text is the JSON of an object, as package encoding/json lets it through.
func text(t testing.TB, v any) string {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func TestObject(t *testing.T) {
	o := query.Simple("b=1&2=x&a=3&a=4")
	var names []string
	for name, value := range o.All() {
		names = append(names, fmt.Sprint(name, "=", value))
	}
	if diff := cmp.Diff([]string{"2=x", "b=1", "a=[3 4]"}, names); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
	if o.Get("b") != "1" || o.Get("c") != nil || o.Len() != 3 {
		t.Errorf("Get(b) = %v, Get(c) = %v, Len = %d", o.Get("b"), o.Get("c"), o.Len())
	}
	if many := query.Simple("a&b&c&d&e&f&g&h&i&j=1"); many.Get("j") != "1" || many.Get("k") != nil {
		t.Errorf("of many names: Get(j) = %v, Get(k) = %v", many.Get("j"), many.Get("k"))
	}
	for range o.All() {
		break // an early end must not panic
	}
	var zero query.Object
	for _, o := range []*query.Object{nil, &zero} {
		for name := range o.All() {
			t.Errorf("an empty object holds %q", name)
		}
		if b, err := o.MarshalJSON(); err != nil || string(b) != "{}" || o.Len() != 0 || o.Get("a") != nil {
			t.Errorf("an empty object: %s, %v, %d", b, err, o.Len())
		}
	}
}

// TestExpressVectors runs req.query. A parser that is a function, or none, and a rewritten URL are
// left to package reqres.
func TestExpressVectors(t *testing.T) {
	var vectors []struct {
		ID  string
		App struct {
			Settings map[string]any
			Stack    []struct{ Do [][]any }
		}
		Request struct{ Path string }
		Expect  struct{ Body string }
	}
	reference.Read(t, "express/req.query.json", &vectors)
	ran := 0
	for _, v := range vectors {
		_, raw, _ := strings.Cut(v.Request.Path, "?")
		var o *query.Object
		switch parser := v.App.Settings["query parser"]; {
		case v.App.Stack[0].Do[0][0] == "set" && v.App.Stack[0].Do[0][1] == "req.url":
			continue
		case parser == nil || parser == true || parser == "simple":
			o = query.Simple(raw)
		case parser == "extended":
			o = query.Extended(raw)
		default:
			continue
		}
		ran++
		got := text(t, o)
		switch v.ID {
		case "req.query/extended-20-repeats-of-a-key":
			list, isArray := o.Get("a").([]any)
			got = fmt.Sprintf("[%t,%d]", isArray, len(list))
		case "req.query/extended-1001-parameters-are-cut-at-1000":
			got = fmt.Sprint(o.Len())
		}
		if diff := cmp.Diff(v.Expect.Body, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.ID, diff)
		}
	}
	if ran < 38 {
		t.Errorf("only %d vectors ran", ran)
	}
}

// FuzzExpress checks what both parsers have in common with All, and that their objects are valid
// JSON that holds as many names as they say.
func FuzzExpress(f *testing.F) {
	for _, tt := range simple {
		f.Add(tt.raw)
	}
	for _, tt := range extended {
		f.Add(tt.raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		names := make(map[string][]any)
		for name, value := range query.All(raw) {
			names[name] = append(names[name], value)
		}
		o := query.Simple(raw)
		if strings.Count(raw, "&") < 1000 && o.Len() != len(names) {
			t.Errorf("Simple(%q) has %d names, All %d", raw, o.Len(), len(names))
		}
		for name, got := range o.All() {
			list, isList := got.([]any)
			if !isList {
				list = []any{got}
			}
			if diff := cmp.Diff(names[name][:len(list)], list); diff != "" || isList && len(list) < 2 {
				t.Errorf("Simple(%q), %q (-All +Simple):\n%s", raw, name, diff)
			}
		}
		if !strings.ContainsAny(raw, "[]%") && strings.Count(raw, "&") < 20 {
			// Without brackets and escapes the parsers differ only in the names "" and "__proto__".
			plain := query.Simple(raw)
			for name, got := range query.Extended(raw).All() {
				if diff := cmp.Diff(plain.Get(name), got); diff != "" {
					t.Errorf("Extended(%q), %q (-simple +extended):\n%s", raw, name, diff)
				}
			}
		}
		for _, o := range []*query.Object{o, query.Extended(raw)} {
			var members map[string]any
			if err := json.Unmarshal([]byte(text(t, o)), &members); err != nil || len(members) != o.Len() {
				t.Errorf("the object of %q has %d names, its JSON %d: %v", raw, o.Len(), len(members), err)
			}
		}
	})
}

package jsonread_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/jsonread"
)

// What the messages say in full is tested where they are shown, in package jsontext.
func TestReader(t *testing.T) {
	tests := []struct {
		rule    string
		r       jsonread.Reader
		pos     int
		problem string // "" for a good text
	}{
		{"a value with white space around it", jsonread.Reader{Src: []byte(" \t{\"a\":[1,-0.5e+3,null]}\r\n")}, 26, ""},
		{"something must be there", jsonread.Reader{}, 0, "expected a value, got the end of the text"},
		{"nothing may follow", jsonread.Reader{Src: []byte("1 2")}, 2, "expected nothing after the value, got '2'"},
		{"a bound on depth", jsonread.Reader{Src: []byte("[[[]]]"), Depth: 2}, 2, "nested more than 2 levels deep"},
		{"depth counts lists and objects, not what is in them", jsonread.Reader{Src: []byte(`[{"a":1}]`), Depth: 2}, 9, ""},
		{"a bound on nodes", jsonread.Reader{Src: []byte("[1,2]"), Keep: true, Most: 2}, 3, "more than 2 values"},
		{"names count as nodes", jsonread.Reader{Src: []byte(`{"a":1}`), Keep: true, Most: 2}, 5, "more than 2 values"},
		{"at the bound", jsonread.Reader{Src: []byte("[1,2]"), Keep: true, Most: 3}, 5, ""},
		{"NUL is a byte like any other", jsonread.Reader{Src: []byte("[1\x00")}, 2, `expected ',' or ']', got '\x00'`},
	}
	for _, tt := range tests {
		problem := ""
		if !tt.r.Value() || !tt.r.End() {
			problem = tt.r.Problem()
		}
		if problem != tt.problem || tt.r.Pos != tt.pos {
			t.Errorf("%s: %q at %d, want %q at %d", tt.rule, problem, tt.r.Pos, tt.problem, tt.pos)
		}
	}
}

func TestIsNumber(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "-0": true, "1.50": true, "1e9": true, "-1.2E-3": true,
		"": false, "-": false, "01": false, "1.": false, ".5": false, "1e": false, "+1": false, "1 ": false, "NaN": false,
	} {
		if got := jsonread.IsNumber([]byte(text)); got != want {
			t.Errorf("IsNumber(%q) = %v", text, got)
		}
	}
}

// The nodes of a text, printed, are the text without its white space; and each string says what
// encoding/json reads.
func TestDocument(t *testing.T) {
	const text = ` {"a" : [1, "x\u00e9\ud83d\ude00\n", [ ]], "b\/": {"c": null}, "d": true } `
	r := jsonread.Reader{Src: []byte(text), Keep: true}
	if !r.Value() || !r.End() {
		t.Fatal(r.Problem())
	}
	d := &jsonread.Document{Src: r.Src, Nodes: r.Nodes}
	var want bytes.Buffer
	json.Compact(&want, []byte(text))
	if got := printed(d, 0); got != want.String() {
		t.Errorf("%s\nwant %s", got, want.String())
	}
	for n, node := range d.Nodes {
		if node.Kind == jsonread.String {
			var s string
			json.Unmarshal(d.Raw(uint32(n)), &s)
			if got := string(d.Text(uint32(n))); got != s {
				t.Errorf("Text(%s) = %q, want %q", d.Raw(uint32(n)), got, s)
			}
		}
	}
}

func printed(d *jsonread.Document, n uint32) string {
	var parts []string
	switch node := d.Nodes[n]; node.Kind {
	case jsonread.Array:
		for _, e := range d.Children(n) {
			parts = append(parts, printed(d, e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case jsonread.Object:
		at := n + 1
		for range node.Size {
			parts = append(parts, string(d.Raw(at))+":"+printed(d, at+1))
			at = d.Nodes[at+1].Next
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	return string(d.Raw(n))
}

// A lone surrogate is kept apart from U+FFFD.
func TestDocument_loneSurrogate(t *testing.T) {
	r := jsonread.Reader{Src: []byte(`"\ud800"`), Keep: true}
	r.Value()
	if got := string((&jsonread.Document{Src: r.Src, Nodes: r.Nodes}).Text(0)); got != "\xed\xa0\x80" {
		t.Errorf("%q", got)
	}
}

// Reader accepts what encoding/json accepts, and fails at the byte at which that does.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		``, `{`, `{"a":1,}`, `{"a" 1}`, `[1 2]`, `[1,`, `{} x`, `[-]`, `[1.]`, `[1e]`, `[01]`, `["a`, "[\"a\tb\"]", `["\x"]`, `["\u12"]`, `tru`,
		` [1, "\u00e9\n", -0.5e+3, {"a": null}] `, "\xff", `["` + "\xff" + `"]`, strings.Repeat("[", 20),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := jsonread.Reader{Src: b, Keep: true}
		ok := r.Value() && r.End()
		var raw json.RawMessage
		err := json.Unmarshal(b, &raw)
		if ok != (err == nil) {
			t.Fatalf("%q: ok %v, encoding/json says %v", b, ok, err)
		}
		if syntax, is := errors.AsType[*json.SyntaxError](err); is && !r.Over() {
			if at := int(syntax.Offset) - 1; r.Pos != at && r.Pos != len(b) {
				t.Errorf("%q: fails at %d, encoding/json at %d", b, r.Pos, at)
			}
		}
		if !ok {
			return
		}
		var compact bytes.Buffer
		json.Compact(&compact, b)
		if got := printed(&jsonread.Document{Src: b, Nodes: r.Nodes}, 0); got != compact.String() {
			t.Errorf("%q printed as %q", b, got)
		}
	})
}

// hostile are texts whose only purpose is to cost: deep, wide, long, and all escapes.
var hostile = map[string]string{
	"deep lists":   strings.Repeat("[", 1<<20),
	"deep objects": strings.Repeat(`{"":`, 1<<18),
	"wide list":    "[" + strings.Repeat("0,", 1<<19),
	"wide object":  "{" + strings.Repeat(`"":0,`, 1<<18),
	"long string":  `"` + strings.Repeat("x", 1<<20),
	"all escapes":  `"` + strings.Repeat(`\n`, 1<<19),
	"long number":  strings.Repeat("1", 1<<20),
}

// Checking costs nothing but the stack of the deepest value that is allowed.
func TestReader_hostile(t *testing.T) {
	for name, text := range hostile {
		b := []byte(text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := jsonread.Reader{Src: b}
		_ = r.Value() && r.End()
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 64<<10 {
			t.Errorf("%s: %d bytes of heap to check %d bytes", name, got, len(b))
		}
	}
}

func BenchmarkReader_hostile(b *testing.B) {
	for name, text := range hostile {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r := jsonread.Reader{Src: []byte(text)}
				_ = r.Value() && r.End()
			}
		})
	}
}

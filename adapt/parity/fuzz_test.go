package parity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

var bodies = []string{
	``, `null`, `{"a":1,"b":[1,2,{"c":"x"}]}`, `{"b":[1,2,{"c":"y"}],"a":1.0}`, `[1,2,3]`, `[3,2,1]`, `[1,2]`, `{"a":1,"a":2}`, `{"a":null}`, `{}`,
	`["\u0061\ud83d\ude00\ud83d"]`, "[\"\xff\"]", `[1e400,-0,0.10]`, `[[[]],{"":{}}]`, "{\"a\":1}\n{\"a\":2}\n", "data: {\"a\":1}\nid: 1\n\n: x\n\ndata\n\n", "line\nline\r\n", "\x1f\x8b\x08\x00",
	`{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","at":"2024-01-02T03:04:05Z"}`, `{"id":"","at":"now"}`,
}

var headers = []string{
	"", "Content-Type: application/json", "Content-Type: text/event-stream\nVary: a, B", "Content-Type: application/x-ndjson\nSet-Cookie: a=1; Path=/\nSet-Cookie: b",
	"Content-Encoding: gzip", "Etag: W/\"a\"\nCache-Control: private=\"a,b\", max-age=1", "Link: <a>; rel=x,,;\nContent-Security-Policy: ;;a b;\nAccept: ;q=,a;q=1",
	"Location: //a/b\nExpires: Sun, 06 Nov 1994 08:49:37 GMT\nX-A: \xff",
}

// everyRule holds rules of all kinds that a fuzzer may run into.
var everyRule = parity.Rules{
	Ignore: []string{"body.ignored", "body.**.t"}, Shape: []string{"body.id", "body.*.id", "cookie"}, Exact: []string{"body.b[0]", "header.etag"},
	Unordered: []string{"body.b", "body[*]", "header.vary"},
	Within:    []parity.Tolerance{{Path: "body.**.w", Abs: 1, Rel: 0.5}, {Path: "header.*", Time: 1}}, Noise: parity.Noise{Shape: []string{"body.at"}, Unordered: []string{"body.**"}},
}

func seeds(f *testing.F) {
	for i, b := range bodies {
		for j := range 3 {
			f.Add(headers[(i+j)%len(headers)], b, headers[i%len(headers)], bodies[(i+j)%len(bodies)])
		}
	}
}

func message(head, body string) parity.Message {
	m := parity.Message{Status: 200, Header: http.Header{}, Body: []byte(body)}
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		m.Header.Add(name, value)
	}
	return m
}

// An answer equals itself, the verdict does not depend on the order, differences are mirrored, and
// the report stays small.
func FuzzCompare(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, head, body, head2, body2 string) {
		old, next := message(head, body), message(head2, body2)
		for i, rules := range []parity.Rules{{}, everyRule} {
			for _, m := range []parity.Message{old, next} {
				if r := parity.Compare(m, m, rules); !r.Equal() {
					t.Fatalf("rules %d: not equal to itself: %s", i, r)
				}
			}
			r, swapped := parity.Compare(old, next, rules), parity.Compare(next, old, rules)
			if r.Equal() != swapped.Equal() {
				t.Fatalf("rules %d: another verdict with the sides swapped:\n%s\n%s", i, r, swapped)
			}
			if text := r.String(); strings.Count(text, "\n") >= 40 || !utf8.ValidString(text) {
				t.Fatalf("a report of more than 40 lines or with bytes that are not text:\n%q", text)
			}
			for _, text := range []string{r.Redacted().String(), r.String()} {
				for line := range strings.Lines(text) {
					if len(line) > 4096 {
						t.Fatalf("a line of %d bytes", len(line))
					}
				}
			}
			if i > 0 {
				continue
			}
			want, got := mirrored(places(r)), places(swapped)
			if !slices.Equal(want, got) {
				t.Fatalf("differences are not mirrored:\n%q\n%q", want, got)
			}
		}
		for _, m := range []parity.Message{old, next} {
			m.Truncated = true
			if r := parity.Compare(m, m, parity.Rules{}); !r.Equal() || !r.Partial {
				t.Fatalf("a part is not equal to itself: %s", r)
			}
		}
	})
}

// The verdict on two bodies of JSON is that of a second implementation, which decodes and compares.
func FuzzAgainstDecoding(f *testing.F) {
	for _, a := range bodies {
		for _, b := range bodies {
			f.Add(a, b)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok := decode(a)
		y, ok2 := decode(b)
		if !ok || !ok2 || a == "" || b == "" {
			return
		}
		r := parity.Compare(jsonAnswer(a), jsonAnswer(b), parity.Rules{})
		if want := oracle(x, y); r.Equal() != want {
			t.Fatalf("decoded and compared: equal = %v, but %s\n%s\n%s", want, r, a, b)
		}
		if invalid := parity.Compare(jsonAnswer(a), jsonAnswer(a+"]"), parity.Rules{}); len(invalid.Diffs) != 1 || invalid.Diffs[0].Kind != parity.KindSyntax {
			t.Fatalf("valid for encoding/json, but %s", invalid)
		}
	})
}

// decode is not ok for what encoding/json changes while decoding: duplicates, invalid UTF-8, lone
// surrogates.
func decode(s string) (v any, ok bool) {
	if !json.Valid([]byte(s)) || !utf8.ValidString(s) || strings.Contains(s, `\u`) || strings.Count(s, "[")+strings.Count(s, "{") > 400 {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	return v, d.Decode(&v) == nil && !hasDuplicates(s)
}

func hasDuplicates(s string) bool {
	d := json.NewDecoder(strings.NewReader(s))
	var names []map[string]bool // of the open objects; nil for arrays
	var key []bool              // a name comes next
	for {
		tok, err := d.Token()
		if err != nil {
			return false
		}
		n := len(names)
		switch v := tok.(type) {
		case json.Delim:
			if v == '}' || v == ']' {
				names, key = names[:n-1], key[:n-1]
				continue
			}
			if n > 0 {
				key[n-1] = names[n-1] != nil
			}
			if v == '{' {
				names, key = append(names, map[string]bool{}), append(key, true)
			} else {
				names, key = append(names, nil), append(key, false)
			}
		case string:
			if n > 0 && key[n-1] {
				if names[n-1][v] {
					return true
				}
				names[n-1][v], key[n-1] = true, false
				continue
			}
			if n > 0 {
				key[n-1] = names[n-1] != nil
			}
		default:
			if n > 0 {
				key[n-1] = names[n-1] != nil
			}
		}
	}
}

func oracle(x, y any) bool {
	switch x := x.(type) {
	case json.Number:
		y, ok := y.(json.Number)
		if !ok {
			return false
		}
		a, ok := rational(string(x))
		b, ok2 := rational(string(y))
		return x == y || ok && ok2 && a.Cmp(b) == 0
	case []any:
		y, ok := y.([]any)
		return ok && slices.EqualFunc(x, y, oracle)
	case map[string]any:
		y, ok := y.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			w, ok := y[k]
			if !ok || !oracle(x[k], w) {
				return false
			}
		}
		return true
	}
	return x == y
}

func rational(s string) (*big.Rat, bool) {
	if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 5 {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func FuzzNumbers(f *testing.F) {
	for _, n := range []string{"0", "-0.0e5", "1", "1.0", "10e-1", "0.01E+2", "123456789012345678901234567890", "1e-300", "100e-3", "-1"} {
		f.Add(n, "1")
		f.Add("0.001e3", n)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, ok := rational(a)
		y, ok2 := rational(b)
		if !ok || !ok2 || !json.Valid([]byte(a)) || !json.Valid([]byte(b)) {
			return
		}
		if got, want := parity.Compare(jsonAnswer(a), jsonAnswer(b), parity.Rules{}).Equal(), x.Cmp(y) == 0; got != want {
			t.Errorf("%s and %s: equal = %v, as fractions %v", a, b, got, want)
		}
	})
}

// An array of one element is the same array with or without an order, so the canonical texts, by
// which multisets are compared, must decide as the walk does.
func FuzzUnorderedDecidesAsTheWalk(f *testing.F) {
	for _, a := range bodies {
		for _, b := range bodies {
			f.Add(a, b)
		}
	}
	base := parity.Rules{Ignore: []string{"body[*].a", "body.**.t"}, Shape: []string{"body[*].id", "body[*].b[*]"}}
	set := base
	set.Unordered = []string{"body"}
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = "["+a+"]", "["+b+"]"
		if !json.Valid([]byte(a)) || !json.Valid([]byte(b)) {
			return
		}
		walk, multiset := parity.Compare(jsonAnswer(a), jsonAnswer(b), base), parity.Compare(jsonAnswer(a), jsonAnswer(b), set)
		if walk.Equal() != multiset.Equal() {
			t.Errorf("walk: %s\nmultiset: %s", walk, multiset)
		}
	})
}

// Carriage returns at line ends mean nothing to an event stream.
func FuzzEventLineEnds(f *testing.F) {
	for _, b := range bodies {
		f.Add(b)
	}
	f.Add("event: a\ndata: 1\n\nid:1\n\nretry: 9\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\r") {
			return
		}
		for _, end := range []string{"\r\n", "\r"} {
			old, next := answer(s, "Content-Type: text/event-stream"), answer(strings.ReplaceAll(s, "\n", end), "Content-Type: text/event-stream")
			if r := parity.Compare(old, next, parity.Rules{}); !r.Equal() {
				t.Errorf("%q: %s", end, r)
			}
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, p := range []string{"body", "body.a.b[3]", `body["a.b"]["\x00"][""]`, "header.X-A", "cookie.a.value", "body.**.a", "body.2fa", "body[", `body["`} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		err := parity.Rules{Ignore: []string{p}}.Validate()
		printed, ok := parity.ReprintPath(p)
		if ok && err != nil {
			t.Fatalf("%q is read by one and refused by the other: %v", p, err)
		}
		if !ok || len(printed) > 400 || strings.Contains(printed, "…") {
			return
		}
		if again, ok := parity.ReprintPath(printed); again != printed || !ok {
			t.Errorf("%q is printed as %q, which is read as %q", p, printed, again)
		}
		if !parity.MatchesItself(printed) {
			t.Errorf("%q does not match the place it names", printed)
		}
	})
}

// tree makes random JSON and remembers where its scalars are.
type tree struct {
	rand    *rand.Rand
	out     bytes.Buffer
	scalars []scalar
}

type scalar struct {
	path       string
	start, end int
}

func (g *tree) value(path string, depth int) {
	switch n := g.rand.IntN(8); {
	case n < 2 && depth < 5:
		g.out.WriteByte('{')
		for i := range g.rand.IntN(5) {
			if i > 0 {
				g.out.WriteByte(',')
			}
			key := fmt.Sprintf("%c%d", 'a'+g.rand.IntN(3), i)
			fmt.Fprintf(&g.out, "%q:", key)
			g.value(path+"."+key, depth+1)
		}
		g.out.WriteByte('}')
	case n < 4 && depth < 5:
		g.out.WriteByte('[')
		for i := range g.rand.IntN(5) {
			if i > 0 {
				g.out.WriteByte(',')
			}
			g.value(fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
		g.out.WriteByte(']')
	default:
		s := scalar{path: path, start: g.out.Len()}
		g.out.WriteString([]string{"null", "true", "false", "0", "-12.50", `""`, `"x"`, fmt.Sprint(g.rand.Uint64())}[g.rand.IntN(8)])
		s.end = g.out.Len()
		g.scalars = append(g.scalars, s)
	}
}

// Every planted change of one scalar is found, at its path and nowhere else.
func TestOneChangedScalarIsFoundAtItsPath(t *testing.T) {
	planted := 0
	for seed := range uint64(3000) {
		g := tree{rand: rand.New(rand.NewPCG(seed, 1))}
		g.value("body", 0)
		if len(g.scalars) == 0 {
			continue
		}
		body := g.out.String()
		s := g.scalars[g.rand.IntN(len(g.scalars))]
		changed := body[:s.start] + []string{`"changed"`, "77", "7e-7"}[g.rand.IntN(3)] + body[s.end:]
		for _, rules := range []parity.Rules{{}, {Ignore: []string{"body.**.none"}}} {
			r := parity.Compare(jsonAnswer(body), jsonAnswer(changed), rules)
			if len(r.Diffs) != 1 || r.Diffs[0].Path != s.path {
				t.Fatalf("seed %d: planted at %s, found %q\n%s\n%s", seed, s.path, places(r), body, changed)
			}
			// What is printed is a rule that forgives exactly this.
			if r := parity.Compare(jsonAnswer(body), jsonAnswer(changed), parity.Rules{Ignore: []string{s.path}}); !r.Equal() || r.Forgiven != 1 {
				t.Fatalf("seed %d: not forgiven by its own path: %s", seed, r)
			}
			class := r.Diffs[0].Class
			if r := parity.Compare(jsonAnswer(body), jsonAnswer(changed), parity.Rules{Ignore: []string{class}}); !r.Equal() {
				t.Fatalf("seed %d: not forgiven by its class %s: %s", seed, class, r)
			}
		}
		planted++
	}
	if planted < 2000 {
		t.Fatalf("only %d changes planted", planted)
	}
}

// Elements of an unordered array may be shuffled.
func TestShuffledElementsAreEqualUnordered(t *testing.T) {
	for seed := range uint64(500) {
		g := tree{rand: rand.New(rand.NewPCG(seed, 2))}
		var elements []string
		for range 1 + g.rand.IntN(8) {
			g.out.Reset()
			g.value("body", 1)
			elements = append(elements, g.out.String())
		}
		body := "[" + strings.Join(elements, ",") + "]"
		g.rand.Shuffle(len(elements), func(i, j int) { elements[i], elements[j] = elements[j], elements[i] })
		shuffled := "[" + strings.Join(elements, " , ") + "]"
		if r := parity.Compare(jsonAnswer(body), jsonAnswer(shuffled), parity.Rules{Unordered: []string{"body"}}); !r.Equal() {
			t.Fatalf("seed %d: %s\n%s\n%s", seed, r, body, shuffled)
		}
		for _, d := range parity.Compare(jsonAnswer(body), jsonAnswer(shuffled), parity.Rules{}).Diffs {
			if d.Kind != parity.KindOrder || d.Path != "body" {
				t.Fatalf("seed %d: a shuffle is reported as %s %s", seed, d.Path, d.Kind)
			}
		}
	}
}

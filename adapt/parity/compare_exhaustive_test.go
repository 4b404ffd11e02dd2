package parity_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/full"
)

// small lists all JSON values up to a size over a tiny alphabet.
func small() (all []string) {
	scalars := []string{"null", "0", "1", "1.0", `""`, `"a"`, "false"}
	level := append([]string{"[]", "{}"}, scalars...)
	all = append(all, level...)
	var second []string
	for _, x := range level {
		second = append(second, "["+x+"]", `{"a":`+x+"}")
		for _, y := range level[:6] {
			second = append(second, "["+x+","+y+"]", `{"a":`+x+`,"b":`+y+"}", `{"b":`+x+`,"a":`+y+"}")
		}
	}
	all = append(all, second...)
	for i, x := range second {
		if i%5 == 0 {
			all = append(all, "["+x+"]", `{"a":`+x+"}", "["+x+","+second[(i*7+3)%len(second)]+"]")
		}
	}
	return all
}

// All pairs of small values: the verdict is that of decoding and comparing, the differences are
// mirrored when the sides are, and in a set of one element the verdict is the same.
func TestAllPairsOfSmallValues(t *testing.T) {
	all := small()
	decoded := make([]any, len(all))
	for i, s := range all {
		decoded[i], _ = decode(s)
	}
	set := parity.Rules{Unordered: []string{"body"}}
	for i, a := range all {
		for j, b := range all[:i+1] {
			if !full.On && (i-j)%3 != 0 {
				continue
			}
			want := oracle(decoded[i], decoded[j])
			r, swapped := parity.Compare(jsonAnswer(a), jsonAnswer(b), parity.Rules{}), parity.Compare(jsonAnswer(b), jsonAnswer(a), parity.Rules{})
			if r.Equal() != want || swapped.Equal() != want {
				t.Fatalf("decoded and compared: equal = %v, but %s\n%s\n%s", want, r, a, b)
			}
			if got, want := fmt.Sprint(places(swapped)), fmt.Sprint(mirrored(places(r))); got != want {
				t.Fatalf("not mirrored: %s, want %s\n%s\n%s", got, want, a, b)
			}
			if r := parity.Compare(jsonAnswer("["+a+"]"), jsonAnswer("["+b+"]"), set); r.Equal() != want {
				t.Fatalf("as elements of sets: equal = %v, but %s\n%s\n%s", want, r, a, b)
			}
		}
	}
}

// perturb changes a body in a few places without breaking it, so that most of two bodies is alike.
func perturb(r *rand.Rand, body string) string {
	whole := body
	for range r.IntN(4) {
		old, new := `"x"`, `"y"`
		switch r.IntN(6) {
		case 0:
			old, new = "null", "[]"
		case 1:
			old, new = "-12.50", "-13"
		case 2:
			old, new = "true", "1"
		case 3:
			old, new = "[", "[0,"
		case 4:
			old, new = "0,", ""
		}
		if n := strings.Count(body, old); n > 0 {
			parts := strings.SplitN(body, old, 1+r.IntN(n)+1)
			last := len(parts) - 1
			body = strings.Join(parts[:last], old) + new + parts[last]
		}
	}
	if !json.Valid([]byte(body)) {
		return whole
	}
	return body
}

// Whatever rules hold, an answer equals itself, the verdict has no direction, and one more
// forgiving rule never makes two equal answers differ.
func TestRandomRules(t *testing.T) {
	paths := []string{"body", "body[*]", "body.**", "body.*", "body[0]", "body.**[0]", "body.*[*]", "body[*].*", "body.**.a0", "body[*][*]"}
	for seed := range full.Size[uint64](1500, 6000) {
		g := tree{rand: rand.New(rand.NewPCG(seed, 3))}
		g.value("body", 0)
		old := g.out.String()
		next := perturb(g.rand, old)
		path := func() string { return paths[g.rand.IntN(len(paths))] }
		var rules parity.Rules
		for range g.rand.IntN(4) {
			switch g.rand.IntN(5) {
			case 0:
				rules.Ignore = append(rules.Ignore, path())
			case 1:
				rules.Shape = append(rules.Shape, path())
			case 2:
				rules.Exact = append(rules.Exact, path())
			case 3:
				rules.Unordered = append(rules.Unordered, path())
			case 4:
				rules.Noise.Unordered = append(rules.Noise.Unordered, path())
			}
		}
		ctx := fmt.Sprintf("seed %d\n%s\n%s\n%+v", seed, old, next, rules)
		for _, body := range []string{old, next} {
			if r := parity.Compare(jsonAnswer(body), jsonAnswer(body+" "), rules); !r.Equal() {
				t.Fatalf("not equal to itself: %s\n%s", r, ctx)
			}
		}
		r, swapped := parity.Compare(jsonAnswer(old), jsonAnswer(next), rules), parity.Compare(jsonAnswer(next), jsonAnswer(old), rules)
		if r.Equal() != swapped.Equal() {
			t.Fatalf("another verdict with the sides swapped:\n%s\n%s\n%s", r, swapped, ctx)
		}
		if fmt.Sprint(r.Stale) != fmt.Sprint(swapped.Stale) {
			t.Fatalf("other stale rules with the sides swapped: %q and %q\n%s", r.Stale, swapped.Stale, ctx)
		}
		rules.Ignore = append(rules.Ignore, "body.**.b1")
		if more := parity.Compare(jsonAnswer(old), jsonAnswer(next), rules); r.Equal() && !more.Equal() {
			t.Fatalf("a rule that forgives makes a difference: %s\n%s", more, ctx)
		}
		wide := rules
		wide.Unordered, wide.Noise, wide.Exact = nil, parity.Noise{}, nil
		wide.Ignore = []string{"body"}
		if r := parity.Compare(jsonAnswer(old), jsonAnswer(next), wide); !r.Equal() {
			t.Fatalf("ignored as a whole, and yet %s\n%s", r, ctx)
		}
	}
}

// The same of the rules that give no sets of equal values, and that an answer may fail alone.
func TestRandomTolerancesAndExpectations(t *testing.T) {
	paths := []string{"body", "body[*]", "body.**", "body.*", "body[0]", "body.**[0]", "body.**.a0"}
	kinds := []parity.Kind{0, parity.KindValue, parity.KindType, parity.KindLength, parity.KindOrder, parity.KindNullVsEmpty}
	for seed := range full.Size[uint64](1000, 4000) {
		g := tree{rand: rand.New(rand.NewPCG(seed, 4))}
		g.value("body", 0)
		old := g.out.String()
		next := perturb(g.rand, old)
		path := func() string { return paths[g.rand.IntN(len(paths))] }
		rules := parity.Rules{Within: []parity.Tolerance{{Path: path(), Abs: 1}}}
		if r := parity.Compare(jsonAnswer(old), jsonAnswer(old+" "), rules); !r.Equal() {
			t.Fatalf("seed %d: not equal to itself: %s\n%s\n%+v", seed, r, old, rules)
		}
		rules.Expect = []parity.Expectation{{Path: path(), Kind: kinds[g.rand.IntN(len(kinds))]}}
		r, swapped := parity.Compare(jsonAnswer(old), jsonAnswer(next), rules), parity.Compare(jsonAnswer(next), jsonAnswer(old), rules)
		if r.Equal() != swapped.Equal() || fmt.Sprint(r.Stale) != fmt.Sprint(swapped.Stale) {
			t.Fatalf("seed %d: another verdict with the sides swapped:\n%s\n%s\n%s\n%s\n%+v", seed, r, swapped, old, next, rules)
		}
		if old == next && r.Equal() && len(r.Stale) == 0 {
			t.Fatalf("seed %d: equal, though a difference is demanded: %s\n%+v", seed, old, rules)
		}
	}
}

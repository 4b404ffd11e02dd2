package parity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// noisy is what a handler with random identifiers, a clock, a counter and the order of a Go map
// answers.
func noisy(n int) parity.Message {
	tags := []string{`"x"`, `"y"`, `"z"`}
	tags = append(tags[n%3:], tags[:n%3]...)
	return answer(fmt.Sprintf(`{"id":"6ba7b810-9dad-11d1-80b4-%012x","at":"2024-01-02T03:04:%02dZ","n":%d,"tags":[%s],"name":"fixed","rows":[{"id":%d},{"id":%d}]}`,
		n+1, n%60, n, strings.Join(tags, ","), n, n+1), "Content-Type: application/json", fmt.Sprintf("X-Trace: t%d", n), "X-Fixed: f")
}

func TestLearn(t *testing.T) {
	got := parity.Learn(noisy(1), noisy(2))
	want := parity.Noise{
		Shape:     []string{"body.at", "body.id", "body.n", "body.rows[*].id", "header.x-trace"},
		Unordered: []string{"body.tags"},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := (parity.Rules{Noise: got}).Validate(); err != nil {
		t.Errorf("what was learned is not a rule: %v", err)
	}
	if diff := cmp.Diff(parity.Noise{}, parity.Learn(noisy(1), noisy(1)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("noise between equal answers:\n%s", diff)
	}
	golden(t, "noise.golden", got.Merge(parity.Learn(jsonAnswer(`{"a":[1],"b":1}`), jsonAnswer(`{"a":[1,2]}`))).String())
}

func TestLearnedNoiseIsComparedByShape(t *testing.T) {
	rules := parity.Rules{Noise: parity.Learn(noisy(1), noisy(2))}
	replace := func(old, new string) parity.Message {
		m := noisy(7)
		m.Body = []byte(strings.Replace(string(m.Body), old, new, 1))
		return m
	}
	tests := []struct {
		rule string
		next parity.Message
		want []string
	}{
		{"other noise is equal", noisy(7), nil},
		{"an empty identifier", replace(`"6ba7b810-9dad-11d1-80b4-000000000008"`, `""`), []string{"body.id shape"}},
		{"a zero identifier", replace(`6ba7b810-9dad-11d1-80b4-000000000008`, `00000000-0000-0000-0000-000000000000`), []string{"body.id shape"}},
		{"an identifier that is null", replace(`"6ba7b810-9dad-11d1-80b4-000000000008"`, `null`), []string{"body.id type"}},
		{"a time in another format", replace("2024-01-02T03:04:07Z", "2024-01-02 03:04:07"), []string{"body.at shape"}},
		{"a zero time", replace("2024-01-02T03:04:07Z", "0001-01-01T00:00:00Z"), []string{"body.at shape"}},
		{"a number that became text", replace(`"n":7`, `"n":"7"`), []string{"body.n type"}},
		{"a field that is missing at a noisy place", replace(`{"id":7}`, `{}`), []string{"body.rows[0].id missing"}},
		{"a row less", replace(`{"id":7},`, ``), []string{"body.rows length"}},
		{"another tag", replace(`"x"`, `"q"`), []string{"body.tags[0] value"}},
		{"a place that is not noisy", replace("fixed", "other"), []string{"body.name value"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			r := parity.Compare(noisy(3), tt.next, rules)
			if diff := cmp.Diff(tt.want, places(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if r.Stale != nil {
				t.Errorf("what was learned is stale: %q", r.Stale)
			}
		})
	}
	if r := parity.Compare(answer(""), answer(""), rules); r.Stale != nil {
		t.Errorf("what was learned is stale: %q", r.Stale)
	}
}

// A written rule for the same place is stronger than what was learned.
func TestExactTakesBackWhatWasLearned(t *testing.T) {
	rules := parity.Rules{Noise: parity.Noise{Shape: []string{"body.id"}}, Exact: []string{"body.id"}}
	if r := parity.Compare(jsonAnswer(`{"id":1}`), jsonAnswer(`{"id":2}`), rules); r.Equal() {
		t.Error("equal")
	}
}

// A side that always answers the same at a noisy place can be told from the fingerprints of several
// comparisons.
func TestFingerprintsShowValuesThatStandStill(t *testing.T) {
	rules := parity.Rules{Noise: parity.Learn(noisy(1), noisy(2))}
	var olds, news []uint64
	for n := range 3 {
		r := parity.Compare(noisy(n), noisy(5), rules)
		i := slices.IndexFunc(r.Noise, func(f parity.Fingerprint) bool { return f.Class == "body.id" })
		if i < 0 {
			t.Fatalf("no fingerprint of body.id in %v", r.Noise)
		}
		olds, news = append(olds, r.Noise[i].Old), append(news, r.Noise[i].New)
	}
	if len(slices.Compact(olds)) != 3 || len(slices.Compact(news)) != 1 {
		t.Errorf("old %v, want three; new %v, want one", olds, news)
	}
	same := parity.Compare(noisy(5), noisy(5), rules)
	if len(same.Noise) == 0 {
		t.Error("no fingerprints of equal answers")
	}
	if r := parity.Compare(noisy(1), noisy(5), rules).Redacted(); r.Noise != nil {
		t.Error("fingerprints in a redacted report")
	}
}

func TestMergeIsASetUnion(t *testing.T) {
	name := func(i int) string { return string(rune('a'+i/26)) + string(rune('a'+i%26)) }
	wide := func(prefix string, n int) parity.Message {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `%c"%s%s":{`, "{,"[min(i, 1)], prefix, name(i))
			for j := range 40 {
				fmt.Fprintf(&b, `%c"k%s":%d`, " ,"[min(j, 1)], name(j), n)
			}
			b.WriteByte('}')
		}
		return jsonAnswer(b.String() + "}")
	}
	a, b, c := parity.Learn(wide("a", 1), wide("a", 2)), parity.Learn(wide("b", 1), wide("b", 2)), parity.Learn(noisy(1), noisy(2))
	if !a.Full || len(a.Shape) != 256 {
		t.Errorf("1600 places give %d, full = %v; want 256, true", len(a.Shape), a.Full)
	}
	huge := parity.Learn(wide("a", 1), wide("a", 2))
	for i := range 8 {
		prefix := string(rune('b' + i))
		huge = huge.Merge(parity.Learn(wide(prefix, 1), wide(prefix, 2)))
	}
	if diff := cmp.Diff(a.Shape, huge.Shape); diff != "" {
		t.Errorf("the first in sorted order do not stay:\n%s", diff)
	}
	for name, other := range map[string]parity.Noise{
		"commutative": b.Merge(a).Merge(c), "associative": a.Merge(b.Merge(c)), "idempotent": a.Merge(b).Merge(c).Merge(a).Merge(c),
	} {
		if diff := cmp.Diff(a.Merge(b).Merge(c), other, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("merging is not %s:\n%s", name, diff)
		}
	}
}

// What leaves the process must hold no value: every value, and every name that may be one, is a
// token to look for.
func TestRedactedHoldsNoValues(t *testing.T) {
	make := func(v string) parity.Message {
		m := answer(fmt.Sprintf(`{"name":"secret%[1]s","n":77700%[1]s,"o":{"secret-%[1]s1234@x":1},"a":["secret%[1]s"],"k4711secret%[1]s":1,"t":"2024-01-02T03:04:05.%[1]sZ"}`, v),
			"Content-Type: application/json; profile=secret"+v, "X-A: secret"+v, "Etag: \"secret"+v+"\"", "Set-Cookie: sid=secret"+v+"; Path=/secret"+v, "Location: /secret"+v)
		m.Err = "panic: secret" + v
		return m
	}
	for _, old := range []parity.Message{make("1"), {}, {Err: "secret"}, answer("secret text"), answer("secret\xff")} {
		for _, next := range []parity.Message{make("2"), {Err: "secret2"}, {}, answer("other secret text")} {
			r := parity.Compare(old, next, parity.Rules{Shape: []string{"body.t"}, Noise: parity.Noise{Shape: []string{"body.name"}}})
			if text := fmt.Sprintf("%+v\n%s", r.Redacted(), r.Redacted()); strings.Contains(text, "secret") || strings.Contains(text, "77700") {
				t.Errorf("a value in what leaves the process:\n%s", text)
			}
		}
	}
}

// An object with more than fifty members is a map, and its names are data.
func TestNamesInACrowdAreData(t *testing.T) {
	users := func(n int) parity.Message {
		var list []string
		for i := range 60 {
			list = append(list, fmt.Sprintf(`"user%s":{"age":%d}`, strings.Repeat("x", i), n))
		}
		return jsonAnswer(`{"users":{` + strings.Join(list, ",") + `}}`)
	}
	if diff := cmp.Diff([]string{"body.users.*.age"}, parity.Learn(users(1), users(2)).Shape); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKindNames(t *testing.T) {
	seen := map[string]bool{}
	for k := parity.KindStatus; k <= parity.KindBadRule; k++ {
		if seen[k.String()] || k.String() == "unknown" {
			t.Errorf("kind %d is called %q", k, k)
		}
		seen[k.String()] = true
		if structural := parity.Structural(k); structural == (k == parity.KindValue || k == parity.KindOrder) {
			t.Errorf("%s is structural: %v", k, structural)
		}
	}
	if got := parity.Kind(99).String(); got != "unknown" {
		t.Errorf("kind 99 is called %q", got)
	}
}

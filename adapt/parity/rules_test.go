package parity_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// outcome is what a comparison under rules says, without the values.
type outcome struct {
	Places             []string
	Forgiven, Expected int
	Stale              []string
}

func outcomeOf(r parity.Report) outcome {
	return outcome{places(r), r.Forgiven, r.Expected, r.Stale}
}

// passed is the outcome of equal answers.
var passed = outcome{}

func TestRules(t *testing.T) {
	tests := []struct {
		rule      string
		rules     parity.Rules
		old, next string
		want      outcome
	}{
		{"Ignore leaves out value, type and presence", parity.Rules{Ignore: []string{"body.a", "body.b", "body.c"}},
			`{"a":1,"b":1,"c":1}`, `{"a":2,"b":"x"}`, outcome{Forgiven: 3}},
		{"Ignore holds for everything below", parity.Rules{Ignore: []string{"body.a"}},
			`{"a":{"b":[1]},"c":1}`, `{"a":{"b":[2]},"c":2}`, outcome{Places: []string{"body.c value"}, Forgiven: 1}},
		{"Ignore of the whole body", parity.Rules{Ignore: []string{"body"}}, `{}`, ``, outcome{Forgiven: 1}},
		{"a path matches whole names", parity.Rules{Ignore: []string{"body.id"}},
			`{"id":1,"idempotency":1}`, `{"id":1,"idempotency":2}`, outcome{Places: []string{"body.idempotency value"}}},
		{"a rule whose place is nowhere is stale", parity.Rules{Ignore: []string{"body.old"}}, `{"a":1}`, `{"a":1}`, outcome{Stale: []string{`Ignore "body.old"`}}},
		{"a rule whose place is in one answer is not", parity.Rules{Ignore: []string{"body.a.b"}},
			`{"a":{"b":1}}`, `{}`, outcome{Places: []string{"body.a missing"}}},
		{"nor one whose place is in an answer without counterpart", parity.Rules{Ignore: []string{"body.a"}}, `{"a":1}`, ``, outcome{Places: []string{"body missing"}}},
		{"every kind of rule can be stale", parity.Rules{
			Shape: []string{"body.x"}, Exact: []string{"body.x.y"}, Unordered: []string{"body.a"},
			Within: []parity.Tolerance{{Path: "body.s", Abs: 1}}, Expect: []parity.Expectation{{Path: "body.x"}}},
			`{"a":1,"s":"text"}`, `{"a":1,"s":"text"}`,
			outcome{Stale: []string{`Shape "body.x"`, `Exact "body.x.y"`, `Unordered "body.a"`, `Within "body.s"`, `Expect "body.x"`}}},
		{"equal bytes do not make a rule stale", parity.Rules{
			Shape: []string{"body.a"}, Unordered: []string{"body.b"}, Within: []parity.Tolerance{{Path: "body.c", Abs: 1}}, Ignore: []string{"body.**.z"}},
			`{"a":1,"b":[],"c":[{"d":1}],"e":{"f":{"z":1}}}`, `{"a":1,"b":[],"c":[{"d":1}],"e":{"f":{"z":1}}}`, passed},

		{"Shape forgives values", parity.Rules{Shape: []string{"body.a", "body.b"}}, `{"a":1,"b":"x"}`, `{"a":2.5,"b":"y"}`, outcome{Forgiven: 2}},
		{"Shape keeps types", parity.Rules{Shape: []string{"body.a"}}, `{"a":1}`, `{"a":"1"}`, outcome{Places: []string{"body.a type"}}},
		{"Shape keeps null apart", parity.Rules{Shape: []string{"body.a"}}, `{"a":null}`, `{"a":""}`, outcome{Places: []string{"body.a null-vs-empty"}}},
		{"Shape keeps structure", parity.Rules{Shape: []string{"body"}}, `{"a":[1,{"b":1}]}`, `{"a":[2,{"c":2}]}`, outcome{Places: []string{"body.a[1].b missing", "body.a[1].c extra"}, Forgiven: 1}},
		{"Shape keeps lexical classes", parity.Rules{Shape: []string{"body"}},
			`["6ba7b810-9dad-11d1-80b4-00c04fd430c8","2024-01-02T03:04:05Z","x"]`, `["6ba7b8109dad11d180b400c04fd430c8","2024-01-02 03:04:05",""]`,
			outcome{Places: []string{"body[0] shape", "body[1] shape", "body[2] shape"}}},
		{"Exact below Shape", parity.Rules{Shape: []string{"body"}, Exact: []string{"body.a"}}, `{"a":1,"b":1}`, `{"a":2,"b":2}`, outcome{Places: []string{"body.a value"}, Forgiven: 1}},
		{"Exact beats a wildcard at one place", parity.Rules{Ignore: []string{"body.*"}, Exact: []string{"body.a"}}, `{"a":1,"b":1}`, `{"a":2,"b":2}`, outcome{Places: []string{"body.a value"}, Forgiven: 1}},

		{"Unordered compares multisets", parity.Rules{Unordered: []string{"body.a"}}, `{"a":[1,2,2,{"x":1,"y":[1]}]}`, `{"a":[{"y":[1.0],"x":1},2,1,2]}`, outcome{Forgiven: 1}},
		{"Unordered counts duplicates", parity.Rules{Unordered: []string{"body"}}, `[1,2,2]`, `[1,1,2]`, outcome{Places: []string{"body[2] value"}}},
		{"Unordered names what is on one side only", parity.Rules{Unordered: []string{"body"}}, `[1,2,3]`, `[4,1]`, outcome{Places: []string{"body[1] missing", "body[2] missing", "body[0] extra"}}},
		{"Unordered finds the one element that changed", parity.Rules{Unordered: []string{"body"}}, `[{"a":1,"b":1},{"a":2,"b":2}]`, `[{"a":2,"b":3},{"a":1,"b":1}]`, outcome{Places: []string{"body[1].b value"}}},
		{"Unordered is for its own array", parity.Rules{Unordered: []string{"body"}}, `[[1,2]]`, `[[2,1]]`, outcome{Places: []string{"body[0] order"}}},
		{"Unordered in Unordered", parity.Rules{Unordered: []string{"body", "body[*]"}}, `[[1,2],[3]]`, `[[3],[2,1]]`, outcome{Forgiven: 1}},
		{"Unordered with Ignore and Shape inside", parity.Rules{Unordered: []string{"body"}, Ignore: []string{"body[*].t"}, Shape: []string{"body[*].id"}},
			`[{"id":1,"n":"a","t":1},{"id":2,"n":"b"}]`, `[{"id":3,"n":"b"},{"id":4,"n":"a","t":9}]`, outcome{Forgiven: 1}},
		{"Unordered with Within inside cannot be decided", parity.Rules{Unordered: []string{"body"}, Within: []parity.Tolerance{{Path: "body", Abs: 1}}}, `[1,2]`, `[2,3]`, outcome{Places: []string{"body bad-rule"}, Forgiven: 2}},

		{"where order is free, no rule holds for one position", parity.Rules{Unordered: []string{"body"}, Ignore: []string{"body[0]"}},
			`[{"id":1,"v":1}]`, `[{"id":1,"v":2}]`, outcome{Places: []string{"body[0].v value"}, Stale: []string{`Ignore "body[0]"`}}},

		{"Within is exact on decimals", parity.Rules{Within: []parity.Tolerance{{Path: "body[*]", Abs: 0.01}}}, `[1.10,1.10,1]`, `[1.09,1.0899,"1"]`, outcome{Places: []string{"body[1] value", "body[2] type"}, Forgiven: 1}},
		{"Within by share", parity.Rules{Within: []parity.Tolerance{{Path: "body[*]", Rel: 0.1}}}, `[100,100,-100]`, `[90,89,100]`, outcome{Places: []string{"body[1] value", "body[2] value"}, Forgiven: 1}},
		{"Within of numbers too large to calculate with", parity.Rules{Within: []parity.Tolerance{{Path: "body", Abs: 1}}}, `1e999999999`, `2e999999999`, outcome{Places: []string{"body value"}}},
		{"Within of dates", parity.Rules{Within: []parity.Tolerance{{Path: "body[*]", Time: time.Second}}}, `["2024-01-02T03:04:05Z","2024-01-02T03:04:05Z"]`, `["2024-01-02T04:04:06+01:00","2024-01-02T03:04:06.1Z"]`, outcome{Places: []string{"body[1] value"}, Forgiven: 1}},
		{"Within leaves texts alone", parity.Rules{Within: []parity.Tolerance{{Path: "body", Abs: 9}}}, `["a",1]`, `["b",2]`, outcome{Places: []string{"body[0] value"}, Forgiven: 1}},

		{"Expect forgives its difference", parity.Rules{Expect: []parity.Expectation{{Path: "body.a"}}}, `{"a":1}`, `{"a":"1"}`, outcome{Expected: 1}},
		{"Expect of one kind leaves others", parity.Rules{Expect: []parity.Expectation{{Path: "body.a", Kind: parity.KindType}}}, `{"a":1}`, `{"a":2}`, outcome{Places: []string{"body.a value", "body.a unmet"}}},
		{"Expect with both sides", parity.Rules{Expect: []parity.Expectation{{Path: "body.a", Old: "1", New: `"1"`}, {Path: "body.b", Old: "2"}}}, `{"a":1,"b":1}`, `{"a":"1","b":2}`, outcome{Places: []string{"body.b value", "body.b unmet"}, Expected: 1}},
		{"Expect that is not met is a difference", parity.Rules{Expect: []parity.Expectation{{Path: "body.a"}}}, `{"a":1}`, `{"a":1}`, outcome{Places: []string{"body.a unmet"}}},
		{"Expect holds for what is below", parity.Rules{Expect: []parity.Expectation{{Path: "body.a"}}}, `{"a":{"b":1,"c":2}}`, `{"a":{"b":2}}`, outcome{Expected: 2}},
		{"Expect at every place its path matches", parity.Rules{Expect: []parity.Expectation{{Path: "body[*].a"}}}, `[{"a":1},{"a":2}]`, `[{"a":2},{"a":2}]`, outcome{Places: []string{"body[1].a unmet"}, Expected: 1}},
		{"Expect of an order", parity.Rules{Expect: []parity.Expectation{{Path: "body.a", Kind: parity.KindOrder}}}, `{"a":[1,2]}`, `{"a":[2,1]}`, outcome{Expected: 1}},
		{"Expect of a member that is gone", parity.Rules{Expect: []parity.Expectation{{Path: "body.a", Kind: parity.KindMissing}}}, `{"a":[1,2]}`, `{}`, outcome{Expected: 1}},
		{"Expect inside elements that are alike otherwise", parity.Rules{Expect: []parity.Expectation{{Path: "body[*].v"}}}, `[{"v":1},{"v":2},{"v":3}]`, `[{"v":4},{"v":5},{"v":6}]`, outcome{Expected: 3}},

		{"two stars stand for any depth, also none", parity.Rules{Ignore: []string{"body.**.t"}}, `{"t":1,"a":[{"t":1,"b":{"t":1}}]}`, `{"t":2,"a":[{"t":2,"b":{"t":2}}]}`, outcome{Forgiven: 3}},
		{"one star stands for one name", parity.Rules{Ignore: []string{"body.*.t"}}, `{"t":1,"a":{"t":1}}`, `{"t":2,"a":{"t":2}}`, outcome{Places: []string{"body.t value"}, Forgiven: 1}},
		{"an index", parity.Rules{Ignore: []string{"body[1]"}}, `[1,1]`, `[2,2]`, outcome{Places: []string{"body[0] value"}, Forgiven: 1}},
		{"a quoted name", parity.Rules{Ignore: []string{`body["a.b"]["*"]`}}, `{"a.b":{"*":1,"x":1}}`, `{"a.b":{"*":2,"x":2}}`, outcome{Places: []string{`body["a.b"].x value`}, Forgiven: 1}},
		{"a name with escapes", parity.Rules{Ignore: []string{`body.a`}}, `{"\u0061":1}`, `{"a":2}`, outcome{Forgiven: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got := outcomeOf(parity.Compare(jsonAnswer(tt.old), jsonAnswer(tt.next), tt.rules))
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			swapped := parity.Compare(jsonAnswer(tt.next), jsonAnswer(tt.old), tt.rules)
			onlyOneWay := strings.Contains(tt.rule, "Expect")
			if !onlyOneWay && swapped.Equal() != (len(tt.want.Places) == 0) {
				t.Errorf("another verdict with the sides swapped:\n%s", swapped)
			}
		})
	}
}

func TestRulesOutsideTheBody(t *testing.T) {
	old := answer("", "Content-Length: 1", "Date: Sun, 06 Nov 1994 08:49:37 GMT", "X-List: a, b", "X-Left: 5", "X-Build: aa", "X-Same: 3", "Set-Cookie: theme=dark; Path=/", "Set-Cookie: sid=1")
	next := answer("", "Content-Length: 2", "Date: Sun, 06 Nov 1994 08:49:38 GMT", "X-List: b, a", "X-Left: 6", "X-Build: bb", "X-Same: 3", "Set-Cookie: theme=light", "Set-Cookie: sid=2")
	next.Status = 201
	rules := parity.Rules{
		Shape:     []string{"header.X-Build", "status"},
		Exact:     []string{"header.date", "header.content-length", "cookie.theme"},
		Unordered: []string{"header.x-list"},
		Within:    []parity.Tolerance{{Path: "header.x-left", Abs: 1}, {Path: "header.x-same", Abs: 1}},
		Ignore:    []string{"cookie.*.path"},
		Expect:    []parity.Expectation{{Path: "cookie.sid.value", Old: `"1"`, New: `"2"`}},
	}
	if err := rules.Validate(); err != nil {
		t.Fatal(err)
	}
	want := outcome{Places: []string{"header.content-length value", "header.date value", "cookie.theme.value value"}, Forgiven: 5, Expected: 1}
	if diff := cmp.Diff(want, outcomeOf(parity.Compare(old, next, rules)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	next.Err = "panic"
	whole := parity.Rules{Ignore: []string{"status", "error", "header", "trailer", "cookie"}}
	want = outcome{Forgiven: 5} // an empty trailer is there, so its rule is not stale
	if diff := cmp.Diff(want, outcomeOf(parity.Compare(old, next, whole)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValidateReportsEveryMistake(t *testing.T) {
	rules := parity.Rules{
		Ignore: []string{
			"", "items[0]", "$.items", "/items/0", "body.items.0.id", "body.a b", "body.", "body..a", "body.a]", "body[x]", "body[-1]", "body[0", `body["a]`, "body[0]a",
			"status.code", "header.a.b", "header[0]", "header.Set-Cookie", "cookie.sid.http-only", "cookie.a.b.c", "body.**.a.**.b.**",
			"body.same", "body.met",
		},
		Shape:     []string{"body.same"},
		Unordered: []string{"status", "body.list", "body.list"},
		Within:    []parity.Tolerance{{Path: "status", Abs: 1}, {Path: "body.a", Abs: math.NaN()}, {Path: "body.b", Rel: -1}, {Path: "body.c", Time: -1}, {Path: "body.d"}, {Path: "body.list[*].v", Abs: 1}},
		Expect:    []parity.Expectation{{Path: "body.met"}, {Path: "body.kind", Kind: 99}, {Path: "body.list[0]"}},
		Noise:     parity.Noise{Shape: []string{"nowhere"}},
	}
	err := rules.Validate()
	if err == nil {
		t.Fatal("no mistake found")
	}
	golden(t, "validate.golden", err.Error())

	fine := parity.Rules{
		Unordered: []string{"body.a[*].b", "body.**.list"},
		Within:    []parity.Tolerance{{Path: "body.a[*].c", Abs: 1}, {Path: "body", Rel: 0.5}}, Expect: []parity.Expectation{{Path: "body.a[0].b"}},
		Ignore: []string{"body.**"}, Shape: []string{"body.*"}, Noise: parity.Noise{Shape: []string{"body.*"}, Unordered: []string{"body.a"}},
	}
	if err := fine.Validate(); err != nil {
		t.Errorf("rules without a mistake: %v", err)
	}
	if r := parity.Compare(parity.Message{}, parity.Message{}, parity.Rules{Ignore: []string{"nowhere"}}); r.Equal() {
		t.Error("a comparison passes with a rule that cannot be read")
	}
	if err := (parity.Rules{}).Validate(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

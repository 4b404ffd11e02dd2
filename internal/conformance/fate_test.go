package conformance

// Every case has one of three fates: it passes; it is out of scope by a rule with a reason; or it
// is a known deviation, listed in deviations_test.go. Here is the bookkeeping that all runners
// share, and what makes a run fail: a case with no fate, a listed deviation that passes again, a
// deviation of no case, a rule that nobody declared.

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

var (
	update = flag.Bool("update", false, "write DEVIATIONS.md and the score in the README")
	cases  = flag.String("cases", "testdata", "the folder whose express, nextjs and fetch are run")
)

// rule is a named rule of a reference: why cases are out of scope, or what is made equal before
// answers are compared.
type rule struct{ name, reason string }

// reference is one source of cases and its runner.
type reference struct {
	name  string // as in headings: "Express 5.3.0"
	dir   string // its folder in testdata
	out   []rule // what puts a case out of scope
	norms []rule // what is normalised
	run   func(t *testing.T, b *book)
}

// references are run, and appear in the score, in this order.
var references = []reference{express, nextJS, fetchStandard}

// deviation is a difference that is kept on purpose, with the cases that show it.
type deviation struct {
	ids  []string
	like string // what other cases it holds for, where a runner can tell
	does string // what the reference does
	here string // what happens here
	why  string
}

// verdict is what a runner says about one case.
type verdict struct {
	out   string   // the name of the rule that puts it out of scope, or ""
	norms []string // the names of the normalisations without which it would differ
	like  string   // the deviation that it belongs to although its id is not listed
	diff  string   // how the whole answer differs, or ""
}

// book collects the verdicts of one reference.
type book struct {
	ref        *reference
	deviations map[string]*deviation // those of the reference, by id
	seen       map[string]bool       // ids
	passed     int
	failed     int
	deviates   []string
	outBy      map[string]int // by name of the rule
	normBy     map[string]int
}

func newBook(ref *reference) *book {
	b := &book{ref: ref, deviations: map[string]*deviation{}, seen: map[string]bool{}, outBy: map[string]int{}, normBy: map[string]int{}}
	for i := range deviations[ref.dir] {
		d := &deviations[ref.dir][i]
		for _, id := range d.ids {
			b.deviations[id] = d
		}
	}
	return b
}

// run runs one case as a subtest and enters its verdict. The summary is the rule that the case is
// about; a failure prints it.
func (b *book) run(t *testing.T, id, summary string, run func(t *testing.T) verdict) {
	t.Run(id, func(t *testing.T) {
		if b.seen[id] {
			t.Errorf("two cases have the id %s", id)
		}
		b.seen[id] = true
		if problem := b.enter(id, run(t)); problem != "" {
			t.Errorf("%s: %s\n%s", id, summary, problem)
		}
	})
}

// enter gives a case its fate, and returns what is wrong with it.
func (b *book) enter(id string, v verdict) (problem string) {
	listed := b.deviations[id] != nil
	if v.out != "" {
		b.outBy[v.out]++
		switch {
		case !declared(b.ref.out, v.out):
			return fmt.Sprintf("out of scope by %q, which is not a rule of %s", v.out, b.ref.name)
		case listed:
			return fmt.Sprintf("a listed deviation that is out of scope by %q: take it off the list", v.out)
		}
		return ""
	}
	for _, name := range v.norms {
		b.normBy[name]++
		if !declared(b.ref.norms, name) {
			problem = fmt.Sprintf("normalised by %q, which is not a rule of %s", name, b.ref.name)
		}
	}
	switch {
	case v.like != "" && !listed && v.diff != "":
		b.deviates = append(b.deviates, id)
		if !slices.ContainsFunc(deviations[b.ref.dir], func(d deviation) bool { return d.like == v.like }) {
			problem = fmt.Sprintf("deviates like %q, which no deviation of %s is about", v.like, b.ref.name)
		}
	case listed:
		b.deviates = append(b.deviates, id)
		if v.diff == "" {
			return "a listed deviation that passes: take it off the list in deviations_test.go"
		}
	case v.diff != "":
		b.failed++
		return v.diff
	default:
		b.passed++
	}
	return problem
}

func declared(rules []rule, name string) bool {
	return slices.ContainsFunc(rules, func(r rule) bool { return r.name == name })
}

// inScope is the number of cases that no rule takes out.
func (b *book) inScope() int { return b.passed + b.failed + len(b.deviates) }

// close checks what only the whole run shows.
func (b *book) close(t *testing.T) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(b.deviations)) {
		if !b.seen[id] {
			t.Errorf("deviations_test.go lists %s, which is not a case of %s", id, b.ref.name)
		}
	}
	if 100*len(b.deviates) >= 3*b.inScope() && len(b.deviates) > 0 {
		t.Errorf("%s: %d of the %d cases in scope are deviations; it must stay below 3 %%", b.ref.name, len(b.deviates), b.inScope())
	}
}

// TestConformance runs all cases of all references. One reference or case:
//
//	go test ./internal/conformance -run TestConformance/express/res.send
func TestConformance(t *testing.T) {
	afterRuns.Store(nil) // with -count it runs again
	var books []*book
	for i := range references {
		ref := &references[i]
		b := newBook(ref)
		t.Run(ref.dir, func(t *testing.T) {
			ref.run(t, b)
			if wholeRun() {
				b.close(t)
			}
			t.Log(b.score())
		})
		books = append(books, b)
	}
	if wholeRun() && !t.Failed() {
		checkScore(t, books)
	}
}

// wholeRun reports whether all cases of testdata are run: neither a filter nor another folder is
// set.
func wholeRun() bool {
	return !strings.Contains(flag.Lookup("test.run").Value.String(), "/") &&
		flag.Lookup("test.skip").Value.String() == "" && *cases == "testdata"
}

// The bookkeeping itself must not let anything through.
func TestFates(t *testing.T) {
	ref := &reference{name: "R", out: []rule{{"out", "why"}}, norms: []rule{{"norm", "why"}}}
	listed := &deviation{ids: []string{"listed"}}
	tests := []struct {
		rule, id string
		verdict  verdict
		problem  string // a part of it, "" for none
	}{
		{"passes", "a", verdict{}, ""},
		{"passes when normalised", "a", verdict{norms: []string{"norm"}}, ""},
		{"out of scope", "a", verdict{out: "out", diff: "d"}, ""},
		{"listed and differs", "listed", verdict{diff: "d"}, ""},
		{"no fate", "a", verdict{diff: "the diff"}, "the diff"},
		{"listed but passes", "listed", verdict{}, "passes"},
		{"listed but out of scope", "listed", verdict{out: "out"}, "out of scope"},
		{"an undeclared rule", "a", verdict{out: "else"}, "not a rule"},
		{"like no listed deviation", "a", verdict{diff: "d", like: "else"}, "no deviation"},
		{"like a deviation, but passes", "a", verdict{like: "else"}, ""},
		{"an undeclared normalisation", "a", verdict{norms: []string{"else"}}, "not a rule"},
	}
	for _, tt := range tests {
		b := newBook(ref)
		b.deviations["listed"] = listed
		problem := b.enter(tt.id, tt.verdict)
		if (problem == "") != (tt.problem == "") || !strings.Contains(problem, tt.problem) {
			t.Errorf("%s: problem %q, want one with %q", tt.rule, problem, tt.problem)
		}
	}
}

package adapt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// oracleOverlaps are the pairs by definition: all pairs, compared.
func oracleOverlaps(entries []*entry) (found []string) {
	entries = sorted(entries, byPrecedence)
	for i, winner := range entries {
		for _, loser := range entries[i+1:] {
			_, overlap := pattern.Overlap(winner.pattern, loser.pattern)
			common := winner.Method == loser.Method || winner.Method == anyMethod || loser.Method == anyMethod
			decided := pattern.Compare(winner.pattern, loser.pattern) != 0 || winner.Method != anyMethod && loser.Method == anyMethod
			if overlap && common && decided {
				found = append(found, winner.Source+" before "+loser.Source)
			}
		}
	}
	return found
}

// compareOverlaps compares with the oracle; and what is listed is what happens: both routes match
// the example, and the loser does not serve it.
func compareOverlaps(t *testing.T, entries []*entry) {
	t.Helper()
	table := tableOf(entries)
	var got []string
	for o := range overlaps(entries) {
		got = append(got, o.Winner.Source+" before "+o.Loser.Source)
		method := o.Winner.Method
		if method == anyMethod {
			method = o.Loser.Method
		}
		if e, _ := table.find(method, o.Example); e == nil || e.Route == o.Loser {
			t.Fatalf("%s %s is served by %v, but listed as won by %v", method, o.Example, e, o.Winner)
		}
		for _, r := range []Route{o.Winner, o.Loser} {
			if _, ok := parseAll(t, []string{r.Pattern})[0].Match(o.Example); !ok {
				t.Fatalf("%v does not match the example %s", r, o.Example)
			}
		}
	}
	if diff := cmp.Diff(oracleOverlaps(entries), got); diff != "" {
		t.Fatalf("overlaps (-want +got):\n%s\namong %q", diff, entryLines(entries))
	}
}

func TestOverlapsExhaustively(t *testing.T) {
	sources := allPatterns(3)
	for _, a := range sources {
		for _, b := range sources {
			compareOverlaps(t, withoutCollisions(newEntries(t, "fetch GET "+a, "fetch GET "+b)))
		}
	}
	var all []string
	for _, source := range sources {
		all = append(all, "fetch GET "+source)
	}
	compareOverlaps(t, withoutCollisions(newEntries(t, all...)))
}

func TestOverlapsInRandomTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	patterns := allPatterns(4)
	for range 100 {
		entries := withoutCollisions(randomEntries(rng, patterns, 1+rng.IntN(60)))
		compareOverlaps(t, entries)
		want := fmt.Sprint(slices.Collect(overlaps(entries)))
		slices.Reverse(entries)
		if got := fmt.Sprint(slices.Collect(overlaps(entries))); got != want {
			t.Fatalf("registered in reverse:\n%s\nwant\n%s", got, want)
		}
	}
}

func TestOverlaps(t *testing.T) {
	entries := newEntries(t,
		"fetch GET /:a/b",
		"reqres GET /a/:b",
		"reqres GET /p",
		"fetch GET /p/[[...s]]",
		"reqres ANY /p/[[...s]]",
		"fetch HEAD /p",
		"fetch POST /q/:id",
		"reqres GET /q/me",
		"http ANY /q/[[...mounted]]",
	)
	var got []string
	for o := range overlaps(entries) {
		got = append(got, fmt.Sprintf("%s before %s: %s", o.Winner.request(), o.Loser.request(), o.Example))
	}
	want := []string{
		"GET /a/:b before GET /:a/b: /a/b",
		"GET /p before GET /p/[[...s]]: /p",
		"GET /p before ANY /p/[[...s]]: /p",
		"HEAD /p before ANY /p/[[...s]]: /p",
		"GET /p/[[...s]] before ANY /p/[[...s]]: /p/x",
		"GET /p/[[...s]] before GET /:a/b: /p/b",
		"ANY /p/[[...s]] before GET /:a/b: /p/b",
		"GET /q/me before ANY /q/[[...mounted]]: /q/me",
		"POST /q/:id before ANY /q/[[...mounted]]: /q/x",
		"ANY /q/[[...mounted]] before GET /:a/b: /q/b",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("overlaps (-want +got):\n%s", diff)
	}
	for range overlaps(entries) {
		break // an iterator must stop when it is told to
	}
}

// The real API has 40 pairs in which precedence decides; a reviewer can read them.
func TestOverlapsOfGitHubAPI(t *testing.T) {
	n, crossing := 0, false
	for o := range overlaps(newEntries(t, githubLines(t)...)) {
		n++
		crossing = crossing || o.Winner.request() == "GET /repos/:owner/:repo/issues/comments/:id" &&
			o.Loser.request() == "GET /repos/:owner/:repo/issues/:number/comments" &&
			o.Example == "/repos/x/x/issues/comments/comments"
	}
	if n != 40 || !crossing {
		t.Errorf("%d overlaps, want 40; the pair of which neither contains the other: %v", n, crossing)
	}
}

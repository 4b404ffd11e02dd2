package adapt

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

var updateGolden = flag.Bool("update", false, "rewrite the golden files in testdata")

// oracleCollisions are the collisions by definition, each pair in the order of the source.
func oracleCollisions(entries []*entry) (found []string) {
	entries = sorted(entries, bySource)
	same := func(a, b *entry) bool { return a.pattern.Key() == b.pattern.Key() }
	// isFirst reports whether no route before e in the source has the same paths and satisfies the
	// condition as well.
	isFirst := func(e *entry, condition func(*entry) bool) bool {
		i := slices.IndexFunc(entries, func(other *entry) bool { return same(e, other) && condition(other) })
		return entries[i] == e
	}
	sameMethod := func(e *entry) func(*entry) bool {
		return func(other *entry) bool { return other.Method == e.Method }
	}
	// without reports whether e's paths have no route for the method.
	without := func(e *entry, method string) bool {
		return !slices.ContainsFunc(entries, func(other *entry) bool { return same(e, other) && other.Method == method })
	}
	for i, a := range entries {
		for _, b := range entries[i+1:] {
			add := func(kind Kind) { found = append(found, fmt.Sprint(kind, " ", a.Source, " ", b.Source)) }
			verb, all := a, b
			if verb.Method == anyMethod {
				verb, all = b, a
			}
			switch {
			case same(a, b) && a.Method == b.Method:
				if isFirst(a, sameMethod(a)) {
					add(KindDuplicate)
				}
			case same(a, b) && all.Method == anyMethod:
				otherShape := func(e *entry) bool { return e.Method == anyMethod && e.Shape != verb.Shape }
				if !verb.take && otherShape(all) && isFirst(all, otherShape) {
					add(KindVerbOverAny)
				}
			case oneLevel(a.pattern, b.pattern) && isFirst(a, sameMethod(a)) && isFirst(b, sameMethod(b)):
				if a.Method == b.Method || all.Method == anyMethod && without(all, verb.Method) {
					add(KindAmbiguous)
				}
			}
		}
	}
	return found
}

// oneLevel reports whether the patterns differ in nothing but what the path without its rest is.
func oneLevel(a, b pattern.Pattern) bool {
	last := func(p pattern.Pattern) pattern.Kind { return p.Segments[len(p.Segments)-1].Kind }
	if last(a) > last(b) {
		a, b = b, a
	}
	return last(a) == pattern.CatchAll && last(b) == pattern.OptionalCatchAll && len(a.Segments) == len(b.Segments) &&
		slices.EqualFunc(a.Segments[:len(a.Segments)-1], b.Segments[:len(b.Segments)-1], func(s, t pattern.Segment) bool {
			return s.Kind == t.Kind && (s.Kind != pattern.Literal || s.Text == t.Text)
		})
}

// checked runs check and lists the collisions in the form of the oracle.
func checked(entries []*entry) (found []string) {
	for c := range Collisions(check(entries)) {
		found = append(found, fmt.Sprint(c.Kind, " ", c.First.Source, " ", c.Second.Source))
	}
	return found
}

func compareCollisions(t *testing.T, entries []*entry) {
	t.Helper()
	got, want := checked(entries), oracleCollisions(entries)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("collisions (-want +got):\n%s\namong %q", diff, entryLines(entries))
	}
}

// Two patterns collide exactly if the same paths match both, or if they differ in the path without
// its rest; and a table of two that do not collide is served as precedence says.
func TestCollisionsExhaustively(t *testing.T) {
	sources, paths := allPatterns(3), allPaths(5)
	matched := make([][]bool, len(sources))
	for i, p := range parseAll(t, sources) {
		for _, path := range paths {
			_, ok := p.Match(path)
			matched[i] = append(matched[i], ok)
		}
	}
	for i, a := range sources {
		for j, b := range sources {
			// How long the paths are that one of them matches alone, without a slash at the end.
			differ := map[int]bool{}
			for k, path := range paths {
				if matched[i][k] != matched[j][k] {
					differ[strings.Count(strings.TrimSuffix(path, "/"), "/")] = true
				}
			}
			want := Kind(0)
			switch {
			case len(differ) == 0:
				want = KindDuplicate
			case len(differ) == 1 && strings.Contains(a, "*r") != strings.Contains(b, "*r") && strings.Contains(a, "[[") != strings.Contains(b, "[["):
				want = KindAmbiguous
			}
			got := Kind(0)
			for c := range Collisions(check(newEntries(t, "reqres GET "+a, "fetch GET "+b))) {
				got = c.Kind
			}
			if got != want {
				t.Fatalf("%s and %s: kind %d, want %d", a, b, got, want)
			}
		}
	}
}

// Every combination of method, shape and Take on one pattern, and on the two catch-alls of one
// level.
func TestCollisionsOfMethodsAndShapes(t *testing.T) {
	var kinds []string
	for _, take := range []string{"", "take "} {
		for _, shape := range []string{"http ", "reqres ", "fetch "} {
			for _, method := range []string{"GET ", "HEAD ", "POST ", anyMethod + " "} {
				kinds = append(kinds, take+shape+method)
			}
		}
	}
	for _, a := range kinds {
		for _, b := range kinds {
			compareCollisions(t, newEntries(t, a+"/p/:id", b+"/p/[slug]"))
			compareCollisions(t, newEntries(t, a+"/p/*r", b+"/p/[[...s]]"))
			compareCollisions(t, newEntries(t, a+"/p/:id", b+"/p/me"))
			for _, c := range []string{"fetch GET ", "reqres ANY ", "take fetch POST "} {
				compareCollisions(t, newEntries(t, a+"/p/:id", b+"/p/[slug]", c+"/p/:x"))
				compareCollisions(t, newEntries(t, a+"/p/*r", b+"/p/[[...s]]", c+"/p/*x"))
			}
		}
	}
}

func TestCollisionsInRandomTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	patterns := allPatterns(2)
	for range 300 {
		compareCollisions(t, randomEntries(rng, patterns, 1+rng.IntN(30)))
	}
}

// What is found, and its text, depend on the source and not on the order in which functions are
// given to New.
func TestCollisionsDoNotDependOnTheOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		entries := randomEntries(rng, allPatterns(2), 30)
		for _, e := range entries { // loops and helpers: many routes on one line
			e.Source = []string{"routes.go:9", "routes.go:10"}[rng.IntN(2)]
			e.caller = []string{"", "main.go:9", "main.go:10"}[rng.IntN(3)]
		}
		want := fmt.Sprint(check(entries))
		slices.Reverse(entries)
		for i, e := range entries {
			e.order = i
		}
		if diff := cmp.Diff(want, fmt.Sprint(check(entries))); diff != "" {
			t.Fatalf("reversed (-want +got):\n%s", diff)
		}
	}
}

// A migration has both shapes, so it collides with neither as a verb, and with both as what a verb
// is taken from.
func TestCollisionsOfMigrations(t *testing.T) {
	pair := new(migrate.Pair)
	for _, tt := range []struct {
		rule        string
		migration   string
		other       string
		kind        Kind
		fixContains string
	}{
		{"a migrated verb may leave an Any", "fetch GET /p", "reqres ANY /p", 0, ""},
		{"a migrated verb may leave an Any", "fetch GET /p", "fetch ANY /p", 0, ""},
		{"a verb leaves a migrated Any by Take", "fetch ANY /p", "take fetch GET /p", 0, ""},
		{"a verb leaves a migrated Any by accident", "fetch ANY /p", "fetch GET /p", KindVerbOverAny, "r.Fetch.Take("},
		{"a verb leaves a migrated Any by accident", "fetch ANY /p", "reqres GET /p", KindVerbOverAny, "r.ReqRes.Take("},
		{"a migration is not registered again", "fetch GET /p", "reqres GET /p", KindDuplicate, "Delete the one at routes.go:2"},
		{"a migration is not registered again", "fetch GET /p", "take fetch GET /p", KindDuplicate, "Delete the one at routes.go:2"},
	} {
		entries := newEntries(t, tt.migration, tt.other)
		entries[0].Pair = pair
		kind, fix := Kind(0), ""
		for c := range Collisions(check(entries)) {
			kind, fix = c.Kind, c.Fix
		}
		if kind != tt.kind || !strings.Contains(fix, tt.fixContains) {
			t.Errorf("%s: %s beside %s: kind %d with fix %q", tt.rule, tt.other, tt.migration, kind, fix)
		}
	}
}

func TestCollisionError(t *testing.T) {
	entries := newEntries(t, "reqres GET /accounts/:id", "fetch GET /accounts/[key]", "reqres ANY /p/*r", "fetch GET /p/[[...s]]", "fetch ANY /q", "reqres POST /q")
	err := fmt.Errorf("starting: %w", errors.Join(errors.New("another mistake"), check(entries)))
	want := []*CollisionError{
		{
			Kind: KindDuplicate, First: entries[0].Route, Second: entries[1].Route,
			Example: "GET /accounts/x",
			Fix:     `r.Migrate("GET", "/accounts/[key]", reqres.H0, fetch.H1)`,
		},
		{
			Kind: KindAmbiguous, First: entries[2].Route, Second: entries[3].Route,
			Example: "GET /p/x", OnlySecond: "GET /p",
			Fix: `r.Fetch.Take("GET", "/p/*r", fetch.H3)`,
		},
		{
			Kind: KindVerbOverAny, First: entries[4].Route, Second: entries[5].Route,
			Example: "POST /q", OnlyFirst: "GET /q",
			Fix: `r.ReqRes.Take("POST", "/q", reqres.H5)`,
		},
	}
	got := slices.Collect(Collisions(err))
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(CollisionError{}, migrate.Pair{})); diff != "" {
		t.Errorf("Collisions (-want +got):\n%s", diff)
	}
	if first, ok := errors.AsType[*CollisionError](err); !ok || first != got[0] {
		t.Errorf("AsType finds %v", first)
	}
	for range Collisions(err) {
		break // an iterator must stop when it is told to
	}
	if n := len(slices.Collect(Collisions(nil))) + len(slices.Collect(Collisions(errors.New("x")))); n != 0 {
		t.Errorf("%d collisions in errors without", n)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("fetch GET /a/:b\nreqres GET /a/[c]\nfetch ANY /a/:d")
	f.Add("reqres ANY /a/*b\nfetch GET /a/[[...c]]\ntake fetch GET /a/*c")
	f.Fuzz(func(t *testing.T, lines string) {
		var entries []*entry
		for line := range strings.SplitSeq(lines, "\n") {
			if e, err := newEntry(len(entries), line); err == nil {
				entries = append(entries, e)
			}
		}
		compareCollisions(t, entries)
		for c := range Collisions(check(entries)) {
			for _, text := range []string{c.Error(), c.Example, c.Fix} {
				if text == "" {
					t.Errorf("an empty text in %+v", c)
				}
			}
		}
	})
}

// The report as users see it. Each block of the golden file is named after what it shows.
func TestCollisionReport(t *testing.T) {
	one := func(line, handler, source, caller string) *entry {
		e := newEntries(t, line)[0]
		e.Handler, e.Source, e.caller = handler, source, caller
		return e
	}
	migrating := func(e *entry) *entry {
		e.Pair = new(migrate.Pair)
		return e
	}
	var got strings.Builder
	for _, block := range []struct {
		name    string
		entries []*entry
	}{
		{"all at once, in the order of the source", []*entry{
			one("fetch GET /accounts/:id", "api.GetAccount", "api/routes.go:18", ""),
			one("reqres GET /accounts/:id", "legacy.GetAccount", "legacy/routes.go:31", ""),
			one("reqres GET /files/[...path]", "legacy.(*Files).Get", "legacy/routes.go:140", "main.go:22"),
			one("fetch GET /files/*rest", "main.main.func1", "main.go:40", ""),
			one("reqres ANY /legacy/[...path]", "main.legacy", "main.go:9", ""),
			one("fetch GET /legacy/[...path]", "main.newRead", "main.go:10", ""),
		}},
		{"one shape twice", []*entry{
			one("fetch POST /notes", "api.Create", "routes.go:5", ""),
			one("fetch POST /notes", "api.CreateAgain", "routes.go:50", ""),
		}},
		{"net/http and the new shape", []*entry{
			one("http GET /report", "*report.Handler", "routes.go:5", ""),
			one("fetch GET /report", "api.Report", "routes.go:6", ""),
		}},
		{"net/http and the old shape", []*entry{
			one("http GET /report", "*report.Handler", "routes.go:5", ""),
			one("reqres GET /report", "api.Report", "routes.go:6", ""),
		}},
		{"a verb of net/http", []*entry{
			one("http GET /x", "*x.Handler", "routes.go:5", ""),
			one("fetch ANY /x", "api.X", "routes.go:6", ""),
		}},
		{"two whole files", []*entry{
			one("reqres ANY /api/[id]", "pages.ID", "routes.go:5", ""),
			one("fetch ANY /api/[slug]", "app.Slug", "routes.go:6", ""),
		}},
		{"catch-alls for one method", []*entry{
			one("reqres GET /docs/[...s]", "pages.Docs", "routes.go:5", ""),
			one("fetch GET /docs/[[...s]]", "app.Docs", "routes.go:6", ""),
		}},
		{"catch-alls in one shape", []*entry{
			one("fetch GET /docs/[...s]", "app.Docs", "routes.go:5", ""),
			one("fetch ANY /docs/[[...s]]", "app.All", "routes.go:6", ""),
		}},
		{"a verb and a catch-all of another shape", []*entry{
			one("reqres ANY /docs/[[...s]]", "pages.Docs", "routes.go:5", ""),
			one("fetch GET /docs/*s", "app.(*Docs).Get", "routes.go:6", ""),
		}},
		{"catch-alls of one method and shape", []*entry{
			one("reqres GET /docs/[[...s]]", "pages.Docs", "routes.go:5", ""),
			one("reqres GET /docs/*s", "pages.All", "routes.go:6", ""),
		}},
		{"a migration again", []*entry{
			migrating(one("fetch GET /x", "legacy.X", "routes.go:5", "")),
			one("fetch GET /x", "api.X", "routes.go:6", ""),
		}},
		{"a verb of a whole migration", []*entry{
			migrating(one("fetch ANY /x", "legacy.X", "routes.go:5", "")),
			one("reqres GET /x", "legacy.GetX", "routes.go:6", ""),
		}},
		{"a migration and a catch-all", []*entry{
			migrating(one("fetch GET /x/*r", "legacy.X", "routes.go:5", "")),
			one("reqres ANY /x/[[...r]]", "legacy.All", "routes.go:6", ""),
		}},
	} {
		fmt.Fprintf(&got, "== %s ==\n%v\n\n", block.name, check(block.entries))
	}
	const golden = "testdata/collisions.golden"
	if *updateGolden {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the report has changed; if that is meant, run go test -update (-want +got):\n%s", diff)
	}
}

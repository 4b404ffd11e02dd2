package pattern_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// The proof by exhaustion: every pattern of a small alphabet against every path of that alphabet.
// Two literals are enough to tell equal from different; a depth of three has a segment before, at
// and after the one that decides; paths are two segments longer, so that a catch-all has room to
// differ from what another pattern says about the rest.

// alphabet returns all patterns of up to three segments.
func alphabet(t testing.TB) (all []pattern.Pattern) {
	t.Helper()
	prefixes := []string{""}
	for range 3 {
		var next []string
		for _, prefix := range prefixes {
			depth := string(rune('0' + strings.Count(prefix, "/")))
			for _, last := range []string{"a", "b", ":p" + depth, "", "*r", "[[...r]]"} {
				all = append(all, mustParse(t, prefix+"/"+last))
			}
			for _, more := range []string{"a", "b", ":p" + depth} {
				next = append(next, prefix+"/"+more)
			}
		}
		prefixes = next
	}
	return all
}

// paths returns all paths of up to five segments out of the literals, another text, and nothing.
func paths() (all []string) {
	prefixes := []string{""}
	for range 5 {
		var next []string
		for _, prefix := range prefixes {
			for _, text := range []string{"a", "b", "x", ""} {
				next = append(next, prefix+"/"+text)
			}
		}
		all, prefixes = append(all, next...), next
	}
	return all
}

// matched lists which of the paths p matches.
func matched(p pattern.Pattern, paths []string) []bool {
	set := make([]bool, len(paths))
	for i, path := range paths {
		_, set[i] = p.Match(path)
	}
	return set
}

func TestRelationsExhaustively(t *testing.T) {
	patterns, paths := alphabet(t), paths()
	sets := make([][]bool, len(patterns))
	for i, p := range patterns {
		sets[i] = matched(p, paths)
	}
	for i, a := range patterns {
		for j, b := range patterns {
			both := false
			for k := range paths {
				both = both || sets[i][k] && sets[j][k]
			}
			if same := slices.Equal(sets[i], sets[j]); same != (a.Key() == b.Key()) || same != (pattern.Compare(a, b) == 0) {
				t.Fatalf("%s and %s: same paths %v, keys %q and %q, Compare %d", a.Source, b.Source, same, a.Key(), b.Key(), pattern.Compare(a, b))
			}
			if x, y := pattern.Compare(a, b), pattern.Compare(b, a); x != -y {
				t.Fatalf("Compare(%s, %s) = %d, the other way round %d", a.Source, b.Source, x, y)
			}
			example, ok := pattern.Overlap(a, b)
			_, inA := a.Match(example)
			_, inB := b.Match(example)
			if ok != both || ok && !(inA && inB) {
				t.Fatalf("Overlap(%s, %s) = %q, %v; want %v", a.Source, b.Source, example, ok, both)
			}
			if both && pattern.Fits(a, b) {
				t.Fatalf("Fits(%s, %s), but both match %s", a.Source, b.Source, paths[0])
			}
			if pattern.Fits(a, b) != pattern.Fits(b, a) {
				t.Fatalf("Fits(%s, %s) depends on the order", a.Source, b.Source)
			}
		}
	}
}

// A table asks for neighbours only: a sorted set fits into one tree if each pattern fits its
// predecessor.
func TestFitsOfNeighboursExhaustively(t *testing.T) {
	patterns := alphabet(t)
	slices.SortFunc(patterns, pattern.Compare)
	for i, a := range patterns {
		for j, b := range patterns[i+1:] {
			if !pattern.Fits(a, b) {
				continue
			}
			for _, c := range patterns[i+1+j+1:] {
				if pattern.Fits(b, c) && !pattern.Fits(a, c) {
					t.Fatalf("%s, %s, %s: each fits the next, the first does not fit the last", a.Source, b.Source, c.Source)
				}
			}
		}
	}
}

func TestCompareIsTransitive(t *testing.T) {
	patterns := alphabet(t)
	slices.SortFunc(patterns, pattern.Compare)
	for i, a := range patterns {
		for j, b := range patterns {
			if got := pattern.Compare(a, b); got != cmp.Compare(i, j) {
				t.Fatalf("sorted at %d and %d, Compare(%s, %s) = %d", i, j, a.Source, b.Source, got)
			}
		}
	}
}

func TestPrecedence(t *testing.T) {
	want := []string{
		"/", "/a", "/a/", "/a/b", "/a/b/:x", "/a/:x", "/a/:x/b", "/a/:x/:y", "/a/*r", "/a%2Fb", "/b", "/b/[[...r]]", "/é",
		"/:x", "/:x/", "/:x/a", "/:x/:y", "/:x/[[...r]]", "/*r",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return pattern.Compare(mustParse(t, a), mustParse(t, b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q\nwant   %q", got, want)
	}
}

func TestExamples(t *testing.T) {
	for _, tt := range []struct{ a, b, both string }{
		{"/accounts/:id", "/accounts/[key]", "/accounts/x"},
		{"/files/:name", "/:bucket/index", "/files/index"},
		{"/p/*r", "/p/[[...s]]", "/p/x"},
		{"/users/me", "/users/:id", "/users/me"},
		{"/x/:a", "/:b/x", "/x/x"},
		{"/a", "/b", ""},
		{"/[[...r]]", "/:a", "/x"},
		{"/a/*r", "/a/:b/[[...r]]", "/a/x"},
	} {
		if both, _ := pattern.Overlap(mustParse(t, tt.a), mustParse(t, tt.b)); both != tt.both {
			t.Errorf("%s and %s: both %q, want %q", tt.a, tt.b, both, tt.both)
		}
	}
}

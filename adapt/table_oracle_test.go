package adapt

// The oracle of the routing tests: what the definitions say, by trying everything. It knows
// patterns by Match alone, and neither keys, nor layers, nor httprouter.

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// newEntry makes a route out of "shape METHOD pattern", with "take" in front for Take, as if
// registered on a line of its own.
func newEntry(order int, line string) (*entry, error) {
	line, take := strings.CutPrefix(line, "take ")
	shape, rest, _ := strings.Cut(line, " ")
	method, written, ok := strings.Cut(rest, " ")
	shapes := map[string]Shape{"http": ShapeHTTP, "reqres": ShapeReqRes, "fetch": ShapeFetch}
	if _, known := shapes[shape]; !known || !ok || method == "" {
		return nil, fmt.Errorf("%q is not a route", line)
	}
	p, err := pattern.Parse(written)
	if err != nil {
		return nil, err
	}
	return &entry{
		Route:   Route{Method: method, Pattern: written, Handler: shape + ".H" + fmt.Sprint(order), Source: fmt.Sprintf("routes.go:%d", order+1), Shape: shapes[shape]},
		pattern: p, take: take, order: order,
	}, nil
}

func newEntries(t testing.TB, lines ...string) []*entry {
	t.Helper()
	entries := make([]*entry, len(lines))
	for i, line := range lines {
		var err error
		if entries[i], err = newEntry(i, line); err != nil {
			t.Fatal(err)
		}
	}
	return entries
}

// allPatterns are the patterns of two literals, a parameter, both catch-alls and a slash at the
// end, up to a depth.
func allPatterns(depth int) (all []string) {
	prefixes := []string{""}
	for d := range depth {
		var next []string
		for _, prefix := range prefixes {
			param := fmt.Sprintf(":p%d", d)
			for _, last := range []string{"a", "b", param, "", "*r", "[[...r]]"} {
				all = append(all, prefix+"/"+last)
			}
			for _, more := range []string{"a", "b", param} {
				next = append(next, prefix+"/"+more)
			}
		}
		prefixes = next
	}
	return all
}

// allPaths are the paths of the literals, another text and nothing, up to a depth.
func allPaths(depth int) (all []string) {
	prefixes := []string{""}
	for range depth {
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

// oracleFind is find by definition.
func oracleFind(entries []*entry, method, path string) (*entry, []string) {
	var best *entry
	var values []string
	rank := func(e *entry) int { // -1 if e does not serve the method
		switch {
		case e.Method == method:
			return 0
		case e.Method == "GET" && method == http.MethodHead:
			return 1
		case e.Method == anyMethod:
			return 2
		}
		return -1
	}
	for _, e := range entries {
		v, ok := e.pattern.Match(path)
		if !ok || rank(e) < 0 {
			continue
		}
		if best == nil || cmp.Or(pattern.Compare(e.pattern, best.pattern), rank(e)-rank(best)) < 0 {
			best, values = e, v
		}
	}
	return best, values
}

// oracleAllow is allow by definition.
func oracleAllow(entries []*entry, path string) string {
	methods := map[string]bool{}
	for _, e := range entries {
		if _, ok := e.pattern.Match(path); !ok {
			continue
		}
		methods["OPTIONS"] = true
		methods[e.Method] = true
		if e.Method == "GET" {
			methods["HEAD"] = true
		}
		if e.Method == anyMethod {
			delete(methods, anyMethod)
			for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
				methods[m] = true
			}
		}
	}
	var list []string
	for m := range methods {
		list = append(list, m)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// tableOf is a table whose look-ups answer with the route that they find.
func tableOf(entries []*entry) *table {
	return newTable(entries, func(e *entry) httprouter.Handle {
		return func(w http.ResponseWriter, _ *http.Request, _ httprouter.Params) { w.(*confession).e = e }
	})
}

type confession struct {
	http.ResponseWriter
	e *entry
}

// confess is the route behind what a look-up has found.
func confess(serve httprouter.Handle) *entry {
	if serve == nil {
		return nil
	}
	var c confession
	serve(&c, nil, nil)
	return c.e
}

// found looks a request up and brings the values to the form of Match.
func found(t *table, method, path string) (*entry, []string) {
	serve, ps := t.lookup(method, path)
	return matched(confess(serve), ps)
}

func matched(e *entry, ps httprouter.Params) (*entry, []string) {
	if e == nil {
		return nil, nil
	}
	var values []string
	for i := range e.pattern.Names() {
		value := "" // of an optional catch-all that matched nothing
		if i < len(ps) {
			value = ps[i].Value
		}
		values = append(values, value)
	}
	return e, values
}

// compareWithOracle looks a request up in all ways.
func compareWithOracle(t *testing.T, entries []*entry, table *table, method, path string) {
	t.Helper()
	want, wantValues := oracleFind(entries, method, path)
	if e, values := found(table, method, path); e != want || !slices.Equal(values, wantValues) {
		t.Fatalf("%s %s is served by %v with %q, want %v with %q, among %v", method, path, routed(e), values, routed(want), wantValues, entryLines(entries))
	}
	if e, values := matched(table.find(method, path)); e != want || !slices.Equal(values, wantValues) {
		t.Fatalf("in process %s %s is served by %v with %q, want %v with %q, among %v", method, path, routed(e), values, routed(want), wantValues, entryLines(entries))
	}
	there, near := table.at(path, new(few))
	if allow, want := there.allow(), oracleAllow(entries, path); allow != want {
		t.Fatalf("allow of %s = %q, want %q, among %v", path, allow, want, entryLines(entries))
	}
	// An empty segment is not removed.
	if want := oracleAllow(entries, toggleSlash(path)) != "" && !strings.HasSuffix(path, "//"); len(there) == 0 && near != want {
		t.Fatalf("near of %s = %v, want %v, among %v", path, near, want, entryLines(entries))
	}
}

func routed(e *entry) string {
	if e == nil {
		return "no route"
	}
	return e.Route.String()
}

func entryLines(entries []*entry) (lines []string) {
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s %s", e.Shape, e.request()))
	}
	return lines
}

// withoutCollisions drops routes until none collide.
func withoutCollisions(entries []*entry) []*entry {
	for {
		dropped := map[Route]bool{}
		for c := range Collisions(check(entries)) {
			dropped[c.Second] = true
		}
		if len(dropped) == 0 {
			return entries
		}
		entries = slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return dropped[e.Route] })
	}
}

// randomEntries draws routes for the patterns.
func randomEntries(rng *rand.Rand, patterns []string, n int) []*entry {
	methods := []string{"GET", "GET", "GET", "POST", "HEAD", "PURGE", anyMethod}
	var entries []*entry
	for i := range n {
		take := []string{"", "take "}[rng.IntN(2)]
		shape := []string{"reqres ", "fetch "}[rng.IntN(2)]
		e, err := newEntry(i, take+shape+methods[rng.IntN(len(methods))]+" "+patterns[rng.IntN(len(patterns))])
		if err != nil {
			panic(err)
		}
		entries = append(entries, e)
	}
	return entries
}

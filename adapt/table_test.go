package adapt

import (
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

// oneTree asks httprouter itself whether it takes the patterns into one tree, in this order.
func oneTree(patterns ...pattern.Pattern) (ok bool) {
	defer func() { ok = recover() == nil }()
	router := httprouter.New()
	handle := func(http.ResponseWriter, *http.Request, httprouter.Params) {}
	for _, p := range patterns {
		path, bare := p.Router()
		router.Handle("GET", path, handle)
		if bare != "" {
			router.Handle("GET", bare, handle)
		}
	}
	return true
}

func parseAll(t testing.TB, sources []string) []pattern.Pattern {
	t.Helper()
	patterns := make([]pattern.Pattern, len(sources))
	for i, source := range sources {
		var err error
		if patterns[i], err = pattern.Parse(source); err != nil {
			t.Fatal(err)
		}
	}
	return patterns
}

// Fits predicts what httprouter accepts, for every pair in either order and for every triple.
func TestFitsIsWhatHTTPRouterAccepts(t *testing.T) {
	patterns := parseAll(t, append(allPatterns(3), "/ab", "/a/bc", "/ab/:q", `/\:a`, `/a/\*`))
	for _, a := range patterns {
		for _, b := range patterns {
			if got, want := pattern.Fits(a, b), oneTree(a, b); got != want {
				t.Errorf("Fits(%s, %s) = %v, httprouter: %v", a.Source, b.Source, got, want)
			}
		}
	}
	patterns = parseAll(t, allPatterns(2))
	for _, a := range patterns {
		for _, b := range patterns {
			if !pattern.Fits(a, b) {
				continue
			}
			for _, c := range patterns {
				if got, want := pattern.Fits(a, c) && pattern.Fits(b, c), oneTree(a, b, c); got != want {
					t.Errorf("%s, %s and %s: Fits of each pair %v, httprouter: %v", a.Source, b.Source, c.Source, got, want)
				}
			}
		}
	}
}

// A pattern goes into the first layer that takes it, and all layers behind that would take it too:
// a binary search.
func TestLayersThatRefuseComeFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sources := allPatterns(4)
	for range 100 {
		chosen := map[string]bool{}
		for range 2 + rng.IntN(100) {
			chosen[sources[rng.IntN(len(sources))]] = true
		}
		var patterns []pattern.Pattern
		for _, source := range sources {
			if chosen[source] {
				patterns = append(patterns, parseAll(t, []string{source})...)
			}
		}
		slices.SortFunc(patterns, pattern.Compare)
		var trees [][]pattern.Pattern
		for _, p := range patterns {
			takes := func(tree []pattern.Pattern) bool {
				return !slices.ContainsFunc(tree, func(q pattern.Pattern) bool { return !pattern.Fits(p, q) })
			}
			first := slices.IndexFunc(trees, takes)
			if first < 0 {
				first, trees = len(trees), append(trees, nil)
			}
			for i, tree := range trees {
				if takes(tree) != (i >= first) {
					t.Fatalf("%s fits into tree %d, and into tree %d %v", p.Source, first, i, takes(tree))
				}
				if n := len(tree); n > 0 && pattern.Fits(tree[n-1], p) != takes(tree) {
					t.Fatalf("%s fits into a tree %v, beside the last pattern of it %v", p.Source, takes(tree), !takes(tree))
				}
			}
			trees[first] = append(trees[first], p)
		}
	}
}

func TestFindExhaustively(t *testing.T) {
	sources, paths := allPatterns(3), allPaths(full.Size(3, 4))
	for i, a := range sources {
		for _, b := range sources[i:] {
			entries := withoutCollisions(newEntries(t, "fetch GET "+a, "fetch GET "+b))
			table := tableOf(entries)
			for _, path := range paths {
				compareWithOracle(t, entries, table, "GET", path)
			}
		}
	}
}

func TestFindInRandomTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	patterns, paths := allPatterns(4), allPaths(5)
	for range full.Size(15, 60) {
		entries := withoutCollisions(randomEntries(rng, patterns, 1+rng.IntN(60)))
		table := tableOf(entries)
		for range 1000 {
			path := paths[rng.IntN(len(paths))]
			for _, method := range []string{"GET", "HEAD", "POST", "PURGE", "OPTIONS", "BREW"} {
				compareWithOracle(t, entries, table, method, path)
			}
		}
	}
}

func TestFind(t *testing.T) {
	entries := newEntries(t,
		"fetch GET /users/:id",
		"reqres POST /users/:id",
		"reqres GET /users/me",
		"fetch ANY /files/[...path]",
		"fetch PUT /files/[...path]",
		"fetch GET /docs/[[...s]]",
		"fetch GET /docs",
		"fetch HEAD /docs",
		"http PURGE /cache/:key",
		"http ANY /old/[[...rest]]",
		`fetch POST /v1\:batch/:id`,
		"fetch GET /café/",
	)
	table := tableOf(entries)
	for _, tt := range []struct {
		rule, method, path string
		want               string // the method and pattern, or nothing
		values             []string
		allow              string
	}{
		{"a literal beats a parameter", "GET", "/users/me", "GET /users/me", nil, "GET, HEAD, OPTIONS, POST"},
		{"the method comes first", "POST", "/users/me", "POST /users/:id", []string{"me"}, "GET, HEAD, OPTIONS, POST"},
		{"GET serves HEAD", "HEAD", "/users/x", "GET /users/:id", []string{"x"}, "GET, HEAD, OPTIONS, POST"},
		{"HEAD beats GET", "HEAD", "/docs", "HEAD /docs", nil, "GET, HEAD, OPTIONS"},
		{"GET serves HEAD where no HEAD is", "HEAD", "/docs/a", "GET /docs/[[...s]]", []string{"a"}, "GET, HEAD, OPTIONS"},
		{"a verb beats Any", "PUT", "/files/a/b", "PUT /files/[...path]", []string{"a/b"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"Any serves the rest", "GET", "/files/a", "ANY /files/[...path]", []string{"a"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"Any serves HEAD", "HEAD", "/files/a", "ANY /files/[...path]", []string{"a"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"Any serves OPTIONS", "OPTIONS", "/files/a", "ANY /files/[...path]", []string{"a"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"Any serves unknown methods", "BREW", "/files/a", "ANY /files/[...path]", []string{"a"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"Any serves another route's method", "PURGE", "/files/a", "ANY /files/[...path]", []string{"a"}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"a catch-all is not empty", "GET", "/files/", "", nil, ""},
		{"an optional one may be", "GET", "/old", "ANY /old/[[...rest]]", []string{""}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"an optional one may be a slash", "GET", "/old/", "ANY /old/[[...rest]]", []string{""}, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"},
		{"a slash at the end counts", "GET", "/docs/", "GET /docs/[[...s]]", []string{""}, "GET, HEAD, OPTIONS"},
		{"methods are case-sensitive", "get", "/users/x", "", nil, "GET, HEAD, OPTIONS, POST"},
		{"any method may have routes", "PURGE", "/cache/k", "PURGE /cache/:key", []string{"k"}, "OPTIONS, PURGE"},
		{"an unserved method", "DELETE", "/users/x", "", nil, "GET, HEAD, OPTIONS, POST"},
		{"OPTIONS is the mux's", "OPTIONS", "/users/x", "", nil, "GET, HEAD, OPTIONS, POST"},
		{"no path", "GET", "/nowhere", "", nil, ""},
		{"a parameter is not empty", "GET", "/users/", "", nil, ""},
		{"a colon can be meant", "POST", "/v1:batch/a:b*c", `POST /v1\:batch/:id`, []string{"a:b*c"}, "OPTIONS, POST"},
		{"a colon in a request is not a wildcard", "GET", "/users/:id", "GET /users/:id", []string{":id"}, "GET, HEAD, OPTIONS, POST"},
		{"paths are escaped", "GET", "/caf%C3%A9/", "GET /café/", nil, "GET, HEAD, OPTIONS"},
		{"values are raw", "GET", "/users/a%2Fb", "GET /users/:id", []string{"a%2Fb"}, "GET, HEAD, OPTIONS, POST"},
		{"the server as a whole has no route", "OPTIONS", "*", "", nil, ""},
	} {
		e, values := found(table, tt.method, tt.path)
		got := ""
		if e != nil {
			got = e.request()
		}
		if got != tt.want || !slices.Equal(values, tt.values) {
			t.Errorf("%s: %s %s is served by %q with %q, want %q with %q", tt.rule, tt.method, tt.path, got, values, tt.want, tt.values)
		}
		there, _ := table.at(tt.path, new(few))
		if allow := there.allow(); allow != tt.allow {
			t.Errorf("%s: allow of %s = %q, want %q", tt.rule, tt.path, allow, tt.allow)
		}
	}
}

func TestEmptyTable(t *testing.T) {
	table := tableOf(nil)
	there, near := table.at("/a", new(few))
	if serve, ps := table.lookup("GET", "/a"); serve != nil || ps != nil || len(there) > 0 || near {
		t.Errorf("an empty table finds something with %v, has %v, is near: %v", ps, there, near)
	}
}

// githubLines are the routes of GitHub's first public API, 239 in all: a table that real people
// have designed.
func githubLines(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/github.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, line := range lines {
		lines[i] = "fetch " + line
	}
	return lines
}

func TestGitHubAPI(t *testing.T) {
	entries := newEntries(t, githubLines(t)...)
	if err := check(entries); err != nil {
		t.Fatal(err)
	}
	table := tableOf(entries)
	var perLayer []int
	for _, method := range []string{"DELETE", "GET", "PATCH", "POST", "PUT"} {
		for _, e := range entries {
			if e.Method != method {
				continue
			}
			found, layer := firstHit(table.trees(method), example(e))
			for len(perLayer) <= layer {
				perLayer = append(perLayer, 0)
			}
			perLayer[layer]++
			if found != e {
				t.Errorf("%s is served by %v, want %v", example(e), found, e)
			}
		}
	}
	// A table of 239 routes needs this few trees, or look-ups get slow.
	if diff := cmp.Diff([]int{223, 15, 1}, perLayer); diff != "" {
		t.Errorf("routes per layer (-want +got):\n%s", diff)
	}
	for _, e := range entries {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			compareWithOracle(t, entries, table, method, example(e))
			compareWithOracle(t, entries, table, method, strings.TrimSuffix(example(e), "x")+"none")
		}
	}
}

// firstHit is what a look-up finds, and the number of its layer.
func firstHit(ls *layers, path string) (found *entry, layer int) {
	for layer, tree := range ls.trees {
		if serve, _ := (&layers{trees: []*httprouter.Router{tree}}).lookup(path); serve != nil {
			return confess(serve), layer
		}
	}
	return nil, len(ls.trees)
}

// example is a path that e matches.
func example(e *entry) string {
	path, _ := pattern.Overlap(e.pattern, e.pattern)
	return path
}

func TestLookupAllocatesParamsOnly(t *testing.T) {
	table := tableOf(newEntries(t, githubLines(t)...))
	for _, tt := range []struct {
		path string
		most float64
	}{
		{"/user/repos", 0},
		{"/users/x/repos", 1},
		{"/repos/x/y/issues/comments", 1}, // in the first layer
	} {
		if got := testing.AllocsPerRun(100, func() { table.lookup("GET", tt.path) }); got > tt.most {
			t.Errorf("lookup of %s: %v allocations, want at most %v", tt.path, got, tt.most)
		}
	}
}

// Each common method has trees of its own.
func TestCommonMethods(t *testing.T) {
	var lines []string
	for _, method := range verbs {
		lines = append(lines, "fetch "+method+" /a", "reqres "+method+" /"+strings.ToLower(method))
	}
	table := tableOf(newEntries(t, lines...))
	for _, method := range verbs {
		for _, path := range []string{"/a", "/" + strings.ToLower(method)} {
			if e, _ := found(table, method, path); e == nil || e.Method != method {
				t.Errorf("%s %s is served by %v", method, path, routed(e))
			}
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add("fetch GET /a/:b\nreqres GET /:a/b\nfetch ANY /[[...r]]", "/a/b")
	f.Add("fetch GET /a/[[...r]]\nfetch GET /a/\nfetch HEAD /a\nhttp PURGE /*r", "/a/")
	f.Add("fetch GET /:a/x\\:y/*r\nfetch GET /a/:b/c", "/a/x:y/z*")
	f.Add("fetch GET /é\nfetch GET /%C3%A9\nfetch POST /", "/%C3%A9")
	f.Fuzz(func(t *testing.T, lines, path string) {
		var entries []*entry
		for line := range strings.SplitSeq(lines, "\n") {
			if e, err := newEntry(len(entries), line); err == nil {
				entries = append(entries, e)
			}
		}
		entries = withoutCollisions(entries)
		table := tableOf(entries)
		path, _ = pathname.Canonical("/" + path)
		paths := []string{path}
		for i, e := range entries {
			paths = append(paths, example(e), example(e)+"/", example(e)+path)
			other, _ := pattern.Overlap(e.pattern, entries[i/2].pattern)
			paths = append(paths, other)
		}
		for _, path := range paths {
			for _, method := range []string{"GET", "HEAD", "POST", "BREW"} {
				compareWithOracle(t, entries, table, method, path)
			}
		}
	})
}

package adapt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// resources are n routes, five for each resource, in one shape or the other, below one first
// segment or a parameter.
func resources(n int, prefix string) (lines []string) {
	for i := 0; len(lines) < n; i++ {
		base := fmt.Sprintf("%s/team%d/resource%d", prefix, i%7, i)
		lines = append(lines,
			"fetch GET "+base, "reqres POST "+base, "fetch GET "+base+"/:id", "reqres PUT "+base+"/:id",
			"fetch GET "+base+"/:id/children/:child")
	}
	return lines[:n]
}

// BenchmarkBuild is the cost of a whole table, patterns parsed and collisions looked for, beside
// that of http.ServeMux, which looks for conflicts as well.
func BenchmarkBuild(b *testing.B) {
	for _, prefix := range []string{"/api", "/:tenant"} {
		for _, n := range []int{100, 1000, 10000} {
			lines := resources(n, prefix)
			entries := newEntries(b, lines...)
			b.Run(fmt.Sprintf("table/%s/%d", prefix[1:], n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for _, e := range entries {
						e.pattern, _ = pattern.Parse(e.Pattern)
					}
					if err := check(entries); err != nil {
						b.Fatal(err)
					}
					tableOf(entries)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/route")
			})
			b.Run(fmt.Sprintf("servemux/%s/%d", prefix[1:], n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					mux := http.NewServeMux()
					for _, line := range lines {
						_, rest, _ := strings.Cut(line, " ")
						for _, name := range []string{"tenant", "id", "child"} {
							rest = strings.ReplaceAll(rest, ":"+name, "{"+name+"}")
						}
						mux.Handle(rest, http.NotFoundHandler())
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/route")
			})
		}
	}
}

func BenchmarkOverlaps(b *testing.B) {
	for _, n := range []int{100, 1000} {
		entries := newEntries(b, resources(n, "/api")...)
		b.Run(fmt.Sprint("disjoint/", n), func(b *testing.B) {
			for b.Loop() {
				for range overlaps(entries) {
					b.Fatal("an overlap")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/route")
		})
	}
}

// raw is httprouter itself, with those of the routes that one tree takes.
func raw(entries []*entry) *httprouter.Router {
	router := httprouter.New()
	last := map[string][]pattern.Pattern{}
	for _, e := range sorted(entries, byPrecedence) {
		fits := true
		for _, p := range last[e.Method] {
			fits = fits && pattern.Fits(p, e.pattern)
		}
		if fits {
			last[e.Method] = append(last[e.Method], e.pattern)
			path, _ := e.pattern.Router()
			router.Handle(e.Method, path, func(http.ResponseWriter, *http.Request, httprouter.Params) {})
		}
	}
	return router
}

// discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func BenchmarkFind(b *testing.B) {
	entries := newEntries(b, githubLines(b)...)
	table, router := tableOf(entries), raw(entries)
	for _, bench := range []struct{ name, method, path string }{
		{"static", "GET", "/user/repos"},
		{"param", "GET", "/users/x"},
		{"three params", "GET", "/repos/o/r/issues/5/comments"},
		{"second layer", "GET", "/repos/o/r/issues/7"},
		{"catch-all", "GET", "/repos/o/r/contents/a/b/c"},
		{"HEAD", "HEAD", "/user/repos"},
	} {
		b.Run(bench.name+"/table", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if serve, _ := table.lookup(bench.method, bench.path); serve == nil {
					b.Fatal("not found")
				}
			}
		})
		b.Run(bench.name+"/httprouter", func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(bench.method, bench.path, nil)
			w := discard{http.Header{}}
			for b.Loop() {
				router.ServeHTTP(w, r)
			}
		})
	}
	b.Run("all routes/table", func(b *testing.B) {
		b.ReportAllocs()
		paths := make([]string, len(entries))
		for i, e := range entries {
			paths[i] = example(e)
		}
		for b.Loop() {
			for i, e := range entries {
				table.lookup(e.Method, paths[i])
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(entries)), "ns/find")
	})
}

// BenchmarkMiss is a request for a path that nothing matches, and one for a method that is not
// served.
func BenchmarkMiss(b *testing.B) {
	entries := newEntries(b, githubLines(b)...)
	table, router := tableOf(entries), raw(entries)
	for _, bench := range []struct{ name, method, path, allow string }{
		{"404 near", "GET", "/repos/o/r/nothing/here/at/all", ""},
		{"404 far", "GET", "/nothing", ""},
		{"405 one pattern", "PATCH", "/users/x/repos", "GET, HEAD, OPTIONS"},
		{"405 two patterns", "PATCH", "/repos/o/r/pulls/comments", "DELETE, GET, HEAD, OPTIONS, PATCH"},
	} {
		b.Run(bench.name+"/table", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table.lookup(bench.method, bench.path)
				there, _ := table.at(bench.path, new(few))
				there.allow()
			}
		})
		b.Run(bench.name+"/httprouter", func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(bench.method, bench.path, nil)
			w := discard{http.Header{}}
			for b.Loop() {
				router.ServeHTTP(w, r)
				clear(w.header)
			}
		})
	}
}

package callsite_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/callsite"
)

// here is a helper as users write them: all calls go through this one line.
func here() callsite.Site { return callsite.Caller() }

func TestCallerNamesHelperAndItsCaller(t *testing.T) {
	first, second := here(), here() // two calls on one line
	_, file, line, _ := runtime.Caller(0)
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file = strings.TrimPrefix(file, filepath.ToSlash(dir)+"/") // with -trimpath it is below no directory
	helper := file + ":" + lineOf(t, "func here()")
	want := callsite.Site{Position: helper, CalledFrom: file + ":" + strconv.Itoa(line-1)}
	if first != want || second != want {
		t.Errorf("Caller in a helper = %+v and %+v, want %+v", first, second, want)
	}
	if got, want := first.String(), helper+" (called from "+want.CalledFrom+")"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
}

func TestCallerLeavesGoItselfOut(t *testing.T) {
	direct := callsite.Caller() // called by the testing package
	if direct.CalledFrom != "" || direct.String() != direct.Position {
		t.Errorf("a test is called from %q, want nothing", direct.CalledFrom)
	}
	var sites []callsite.Site
	slices.SortFunc([]int{2, 1}, func(a, b int) int { sites = append(sites, callsite.Caller()); return a - b })
	if sites[0].CalledFrom != "" {
		t.Errorf("a function that slices calls is called from %q, want nothing", sites[0].CalledFrom)
	}
	done := make(chan callsite.Site)
	go func() { done <- callsite.Caller() }()
	if site := <-done; site.CalledFrom != "" {
		t.Errorf("a goroutine is called from %q, want nothing", site.CalledFrom)
	}
}

func TestInLibrary(t *testing.T) {
	const module = "github.com/crossfade-go/crossfade"
	for _, tt := range []struct {
		function, file string
		want           bool
	}{
		{module + "/adapt.FetchRoutes.GET", "/src/adapt/routes.go", true},
		{module + "/adapt.(*Routes).Migrate", "/src/adapt/routes.go", true},
		{module + "/adapt/migrate.NewPair", "/src/adapt/migrate/pair.go", true},
		{module + "/internal/callsite.Caller", "/src/internal/callsite/callsite.go", true},
		{module + "/fetch.Handler.ServeHTTP", "/src/fetch/handler.go", true},
		{module + "/reqres.FromHTTP.func1", "/src/reqres/handler.go", true},
		{module + "/cors.New", "/src/cors/config.go", true},
		{module + "/adapt.TestNew", "/src/adapt/mux_test.go", false},
		{module + "/adapt_test.TestNew", "/src/adapt/mux_test.go", false},
		{module + "/internal/pattern_test.helper", "/src/internal/pattern/helper.go", false},
		{module + ".Example", "/src/example_test.go", false},
		{module + "_test.Example.func1", "/src/example_test.go", false},
		{module + "/examples/express.main", "/src/examples/express/main.go", false},
		{module + "/bench.routes", "/src/bench/routes.go", false},
		{module + "/adapter.New", "/src/adapter/x.go", false},
		{module + "-plus/adapt.New", "/elsewhere/x.go", false},
		{"main.main", "/home/me/main.go", false},
		{"example.com/fetch.Get", "/home/me/fetch.go", false},
		{"", "", false},
	} {
		if got := callsite.InLibrary(runtime.Frame{Function: tt.function, File: tt.file}); got != tt.want {
			t.Errorf("InLibrary(%s in %s) = %v", tt.function, tt.file, got)
		}
	}
}

func TestInStandardLibrary(t *testing.T) {
	var frames []runtime.Frame
	slices.SortFunc([]int{2, 1}, func(a, b int) int {
		var pcs [8]uintptr
		for it := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])]); len(frames) < 2; {
			frame, _ := it.Next()
			frames = append(frames, frame)
		}
		return a - b
	})
	if callsite.InStandardLibrary(frames[0]) || !callsite.InStandardLibrary(frames[1]) {
		t.Errorf("in the standard library: this test %v, slices %v", callsite.InStandardLibrary(frames[0]), callsite.InStandardLibrary(frames[1]))
	}
}

type api struct{}

func (api) get(http.ResponseWriter, *http.Request)        {}
func (*api) ServeHTTP(http.ResponseWriter, *http.Request) {}
func generic[T any](T)                                    {}

var packageLevel = func() {}

func TestFuncName(t *testing.T) {
	closure := func() {}
	for _, tt := range []struct {
		rule    string
		handler any
		want    string
	}{
		{"a function", http.NotFound, "http.NotFound"},
		{"a function of this package", here, "callsite_test.here"},
		{"a named function type", http.HandlerFunc(http.NotFound), "http.NotFound"},
		{"a method value", api{}.get, "callsite_test.api.get"},
		{"a method value of a pointer", new(api).ServeHTTP, "callsite_test.(*api).ServeHTTP"},
		{"a method value of an interface", http.Handler(new(api)).ServeHTTP, "http.Handler.ServeHTTP"},
		{"a closure", closure, "callsite_test.TestFuncName.func1"},
		{"a type that is not a function", new(api), "*callsite_test.api"},
		{"a value that is not a function", http.NewServeMux(), "*http.ServeMux"},
		{"nil", nil, "nil"},
		{"a nil function", http.HandlerFunc(nil), "nil"},
	} {
		if got := callsite.FuncName(tt.handler); got != tt.want {
			t.Errorf("%s: FuncName = %q, want %q", tt.rule, got, tt.want)
		}
	}
	// The compiler numbers these, so only the package is certain.
	for _, handler := range []any{packageLevel, generic[int]} {
		if got := callsite.FuncName(handler); !strings.HasPrefix(got, "callsite_test.") {
			t.Errorf("FuncName = %q, want one of this package", got)
		}
	}
}

func TestFuncSource(t *testing.T) {
	want := lineOf(t, "func here()")
	if got := callsite.FuncSource(here); !strings.HasSuffix(got, "callsite_test.go:"+want) {
		t.Errorf("FuncSource(here) = %q, want line %s", got, want)
	}
	for _, handler := range []any{nil, http.HandlerFunc(nil), new(api), api{}.get} {
		if got := callsite.FuncSource(handler); got != "" {
			t.Errorf("FuncSource(%T) = %q, want nothing", handler, got)
		}
	}
}

func BenchmarkCaller(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		here()
	}
}

// lineOf finds the line of this file that begins with text.
func lineOf(t *testing.T, text string) string {
	t.Helper()
	src, err := os.ReadFile("callsite_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(src), "\n") {
		if strings.HasPrefix(line, text) {
			return strconv.Itoa(i + 1)
		}
	}
	t.Fatalf("no line begins with %q", text)
	return ""
}

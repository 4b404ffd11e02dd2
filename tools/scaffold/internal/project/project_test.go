package project

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// A folder of app is a path, or there is a reason.
func TestAppPath(t *testing.T) {
	for dir, want := range map[string]string{
		"/": "/", "/api/[id]": "/api/[id]", "/(shop)/cart": "/cart", "/@modal/x": "/x", "/(a)/(b)/@c/d": "/d", "/%5Fx": "/_x",
		"/[...rest]": "/[...rest]", "/(x": "/(x", "/x/_lib": "", "/(.)photo": "", "/a/(..)b": "", "/(..)(..)b": "", "/(...)b": "",
	} {
		got, why := appPath(dir)
		if got != want || (why == "") == (want == "") {
			t.Errorf("appPath(%q) = %q, %q; want %q", dir, got, why, want)
		}
	}
}

// A path of Next.js is a pattern; what is special to the mux alone is escaped.
func TestNextPattern(t *testing.T) {
	for own, want := range map[string]string{
		"/a/[id]": "/a/[id]", "/[[...x]]": "/[[...x]]", "/p-[id]": `/p-\[id\]`, "/[id].json": `/\[id\].json`, "/a:b": `/a\:b`, "/*": `/\*`,
	} {
		if got := nextPattern(own); got != want {
			t.Errorf("nextPattern(%q) = %q, want %q", own, got, want)
		}
	}
}

// A source of the configuration is a pattern, or a regular expression.
func TestSourcePattern(t *testing.T) {
	for source, want := range map[string]string{
		"/": "/", "/a/:b": "/a/:b", "/:path*": "/[[...path]]", "/a/:path+": "/a/[...path]",
		"/a/:b(\\d+)": "", "/(.*)": "", "/:a*/b": "", "/a/:b?": "", "/x-:y": "", "a": "", "/*": "", "/:": "",
	} {
		got, why := sourcePattern(source)
		if got != want || (why == "") == (want == "") {
			t.Errorf("sourcePattern(%q) = %q, %q; want %q", source, got, why, want)
		}
	}
}

// A path of Express is one pattern, two where its end is optional, or Express's alone.
func TestExpressPatterns(t *testing.T) {
	for own, want := range map[string][]string{
		"/": {"/"}, "/a/:id": {"/a/:id"}, "/a/:id?": {"/a", "/a/:id"}, "/:id?": {"/", "/:id"}, "/a{/:id}": {"/a", "/a/:id"}, "/f/*rest": {"/f/*rest"},
		"*": nil, "/f/*": nil, "/a-:b": nil, "/a?b": nil, "/:a-:b": nil, "/(x|y)": nil, "/:a.json": nil, "/a{b}c": nil,
	} {
		got, why := expressPatterns(own)
		if diff := cmp.Diff(want, got); diff != "" || (why == "") == (want == nil) {
			t.Errorf("expressPatterns(%q): %s %s", own, why, diff)
		}
	}
}

// Middleware stands in front of an endpoint where some request of it may match, and never behind what it cannot match.
func TestMatchers(t *testing.T) {
	for _, c := range []struct {
		matcher, pattern string
		want             bool
	}{
		{"/api/:path*", "/api/users/[id]", true},
		{"/api/:path*", "/api", true},
		{"/api/:path*", "/apis", false},
		{"/api/admin", "/api/[role]", true},
		{"/api/admin", "/api/user", false},
		{"/about/:path+", "/about/x", true},
		{"/((?!api|_next/static|favicon.ico).*)", "/api/users", false},
		{"/((?!api|_next/static|favicon.ico).*)", "/dashboard/[id]", true},
		{"/api/(admin|user)/x", "/api/[role]/x", true},
		{"/api/(admin|user)/x", "/api/other/x", false},
		{"/api/:id(\\d+)", "/api/x", false},
		{"/(broken", "/anything", true},
		{"/x", "/[...rest]", true},
	} {
		g := Guard{Matchers: []string{c.matcher}}
		if got := g.Covers(c.pattern); got != c.want {
			t.Errorf("%s in front of %s: %t, want %t", c.matcher, c.pattern, got, c.want)
		}
	}
	if !(&Guard{}).Covers("/any") {
		t.Error("middleware without a matcher stands in front of everything")
	}
}

// Sizes are those of the package bytes.
func TestBytes(t *testing.T) {
	for text, want := range map[string]int64{"10b": 10, "500kb": 500 << 10, "4mb": 4 << 20, "1.5 MB": 3 << 19, "7": 7, "2GB": 2 << 30, "x": -1, "": -1, "1e3mb": -1} {
		got, ok := bytesOf(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("bytesOf(%q) = %d, want %d", text, got, want)
		}
	}
}

// A project that has nothing says so, and what could not be read of it.
func TestNothing(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"no endpoint was found: there is neither pages/api nor app with a route file, nor an Express app": {"x.txt": {}},
		"no endpoint was found:\npages/api/x.js:1: cannot be read: Unexpected end of file":                {"pages/api/x.js": {Data: []byte("(")}},
	} {
		if _, err := Read(files); err == nil || err.Error() != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
}

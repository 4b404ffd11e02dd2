package project

// middleware.ts and proxy.ts: which endpoints they stand in front of. Where that is not sure, they do: an endpoint must not
// lose its guard by moving.

import (
	"io/fs"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

func (r *reader) readMiddleware(c config) {
	for _, stem := range []string{"middleware", "proxy", "src/middleware", "src/proxy"} {
		for _, e := range c.extensions {
			name := stem + "." + e
			if _, err := fs.Stat(r.fsys, name); err != nil {
				continue
			}
			g := &Guard{Name: "middleware", At: name}
			r.Guards = append(r.Guards, g)
			f, exports := r.exports(name)
			if f == nil {
				continue // broken, and so in front of everything
			}
			g.Text = f.Source
			config, ok := exports.Get("config").(*js.Object)
			if !ok || config.Props["matcher"] == nil {
				continue // no matcher: every request
			}
			var unsure bool
			g.Matchers, unsure = matchers(config.Get("matcher"))
			if unsure {
				r.note(name, "its matcher is not a literal, so that it is taken to stand in front of everything")
				g.Matchers = nil
			}
		}
	}
}

func matchers(v js.Value) (list []string, unsure bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, false
	case *js.Object:
		source, ok := v.Get("source").(string)
		return []string{source}, !ok
	case *js.Array:
		unsure = v.Open
		for _, item := range v.Items {
			more, u := matchers(item)
			list, unsure = append(list, more...), unsure || u
		}
		return list, unsure
	}
	return nil, true
}

// Covers says whether the middleware of Next.js may run for a request of a pattern, without the base path.
func (g *Guard) Covers(pattern string) bool {
	if g.Matchers == nil {
		return true
	}
	for _, m := range g.Matchers {
		if matcherCovers(m, pattern) {
			return true
		}
	}
	return false
}

var (
	paramSegment  = regexp.MustCompile(`^(?:\[.*\]|[:*].*)$`)
	matcherParam  = regexp.MustCompile(`/:(\w+)(\((?:[^()]|\([^()]*\))*\))?([*+?]?)`)
	wordInMatcher = regexp.MustCompile(`[\w.-]+`)
)

func matcherCovers(matcher, pattern string) bool {
	if p, why := sourcePattern(matcher); why == "" {
		return overlap(strings.Split(p, "/"), strings.Split(pattern, "/"))
	}
	// A regular expression is asked about paths that the pattern matches: each word of it may be the value of a parameter.
	expression := matcherParam.ReplaceAllStringFunc(matcher, func(s string) string {
		m := matcherParam.FindStringSubmatch(s)
		one := m[2]
		if one == "" {
			one = "([^/]+)"
		}
		switch m[3] {
		case "*":
			return "(?:/" + one + "(?:/" + one + ")*)?"
		case "+":
			return "(?:/" + one + "(?:/" + one + ")*)"
		case "?":
			return "(?:/" + one + ")?"
		}
		return "/" + one
	})
	re, err := regexp2.Compile("^"+expression+"/?$", regexp2.ECMAScript)
	if err != nil {
		return true
	}
	re.MatchTimeout = 100 * time.Millisecond
	values := append([]string{"x"}, wordInMatcher.FindAllString(matcher, 50)...)
	for _, value := range values {
		segments := strings.Split(pattern, "/")
		for i, s := range segments {
			if paramSegment.MatchString(s) {
				segments[i] = value
			}
		}
		if ok, err := re.MatchString(strings.Join(segments, "/")); ok || err != nil {
			return true
		}
	}
	return false
}

// overlap says whether some path matches both patterns.
func overlap(a, b []string) bool {
	rest := func(s []string) bool {
		return len(s) > 0 && (strings.Contains(s[0], "...") || strings.HasPrefix(s[0], "*"))
	}
	switch {
	case rest(a) || rest(b):
		return true // its first segment may be anything, and nothing at worst
	case len(a) == 0 || len(b) == 0:
		return len(a) == len(b)
	case a[0] != b[0] && !paramSegment.MatchString(a[0]) && !paramSegment.MatchString(b[0]):
		return false
	}
	return overlap(a[1:], b[1:])
}

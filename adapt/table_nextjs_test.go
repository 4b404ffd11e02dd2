package adapt

// Next.js's own cases of routes that sort, clash and match, and the complete list of those in which
// this table answers differently, each with the reason.

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/pattern"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// verdict is what this table says of a set of routes, in words: the rules that patterns break, the
// kinds of collisions, or "works".
func verdict(lines []string) (string, []*entry) {
	names := map[pattern.Rule]string{
		pattern.Start: "Start", pattern.NoEmpty: "NoEmpty", pattern.Named: "Named", pattern.Brackets: "Brackets",
		pattern.Periods: "Periods", pattern.ThreeDots: "ThreeDots", pattern.NotOptional: "NotOptional", pattern.Last: "Last",
		pattern.Repeated: "Repeated", pattern.Alike: "Alike", pattern.Signs: "Signs", pattern.WholeSegment: "WholeSegment",
	}
	kinds := map[Kind]string{KindDuplicate: "Duplicate", KindVerbOverAny: "Shadow", KindAmbiguous: "Ambiguous"}
	var entries []*entry
	var said []string
	for i, line := range lines {
		e, err := newEntry(i, line)
		if err != nil {
			e, _ := errors.AsType[*pattern.SyntaxError](err)
			said = append(said, names[e.Rule])
			continue
		}
		entries = append(entries, e)
	}
	for c := range Collisions(check(entries)) {
		said = append(said, kinds[c.Kind])
	}
	if len(said) == 0 {
		return "works", entries
	}
	slices.Sort(said)
	return strings.Join(slices.Compact(said), " "), entries
}

// kindsOfNextJS says what each of its errors is here.
var kindsOfNextJS = map[string]string{
	"same_slug_repeat":               "Repeated",
	"slugs_differ_only_by_non_word":  "Alike",
	"catchall_not_last":              "Last",
	"optional_catchall_not_last":     "Last",
	"extra_brackets":                 "Brackets",
	"erroneous_periods":              "Periods",
	"three_dot_character":            "ThreeDots",
	"optional_param_unsupported":     "NotOptional",
	"empty_param_name":               "Named",
	"required_and_optional_catchall": "Ambiguous",
	"ambiguous_app_routes":           "Duplicate",
	// Names do not count here, so this is an error only where nothing but the names differs.
	"different_slug_names": "Duplicate",
	// Nothing is ambiguous about /p beside /p/[[...s]]: the path itself goes to the former.
	"same_specificity_as_optional_catchall": "works",
}

// differencesFromNextJS are the cases in which the rule above does not hold, or in which Next.js
// sees no error.
var differencesFromNextJS = map[string]struct{ verdict, why string }{
	"sort-32": {"Duplicate", "one route registered twice is a mistake, not one file"},
	"sort-33": {"works", "a slash at the end is significant, so there are two routes"},
	"sort-34": {"Start", "a pattern begins with a slash"},
	"sort-44": {"works", "other names, and no path in common"},
	"sort-54": {"Named", "a parameter without a name cannot be read"},
	"sort-55": {"Named", "a parameter without a name cannot be read"},
	"sort-56": {"Named", "a parameter without a name cannot be read"},
	"sort-59": {"Signs", "a name in brackets that is not a segment would match nothing but its own text, and nobody would see why"},
	"sort-60": {"WholeSegment", "as sort-59"},
	"sort-61": {"Signs", "as sort-59"},
	"sort-62": {"WholeSegment", "as sort-59"},
	"sort-64": {"Named", "a star begins a catch-all; the character is written \\*"},
	"sort-71": {"NoEmpty", "an empty segment is a mistake, not removed"},
	"appv-33": {"Last", "that the first catch-all is not the last segment is the nearer reason"},
	"appv-37": {"Ambiguous", "the validator misses what the sorter refuses at start"},
	"appv-38": {"Ambiguous", "the validator misses what the sorter refuses at start"},
	"appv-43": {"Duplicate", "one route registered twice is a mistake, not one file"},
}

func TestNextJSRouteSorting(t *testing.T) {
	type vector struct {
		ID     string
		Routes []string
		Expect struct {
			Sorted []string
			Error  *struct{ Kind string }
		}
	}
	var vectors struct{ Sorter, AppValidator []vector }
	reference.Read(t, "routes/route-sort.json", &vectors)
	for _, v := range slices.Concat(vectors.Sorter, vectors.AppValidator) {
		var lines []string
		for _, r := range v.Routes {
			lines = append(lines, "fetch GET "+r)
		}
		got, entries := verdict(lines)
		want := "works"
		if v.Expect.Error != nil {
			want = kindsOfNextJS[v.Expect.Error.Kind]
		}
		if d, ok := differencesFromNextJS[v.ID]; ok {
			if d.verdict == want && v.Expect.Sorted == nil {
				t.Errorf("%s is listed as a difference and is none", v.ID)
			}
			want = d.verdict
		} else if v.Expect.Sorted != nil {
			var order []string
			for _, e := range sorted(entries, byPrecedence) {
				order = append(order, e.Pattern)
			}
			if !slices.Equal(order, v.Expect.Sorted) {
				t.Errorf("%s: sorted %q, want %q", v.ID, order, v.Expect.Sorted)
			}
		}
		if got != want {
			t.Errorf("%s: %q: %s, want %s", v.ID, v.Routes, got, want)
		}
	}
}

func TestNextJSMatching(t *testing.T) {
	differences := map[string]string{
		"/a on /a/":            "a slash at the end is significant; the mux redirects",
		"/[id] on /x/":         "a slash at the end is significant; the mux redirects",
		"/p/[id]/q on /p/1/q/": "a slash at the end is significant; the mux redirects",
		"/[...s] on /a/b/":     "a slash at the end is part of the rest",
		"/[id] on /%":          "it matches, and the mux answers 400 when it decodes the value",
	}
	var vectors struct {
		Matching []struct {
			Pattern, Path string
			Expect        struct {
				Match  bool
				Params map[string]any
			}
		}
	}
	reference.Read(t, "routes/route-sort.json", &vectors)
	for _, v := range vectors.Matching {
		if v.Pattern == "/p-[id]" || v.Pattern == "/[id].json" {
			continue // mistakes here: see sort-59
		}
		p := parseAll(t, []string{v.Pattern})[0]
		values, got := p.Match(v.Path)
		params := map[string]any{}
		for i, name := range p.Names() {
			switch kind := p.Segments[len(p.Segments)-1].Kind; {
			case !got || kind == pattern.OptionalCatchAll && values[i] == "":
			case kind >= pattern.CatchAll && i == len(values)-1:
				var list []any
				for segment := range strings.SplitSeq(values[i], "/") {
					text, _ := pathname.Decode(segment)
					list = append(list, text)
				}
				params[name] = list
			default:
				params[name], _ = pathname.Decode(values[i])
			}
		}
		same := got == v.Expect.Match && (!got || cmp.Equal(params, v.Expect.Params))
		id := v.Pattern + " on " + v.Path
		if _, listed := differences[id]; same == listed {
			t.Errorf("%s: %v with %v, want %v with %v; listed as a difference: %v", id, got, params, v.Expect.Match, v.Expect.Params, listed)
		}
	}
}

// fileRoute is the route that a file of a Next.js project is: pages/api files serve all methods in
// the old shape, a route.js serves its verbs in the new one, here GET, and so do pages and public
// files in neither shape.
func fileRoute(file string) string {
	name := "/" + strings.TrimSuffix(file, path.Ext(file))
	kind, rest, _ := strings.Cut(name[1:], "/")
	line := map[string]string{"pages": "reqres ANY ", "app": "fetch GET ", "public": "http GET "}[kind]
	var segments []string
	for segment := range strings.SplitSeq(rest, "/") {
		if kind == "app" && (strings.HasPrefix(segment, "(") || strings.HasPrefix(segment, "@")) {
			continue // a group or a slot is not part of the path
		}
		segments = append(segments, segment)
	}
	switch last := segments[len(segments)-1]; {
	case kind == "app" && last == "page":
		line = "http GET "
		fallthrough
	case kind == "app", last == "index":
		segments = segments[:len(segments)-1]
	}
	return line + "/" + strings.Join(segments, "/")
}

func TestNextJSConflicts(t *testing.T) {
	// What Next.js refuses or gets wrong, and what the same routes are here. An empty why: both
	// refuse.
	want := map[string]struct{ verdict, why string }{
		"app-pages-three":                    {"Shadow", ""},
		"app-group-pages":                    {"Shadow", ""},
		"app-slot-pages":                     {"Shadow", ""},
		"app-pages-dyn-same-name":            {"Shadow", ""},
		"app-pages-dyn-diff-name":            {"Shadow", "Next.js builds it and dies at start"},
		"app-pages-dyn-diff-name-no-overlap": {"works", "no path in common, so names do not matter"},
		"app-pages-optional-apex":            {"works", "both say that the exact file wins"},
		"app-pages-index":                    {"Shadow", ""},
		"page-vs-route":                      {"Duplicate", ""},
		"route-vs-route-groups":              {"Duplicate", "webpack builds it and serves one of them"},
		"route-vs-route-ext":                 {"Duplicate", "Next.js drops one of them silently"},
		"root-page-vs-route":                 {"Duplicate", ""},
		"app-ambiguous":                      {"Duplicate", ""},
		"app-ambiguous-two":                  {"Duplicate", ""},
		"app-catchall-vs-optional":           {"Ambiguous", "Next.js builds it and dies at start"},
		"app-optional-apex":                  {"works", "the exact file wins, as between app and pages"},
		"app-catchall-middle":                {"Last", ""},
		"app-slug-nonword":                   {"Alike", ""},
		"app-optional-param":                 {"NotOptional", ""},
		"app-empty-param":                    {"Named", ""},
		"pages-duplicate":                    {"Duplicate", "Next.js drops one of them silently"},
		"pages-slug-repeat":                  {"Repeated", "webpack builds it and dies at start"},
		"public-pages":                       {"Shadow", ""},
		"public-app":                         {"Duplicate", "Next.js lets the file shadow the route"},
		"app-pages-mixed-depth-diff-name":    {"works", "no path in common, so names do not matter"},
		"app-pages-static-under-dyn":         {"works", "the literal wins"},
		"app-pages-shadow-catchall":          {"Shadow", ""},
	}
	var vectors struct {
		Cases []struct {
			ID    string
			Files []string
		}
	}
	reference.Read(t, "routes/conflicts.json", &vectors)
	for _, v := range vectors.Cases {
		var lines []string
		for _, file := range v.Files {
			lines = append(lines, fileRoute(file))
		}
		if got, _ := verdict(lines); got != want[v.ID].verdict {
			t.Errorf("%s: %q: %s, want %q", v.ID, lines, got, want[v.ID].verdict)
		}
	}
}

// Which file answers where both routers share the paths: pages files as routes of Any in the old
// shape, app files as routes of GET in the new one.
func TestNextJSMixedRouters(t *testing.T) {
	var vectors struct {
		Files map[string]string
		Cases []struct {
			ID      string
			Request struct{ Method, Path string }
			Expect  struct{ Body string }
		}
	}
	reference.Read(t, "nextjs/mixed-routers.json", &vectors)
	var lines []string
	for file, router := range vectors.Files {
		switch {
		case !strings.HasPrefix(file, "/api/mix"):
		case strings.HasPrefix(router, "pages"):
			lines = append(lines, "reqres ANY "+file)
		case strings.HasPrefix(router, "app"):
			lines = append(lines, "fetch GET "+file)
		}
	}
	said, entries := verdict(lines)
	if said != "works" || len(entries) != 8 {
		t.Fatalf("%q: %s", lines, said)
	}
	table := tableOf(entries)
	asked := 0
	for _, v := range vectors.Cases {
		if !strings.HasPrefix(v.Request.Path, "/api/mix") {
			continue
		}
		asked++
		e, _ := table.find(v.Request.Method, v.Request.Path)
		if v.ID == "app-static-wins-wrong-method" {
			// Next.js chooses the path first and answers 405. Here the method comes first, or GET
			// of a path could not move to the new shape while its POST is still in the old one.
			if got := routed(e); !strings.HasPrefix(got, "reqres ANY /api/mix/[id]") {
				t.Errorf("%s: served by %s", v.ID, got)
			}
			continue
		}
		var answer struct{ From string }
		if err := json.Unmarshal([]byte(v.Expect.Body), &answer); err != nil {
			t.Fatal(err)
		}
		router := map[Shape]string{ShapeReqRes: "pages", ShapeFetch: "app"}[e.Shape]
		if got := fmt.Sprintf("%s %s", router, strings.TrimPrefix(e.Pattern, "/api/")); got != answer.From {
			t.Errorf("%s: served by %q, want %q", v.ID, got, answer.From)
		}
	}
	if asked < 6 {
		t.Errorf("only %d requests asked", asked)
	}
}

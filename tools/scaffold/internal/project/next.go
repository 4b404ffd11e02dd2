package project

// Next.js: the files are the routes.

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

var verbs = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

func (r *reader) readNext() {
	config := r.readConfig()
	for _, kind := range []string{"pages", "app"} {
		for _, base := range []string{kind, "src/" + kind} {
			info, err := fs.Stat(r.fsys, base)
			if err != nil || !info.IsDir() {
				continue
			}
			if kind == "pages" {
				r.readPages(base, config)
			} else {
				r.readApp(base, config)
			}
			break // Next.js ignores src where the folder is at the root
		}
	}
	if len(r.Endpoints) == 0 {
		return
	}
	r.readMiddleware(config)
	for _, e := range r.Endpoints {
		for _, g := range r.Guards {
			if g.Covers(strings.TrimPrefix(e.Pattern, config.basePath)) {
				e.Guards = append(e.Guards, g)
			}
		}
	}
}

// walk calls f for every source file below a folder, in the order of the alphabet.
func (r *reader) walk(dir string, f func(name string)) {
	err := fs.WalkDir(r.fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.note(name, "%v", err)
		case d.IsDir() && d.Name() == "node_modules":
			return fs.SkipDir
		case d.Type().IsRegular():
			f(name)
		}
		return nil
	})
	if err != nil {
		r.note(dir, "%v", err)
	}
}

// page cuts off the extension of a file that is a page; ok is false for what is none.
func (c config) page(name string) (stem string, ok bool) {
	if strings.HasSuffix(name, ".d.ts") {
		return "", false
	}
	for _, e := range c.extensions {
		if stem, ok := strings.CutSuffix(name, "."+e); ok {
			return stem, true
		}
	}
	return "", false
}

func (r *reader) readPages(base string, c config) {
	r.walk(base, func(name string) {
		stem, ok := c.page(strings.TrimPrefix(name, base))
		if !ok || stem != "/api" && !strings.HasPrefix(stem, "/api/") {
			return
		}
		f, exports := r.exports(name)
		if f == nil {
			return
		}
		own := stem
		if path.Base(stem) == "index" {
			own = path.Dir(stem)
		}
		handler, ok := exports.Props["default"]
		if object, isObject := handler.(*js.Object); isObject && object == exports {
			ok = false
		}
		if !ok {
			r.note(name, "has no default export, so that Next.js answers 500")
			return
		}
		e := r.endpoint("ANY", c.basePath+own, name, handler)
		e.Notes = append(e.Notes, comparedMethods(f.Source)...)
		r.segmentConfig(e, exports)
		if e.Handler == nil && e.Wrapped == "" {
			if _, isValue := handler.(*js.Unknown); !isValue {
				if _, isImport := handler.(js.External); !isImport {
					r.note(name, "its default export is not a function, so that Next.js answers 500")
					return
				}
			}
		}
		r.Endpoints = append(r.Endpoints, e)
	})
}

func (r *reader) readApp(base string, c config) {
	r.walk(base, func(name string) {
		stem, ok := c.page(strings.TrimPrefix(name, base))
		if !ok || path.Base(stem) != "route" {
			return
		}
		own, why := appPath(path.Dir(stem))
		if why != "" {
			r.note(name, "%s", why)
			return
		}
		f, exports := r.exports(name)
		if f == nil {
			return
		}
		found := false
		for _, verb := range verbs {
			handler, ok := exports.Props[verb]
			if !ok {
				continue
			}
			found = true
			e := r.endpoint(verb, c.basePath+own, name, handler)
			e.Fetch = true
			r.segmentConfig(e, exports)
			r.Endpoints = append(r.Endpoints, e)
		}
		for _, k := range exports.Keys {
			if upper := strings.ToUpper(k); upper != k && slices.Contains(verbs, upper) {
				r.note(name, "exports %s, which Next.js ignores: verbs are in capitals", k)
			}
		}
		switch {
		case !found && exports.Open:
			r.note(name, "re-exports verbs that cannot be told without running it")
		case !found:
			r.note(name, "exports no verb, so that Next.js answers 405")
		}
	})
}

// appPath returns the path of a folder of app, or why it is none.
func appPath(dir string) (own, why string) {
	var out []string
	for s := range strings.SplitSeq(strings.Trim(dir, "/"), "/") {
		switch {
		case s == "" || s == ".":
		case strings.HasPrefix(s, "_"):
			return "", "is in the private folder " + s + ", which is not routed"
		case strings.HasPrefix(s, "(.)") || strings.HasPrefix(s, "(..)") || strings.HasPrefix(s, "(...)"):
			return "", "is in the intercepting folder " + s + ", which only a navigation of Next.js' own client reaches"
		case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")"), strings.HasPrefix(s, "@"):
		default:
			out = append(out, strings.NewReplacer("%5F", "_", "%5f", "_").Replace(s))
		}
	}
	return "/" + strings.Join(out, "/"), ""
}

// endpoint makes an endpoint of what a file exports.
func (r *reader) endpoint(method, own, file string, handler js.Value) *Endpoint {
	e := &Endpoint{Method: method, Own: own, Pattern: nextPattern(own), File: file, Line: 1}
	e.set(handler)
	return e
}

var dynamicSegment = regexp.MustCompile(`^\[.*\]$`)

// nextPattern returns a path of Next.js in the syntax of the mux. A segment is dynamic as a whole
// only; what is special in another one is a character.
func nextPattern(own string) string {
	segments := strings.Split(own, "/")
	for i, s := range segments {
		if !dynamicSegment.MatchString(s) {
			segments[i] = strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`, "*", `\*`).Replace(s)
		}
	}
	return strings.Join(segments, "/")
}

// set says what serves e.
func (e *Endpoint) set(handler js.Value) {
	e.Name = js.Name(handler)
	defer func() {
		if strings.HasSuffix(e.Name, "_default") { // the compiler's name for export default
			e.Name = ""
		}
	}()
	switch h := handler.(type) {
	case *js.Func:
		for h.Wraps != nil {
			e.Wrapped = h.Wrapper
			h = h.Wraps
		}
		if h.Name != "" {
			e.Name = h.Name
		}
		e.Handler = h
		first, last := h.File.Lines(h.Node)
		if h.File.Name == e.File {
			e.First, e.Last, e.Line = first, last, first
		} else {
			e.Notes = append(e.Notes, fmt.Sprintf("its function stands in %s:%d", h.File.Name, first))
		}
	case *js.Unknown:
		if h.Node != nil && h.File.Name == e.File {
			e.First, e.Last = h.File.Lines(h.Node)
			e.Line = e.First
		}
		if h.Callee != nil {
			e.Wrapped = js.Name(h.Callee)
			if e.Wrapped == "" {
				e.Wrapped = "a call"
			}
		}
		if e.Name == "" || strings.ContainsAny(e.Name, "(){}=> ") {
			e.Name = e.Wrapped
		}
	case js.External:
		e.Notes = append(e.Notes, "its function comes from the package "+h.Package)
	}
}

var methodCompared = regexp.MustCompile(`\bmethod\s*[!=]==?\s*['"](\w+)['"]|\bcase\s*['"]([A-Z]+)['"]|['"]([A-Z]+)['"]\s*[!=]==?\s*\w+\.method`)

// comparedMethods tells the verbs with which a handler compares.
func comparedMethods(source string) []string {
	var found []string
	for _, m := range methodCompared.FindAllStringSubmatch(source, -1) {
		if v := m[1] + m[2] + m[3]; slices.Contains(verbs, v) && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b string) int { return slices.Index(verbs, a) - slices.Index(verbs, b) })
	return []string{"asks for " + strings.Join(found, ", ")}
}

// segmentConfig reads what a file says about itself: runtime, maxDuration, limits of bodies.
func (r *reader) segmentConfig(e *Endpoint, exports *js.Object) {
	about := func(name string, v js.Value) {
		if s, ok := plain(v); ok {
			e.Notes = append(e.Notes, name+" = "+s)
			if name == "runtime" && strings.Contains(s, "edge") {
				e.Fetch = true
			}
		} else if v != nil {
			e.Notes = append(e.Notes, name+" is not a literal")
		}
	}
	for _, name := range []string{"runtime", "dynamic", "revalidate", "fetchCache", "dynamicParams", "maxDuration", "preferredRegion"} {
		if v, ok := exports.Props[name]; ok {
			about(name, v)
		}
	}
	if _, ok := exports.Props["generateStaticParams"]; ok {
		e.Notes = append(e.Notes, "has generateStaticParams: Next.js answers it from a cache")
	}
	config, ok := exports.Get("config").(*js.Object)
	if !ok {
		return
	}
	for _, name := range []string{"runtime", "maxDuration", "regions"} {
		if v, ok := config.Props[name]; ok {
			about(name, v)
		}
	}
	api, ok := config.Get("api").(*js.Object)
	if !ok {
		return
	}
	for _, name := range api.Keys {
		if parser, ok := api.Get(name).(*js.Object); ok && name == "bodyParser" {
			limit := parser.Get("sizeLimit")
			about("bodyParser.sizeLimit", limit)
			if n, ok := bytesOf(limit); ok {
				r.Body = max(r.Body, n)
			}
			continue
		}
		about(name, api.Get(name))
	}
}

// plain returns a literal as text.
func plain(v js.Value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float64, bool:
		return fmt.Sprint(v), true
	case *js.Array:
		var parts []string
		for _, item := range v.Items {
			s, ok := plain(item)
			if !ok {
				return "", false
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ", "), !v.Open
	}
	return "", false
}

var sizePattern = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?) *(b|kb|mb|gb|tb|pb)?$`)

// bytesOf reads a size as the package bytes does.
func bytesOf(v js.Value) (int64, bool) {
	if n, ok := v.(float64); ok {
		return int64(n), n >= 0 && n < 1<<50
	}
	s, _ := v.(string)
	m := sizePattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, false
	}
	var n float64
	if _, err := fmt.Sscanf(m[1], "%g", &n); err != nil {
		return 0, false
	}
	for _, unit := range []string{"kb", "mb", "gb", "tb", "pb"} {
		if m[2] == "" || strings.EqualFold(m[2], "b") {
			break
		}
		n *= 1024
		if strings.EqualFold(m[2], unit) {
			break
		}
	}
	return int64(n), n < 1<<50
}

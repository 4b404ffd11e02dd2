package project

// Express: the program is followed as far as it registers routes with what can be told without running it.

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

// express collects the routers of a program.
type express struct {
	routers []*router
	notes   []Note
}

// router is an app or a Router.
type router struct {
	at      js.Pos
	app     bool
	ops     []op
	mounted bool
}

// op is one call on a router: a route, a mount, or middleware.
type op struct {
	at       js.Pos
	method   string // "" for use
	paths    []string
	handlers []js.Value
}

// routeOf is what app.route(path) returns.
type routeOf struct {
	r     *router
	paths []string
}

var expressVerbs = []string{"get", "head", "post", "put", "patch", "delete", "options", "all"}

// quiet are the methods of an app that register nothing.
var quiet = []string{"set", "enable", "disable", "engine", "listen", "on", "once", "enabled", "disabled"}

// call is asked about every call of the program.
func (x *express) call(c js.Call) (js.Value, bool) {
	if made, ok := c.Callee.(js.External); ok {
		switch {
		case made == js.External{Package: "express"}:
			return x.router(c, true), true
		case made.Package == "express" && made.Path == "Router", made == js.External{Package: "express-promise-router"}, made == js.External{Package: "router"}:
			return x.router(c, false), true
		}
	}
	host, ok := c.This.(*js.Host)
	if !ok {
		if u, unknown := c.This.(*js.Unknown); unknown && u.Node == nil && slices.Contains(expressVerbs, c.Method) && len(c.Args) > 1 {
			if path, ok := c.Args[0].(string); ok && strings.HasPrefix(path, "/") && functionLike(c.Args[len(c.Args)-1]) {
				x.notes = append(x.notes, Note{c.Pos.String(), fmt.Sprintf("%s %s is registered on something that cannot be told without running it", strings.ToUpper(c.Method), path)})
			}
		}
		return nil, false
	}
	switch on := host.Data.(type) {
	case *router:
		return x.onRouter(c, host, on)
	case *routeOf:
		if slices.Contains(expressVerbs, c.Method) {
			on.r.ops = append(on.r.ops, op{at: c.Pos, method: c.Method, paths: on.paths, handlers: flatten(c.Args)})
		}
		return host, true
	}
	return nil, false
}

func functionLike(v js.Value) bool {
	switch v.(type) {
	case *js.Func, *js.Unknown:
		return true
	}
	return false
}

func (x *express) router(c js.Call, app bool) *js.Host {
	r := &router{at: c.Pos, app: app}
	x.routers = append(x.routers, r)
	return &js.Host{Data: r}
}

func (x *express) onRouter(c js.Call, host *js.Host, r *router) (js.Value, bool) {
	note := func(format string, args ...any) {
		x.notes = append(x.notes, Note{c.Pos.String(), fmt.Sprintf(format, args...)})
	}
	switch {
	case c.Method == "" && c.Callee != nil:
		note("a route is registered with a method that cannot be told without running it: %s", excerpt(c))
	case c.Method == "get" && len(c.Args) == 1: // app.get('a setting')
		return nil, false
	case c.Method == "route":
		paths, ok := pathsOf(c.Args)
		if !ok {
			note("a route has a path that cannot be told without running it: %s", excerpt(c))
		}
		return &js.Host{Data: &routeOf{r, paths}}, true
	case slices.Contains(expressVerbs, c.Method):
		paths, ok := pathsOf(c.Args)
		if !ok {
			note("a route has a path that cannot be told without running it: %s", excerpt(c))
			return host, true
		}
		r.ops = append(r.ops, op{at: c.Pos, method: c.Method, paths: paths, handlers: flatten(c.Args[1:])})
	case c.Method == "use":
		args := c.Args
		o := op{at: c.Pos, paths: []string{""}}
		if paths, ok := pathsOf(args); ok {
			o.paths, args = paths, args[1:]
		} else if len(args) > 1 && isPathLike(args[0]) {
			note("something is mounted at a path that cannot be told without running it: %s", excerpt(c))
			args = args[1:]
			o.paths = []string{"/*"}
		}
		o.handlers = flatten(args)
		for _, h := range o.handlers {
			if mounted, ok := h.(*js.Host); ok {
				if m, ok := mounted.Data.(*router); ok {
					m.mounted = true
				}
			} else if h == nil {
				note("what is mounted cannot be told without running it: %s", excerpt(c))
			}
		}
		r.ops = append(r.ops, o)
	case c.Method == "param":
		note("param runs a function in front of every route with a parameter: %s", excerpt(c))
	case slices.Contains(quiet, c.Method):
	default:
		if f, ok := c.Callee.(*js.Unknown); !ok || f.Node != nil {
			return nil, false
		}
	}
	return host, true
}

func excerpt(c js.Call) string {
	if c.Node == nil {
		return "new"
	}
	return c.File.Excerpt(c.Node)
}

// isPathLike says whether the first argument of use may be a path that is not known, and not middleware.
func isPathLike(v js.Value) bool {
	u, ok := v.(*js.Unknown)
	return ok && u.Callee == nil
}

// pathsOf returns the first argument of a route where that is a path, or a list of paths.
func pathsOf(args []js.Value) ([]string, bool) {
	if len(args) == 0 {
		return nil, false
	}
	switch p := args[0].(type) {
	case string:
		return []string{p}, true
	case *js.Array:
		var paths []string
		for _, item := range p.Items {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			paths = append(paths, s)
		}
		return paths, len(paths) > 0 && !p.Open
	}
	return nil, false
}

// flatten returns a list of handlers, the arrays in it opened.
func flatten(args []js.Value) []js.Value {
	var out []js.Value
	for _, a := range args {
		if list, ok := a.(*js.Array); ok {
			out = append(out, flatten(list.Items)...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// skipped are the folders in which no program of the service is.
var skipped = []string{"node_modules", "dist", "build", "out", "coverage", "public", "test", "tests", "__tests__", "e2e", "spec", "cypress", "vendor"}

var (
	usesExpress = regexp.MustCompile(`['"](?:express|express-promise-router|router)['"]`)
	// A name may have a number behind it, which the compiler puts there.
	makesRoutes = regexp.MustCompile(`\b(?:express|Router)\s*\(|\b(?:\w*[aA]pp|\w*[rR]outer|server|route)\d*\.(?:get|post|put|patch|delete|all|use|route)\s*\(`)
	testFile    = regexp.MustCompile(`\.(?:test|spec|e2e|stories|min|d)\.\w+$`)
)

func (r *reader) readExpress() {
	var names []string
	uses := false
	err := fs.WalkDir(r.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.note(name, "%v", err)
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains(skipped, d.Name())):
			return fs.SkipDir
		case d.Type().IsRegular() && isCode(name) && !testFile.MatchString(name):
			text, err := fs.ReadFile(r.fsys, name)
			if err != nil {
				r.note(name, "%v", err)
				return nil
			}
			if !bytes.Contains(text, []byte("express")) && !bytes.Contains(text, []byte("oute")) && !bytes.Contains(text, []byte("pp.")) {
				return nil // most files: the patterns are slow
			}
			isExpress := usesExpress.Match(text)
			uses = uses || isExpress
			if isExpress || makesRoutes.Match(text) {
				names = append(names, name)
			}
		}
		return nil
	})
	if err != nil {
		r.note(".", "%v", err)
	}
	if !uses {
		return
	}
	for _, name := range names {
		if f := r.parse(name); f != nil {
			r.program.Module(f)
		}
	}
	r.program.Rest(makesRoutes.MatchString)
	r.Notes = append(r.Notes, r.express.notes...)
	w := &walker{reader: r, guards: map[string]*Guard{}, seen: map[string]*Endpoint{}}
	for _, app := range r.express.routers {
		if app.app && !app.mounted {
			w.walk(app, "", nil, map[*router]bool{})
		}
	}
	for _, one := range r.express.routers {
		if !w.walked[one] && len(one.ops) > 0 {
			r.note(one.at.String(), "this router has %d lines and is mounted nowhere that can be told without running it", len(one.ops))
		}
	}
}

// walker follows the mounts from the apps.
type walker struct {
	*reader
	guards map[string]*Guard
	seen   map[string]*Endpoint
	walked map[*router]bool
}

// inFront is middleware and the paths for which it runs.
type inFront struct {
	prefix string
	guard  *Guard
}

func (w *walker) walk(r *router, prefix string, before []inFront, above map[*router]bool) {
	if w.walked == nil {
		w.walked = map[*router]bool{}
	}
	w.walked[r] = true
	if above[r] {
		return // mounted below itself
	}
	above[r] = true
	defer delete(above, r)
	before = slices.Clone(before)
	for _, o := range r.ops {
		for _, p := range o.paths {
			full := join(prefix, p)
			if o.method == "" {
				for _, h := range o.handlers {
					if mounted, ok := h.(*js.Host); ok {
						if m, ok := mounted.Data.(*router); ok {
							w.walk(m, full, before, above)
						}
						continue
					}
					if g := w.guard(h, o.at); g != nil {
						before = append(before, inFront{full, g})
					}
				}
				continue
			}
			w.route(o, full, before)
		}
	}
}

func join(prefix, p string) string {
	if p == "" || p == "/" {
		return prefix
	}
	return strings.TrimSuffix(prefix, "/") + "/" + strings.TrimPrefix(p, "/")
}

// guard is middleware, nil for what never stands in front: a handler of errors.
func (w *walker) guard(h js.Value, at js.Pos) *Guard {
	if f, ok := h.(*js.Func); ok && len(f.Params()) == 4 {
		w.note(f.Pos.String(), "an error handler: what has moved answers errors through Config.ErrorResponse")
		return nil
	}
	g := &Guard{Name: js.Name(h), At: at.String()}
	switch h := h.(type) {
	case *js.Func:
		g.At, g.Text = h.Pos.String(), h.File.Text(h.Node)
		if h.Made != nil {
			g.Name = h.MadeAt.File.Excerpt(h.Made) // auth('admin') is not auth('user')
		}
	case *js.Unknown:
		if h.Node != nil {
			g.Text = h.File.Text(h.Node)
			g.At = h.Pos.String()
		}
		g.Harmless = harmless(h.Callee)
		if len(h.Args) > 0 && strings.HasPrefix(g.Harmless, "reads ") {
			if options, ok := h.Args[0].(*js.Object); ok {
				if n, ok := bytesOf(options.Get("limit")); ok {
					w.Body = max(w.Body, n)
				}
			}
		}
	case js.External:
		g.Harmless = harmless(h)
	}
	if known, ok := w.guards[g.At+g.Name]; ok {
		return known
	}
	w.guards[g.At+g.Name] = g
	w.Guards = append(w.Guards, g)
	return g
}

// harmless says why a package's middleware need not be in front of what has moved, "" for all that may refuse or change
// something.
func harmless(v js.Value) string {
	made, ok := v.(js.External)
	if !ok {
		return ""
	}
	switch made.Package {
	case "express":
		switch made.Path {
		case "json", "urlencoded", "text", "raw":
			return "reads bodies, which handlers do here"
		case "static":
			return "serves files, which stay with Express"
		}
	case "body-parser", "cookie-parser":
		return "reads requests, which handlers do here"
	case "morgan", "express-winston", "pino-http":
		return "writes a log; see adapt.RequestLog"
	case "compression":
		return "compresses answers; see r.Use"
	case "response-time":
		return "measures answers; see Routes.OnEnd"
	case "serve-favicon":
		return "serves a file, which stays with Express"
	}
	return ""
}

func (w *walker) route(o op, full string, before []inFront) {
	if full == "" {
		full = "/"
	}
	method := strings.ToUpper(o.method)
	if o.method == "all" {
		method = "ANY"
	}
	patterns, why := expressPatterns(full)
	if why != "" {
		patterns = []string{""}
	}
	for _, p := range patterns {
		e := &Endpoint{Method: method, Pattern: p, Own: full, Reason: why, File: o.at.File.Name, Line: o.at.File.Line(o.at.Idx)}
		var handler js.Value
		if n := len(o.handlers); n > 0 {
			handler = o.handlers[n-1]
		}
		e.set(handler)
		e.File, e.Line = o.at.File.Name, o.at.File.Line(o.at.Idx)
		for _, b := range before {
			if overlap(strings.Split(b.prefix, "/"), firstOf(strings.Split(full, "/"), strings.Count(b.prefix, "/")+1)) {
				e.Guards = append(e.Guards, b.guard)
			}
		}
		for _, h := range o.handlers[:max(0, len(o.handlers)-1)] {
			if g := w.guard(h, o.at); g != nil {
				e.Guards = append(e.Guards, g)
			}
		}
		if p != "" {
			key := method + " " + anonymous(p)
			if first, ok := w.seen[key]; ok && first.File == e.File && first.Line == e.Line {
				continue // of two apps that one function has made
			} else if ok {
				w.note(fmt.Sprintf("%s:%d", e.File, e.Line), "%s %s is registered before, in %s:%d, and reached only where that calls next", method, full, first.File, first.Line)
				continue
			}
			w.seen[key] = e
		}
		w.Endpoints = append(w.Endpoints, e)
	}
}

func firstOf(s []string, n int) []string { return s[:min(n, len(s))] }

var namedParam = regexp.MustCompile(`:\w+`)

func anonymous(pattern string) string { return namedParam.ReplaceAllString(pattern, ":") }

var (
	expressParam = regexp.MustCompile(`^:\w+$`)
	expressRest  = regexp.MustCompile(`^\*\w+$`)
)

// expressPatterns returns a path of Express in the syntax of the mux: two where its end is
// optional. why says why it has none.
func expressPatterns(own string) (patterns []string, why string) {
	base, optional := own, ""
	if i := strings.LastIndex(own, "/:"); i >= 0 && strings.HasSuffix(own, "?") && !strings.Contains(own[i+1:], "/") { // Express 4
		base, optional = own[:i], own[i:len(own)-1]
	}
	if i := strings.Index(own, "{/"); i >= 0 && strings.HasSuffix(own, "}") { // Express 5
		base, optional = own[:i], own[i+1:len(own)-1]
	}
	for s := range strings.SplitSeq(base+optional, "/") {
		if s != "" && strings.ContainsAny(s, ":*()[]{}?+!\\") && !expressParam.MatchString(s) && !expressRest.MatchString(s) {
			return nil, "only Express can tell what " + s + " matches"
		}
	}
	if base == "" {
		base = "/"
	}
	patterns = []string{base}
	if optional != "" {
		patterns = append(patterns, path.Join(base, optional))
	}
	return patterns, ""
}

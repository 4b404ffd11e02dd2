package project

// next.config and vercel.json: redirects, rewrites and what changes paths, as far as they are literals.

import (
	"io/fs"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

type config struct {
	basePath   string
	extensions []string // of pages, without the dot
}

func (r *reader) readConfig() config {
	c := config{extensions: []string{"tsx", "ts", "jsx", "js"}}
	for _, name := range []string{"next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts", "next.config.cjs"} {
		if _, err := fs.Stat(r.fsys, name); err != nil {
			continue
		}
		f, exports := r.exports(name)
		if f == nil {
			break
		}
		o := r.configObject(exports.Props["default"], 0)
		if o == nil && exports.Props["default"] == nil {
			o = exports
		}
		if o == nil {
			r.note(name, "the configuration is not an object that can be told without running it")
			break
		}
		if o.Open {
			r.note(name, "a part of the configuration cannot be told without running it")
		}
		if base, ok := o.Get("basePath").(string); ok && base != "" {
			c.basePath = "/" + strings.Trim(base, "/")
		}
		if list, ok := o.Get("pageExtensions").(*js.Array); ok {
			c.extensions = nil
			for _, item := range list.Items {
				if e, ok := item.(string); ok {
					c.extensions = append(c.extensions, strings.TrimPrefix(e, "."))
				}
			}
		}
		if on, _ := o.Get("trailingSlash").(bool); on {
			r.note(name, "trailingSlash is on: Next.js redirects every path without a slash at its end")
		}
		if _, ok := o.Props["i18n"]; ok {
			r.note(name, "i18n is on: pages have a path for each locale, which is left to Next.js")
		}
		if _, ok := o.Props["headers"]; ok {
			r.note(name, "headers() adds headers to answers; what has moved needs them from Routes.OnHead")
		}
		r.redirects(name, c.basePath, r.called(o.Get("redirects")))
		switch rewrites := r.called(o.Get("rewrites")).(type) {
		case *js.Object:
			for _, when := range []string{"beforeFiles", "afterFiles", "fallback"} {
				if list, ok := rewrites.Props[when]; ok {
					r.rewrites(name, c.basePath, list)
				}
			}
		case nil:
		default:
			r.rewrites(name, c.basePath, rewrites)
		}
		break
	}
	if vercel := r.json("vercel.json"); vercel != nil {
		r.redirects("vercel.json", "", vercel.Get("redirects"))
		r.rewrites("vercel.json", "", vercel.Get("rewrites"))
		for _, name := range []string{"headers", "routes", "functions", "crons"} {
			if _, ok := vercel.Props[name]; ok {
				r.note("vercel.json", "%s is left to the platform", name)
			}
		}
	}
	return c
}

// configObject finds the configuration in what the file exports: an object, a function that returns one, or one that is
// given to a plugin.
func (r *reader) configObject(v js.Value, depth int) *js.Object {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case *js.Object:
		return v
	case *js.Func:
		return r.configObject(r.program.Invoke(v, nil), depth+1)
	case *js.Unknown:
		for _, a := range v.Args {
			if o := r.configObject(a, depth+1); o != nil {
				return o
			}
		}
		if callee, ok := v.Callee.(*js.Unknown); ok { // withPlugins(…)(config)
			return r.configObject(callee, depth+1)
		}
	}
	return nil
}

// called returns what a function of the configuration returns, or the value itself.
func (r *reader) called(v js.Value) js.Value {
	if f, ok := v.(*js.Func); ok {
		return r.program.Invoke(f, nil)
	}
	return v
}

// entries calls f for each object of a list, and notes what is not one.
func (r *reader) entries(at, what string, v js.Value, f func(o *js.Object, source, destination string)) {
	if v == nil {
		return
	}
	list, ok := v.(*js.Array)
	if !ok {
		r.note(at, "%s cannot be told without running it", what)
		return
	}
	if list.Open {
		r.note(at, "there are more %s than can be told without running it", what)
	}
	for _, item := range list.Items {
		o, ok := item.(*js.Object)
		if !ok {
			r.note(at, "one of the %s is not a literal", what)
			continue
		}
		source, ok := o.Get("source").(string)
		destination, literal := o.Get("destination").(string)
		if !ok || !literal {
			r.note(at, "one of the %s, of %q, is not a literal", what, source)
			continue
		}
		f(o, source, destination)
	}
}

func (r *reader) redirects(at, base string, v js.Value) {
	r.entries(at, "redirects", v, func(o *js.Object, source, destination string) {
		if off, ok := o.Get("basePath").(bool); !ok || off {
			source = base + source
			if strings.HasPrefix(destination, "/") {
				destination = base + destination
			}
		}
		pattern, why := sourcePattern(source)
		if _, ok := o.Props["has"]; ok {
			why = "it depends on what the request has"
		}
		if _, ok := o.Props["missing"]; ok {
			why = "it depends on what the request has"
		}
		status := 307
		if permanent, _ := o.Get("permanent").(bool); permanent {
			status = 308
		}
		if at == "vercel.json" && o.Props["permanent"] == nil {
			status = 308
		}
		if n, ok := o.Get("statusCode").(float64); ok {
			status = int(n)
		}
		if status < 300 || status > 399 {
			why = "its status is not that of a redirection"
		}
		if why == "" && !destinationUses(pattern, destination) {
			why = "its destination has parameters that its source lacks"
		}
		if why != "" {
			r.note(at, "the redirect from %s to %s is left to Next.js: %s", source, destination, why)
			return
		}
		r.Redirects = append(r.Redirects, Redirect{At: at, Pattern: pattern, Own: source, Destination: destination, Status: status})
	})
}

func (r *reader) rewrites(at, base string, v js.Value) {
	r.entries(at, "rewrites", v, func(o *js.Object, source, destination string) {
		if off, ok := o.Get("basePath").(bool); !ok || off {
			source = base + source
			if strings.HasPrefix(destination, "/") {
				destination = base + destination
			}
		}
		w := Rewrite{At: at, Own: source, Destination: destination}
		w.Pattern, w.Reason = sourcePattern(source)
		for _, condition := range []string{"has", "missing"} {
			if _, ok := o.Props[condition]; ok {
				w.Pattern, w.Reason = "", "it depends on what the request has"
			}
		}
		r.Rewrites = append(r.Rewrites, w)
	})
}

// sourcePattern returns a source of Next.js' configuration in the syntax of the mux, or why that
// has none.
func sourcePattern(source string) (pattern, why string) {
	if !strings.HasPrefix(source, "/") {
		return "", "its source does not begin with /"
	}
	segments := strings.Split(source, "/")
	for i, s := range segments {
		name, isParam := strings.CutPrefix(s, ":")
		stem := strings.TrimRight(name, "*+")
		switch {
		case strings.ContainsAny(s, "(){}?\\") || !isParam && strings.ContainsAny(s, "*+:") || !isWord(stem) && isParam:
			return "", "its source is a regular expression"
		case isParam && stem != name && i < len(segments)-1:
			return "", "its source has something behind " + s
		case isParam && strings.HasSuffix(name, "*"):
			segments[i] = "[[..." + stem + "]]"
		case isParam && strings.HasSuffix(name, "+"):
			segments[i] = "[..." + stem + "]"
		}
	}
	return strings.Join(segments, "/"), ""
}

func isWord(s string) bool {
	for _, c := range s {
		if c != '_' && (c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}

// destinationUses says whether a destination has just parameters that its pattern has, each as a whole segment of its path.
func destinationUses(pattern, destination string) bool {
	rest, query, _ := strings.Cut(destination, "?")
	if i := strings.Index(rest, "://"); i >= 0 {
		_, rest, _ = strings.Cut(rest[i+3:], "/")
	}
	if strings.ContainsAny(rest, "(){}\\") || strings.Contains(query, ":") {
		return false
	}
	for s := range strings.SplitSeq(rest, "/") {
		name, isParam := strings.CutPrefix(s, ":")
		name = strings.TrimRight(name, "*+")
		if !isParam && strings.Contains(s, ":") {
			return false
		}
		if isParam && !strings.Contains(pattern+"/", "/:"+name+"/") && !strings.Contains(pattern, "..."+name+"]") {
			return false
		}
	}
	return true
}

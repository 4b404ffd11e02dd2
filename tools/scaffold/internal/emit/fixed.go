package emit

// The files that there is one of: the table, the list of endpoints, the program, the README.

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// mark is the line above which a later run adds.
const mark = "// scaffold: what is new goes above this line"

// line returns the line of the table for an endpoint.
func (w *writer) line(r row) string {
	if r.Pattern == "" || r.name == "" {
		return fmt.Sprintf("\t// %s %s stays with Node: %s.\n", r.Method, oneLine(r.Own), oneLine(cmp.Or(r.Reason, r.why)))
	}
	handler := r.name
	if !r.Fetch {
		handler = "adapt.ToFetch(" + handler + ")"
	}
	handler = w.guarded(handler, w.chain(r.Endpoint))
	state := "a stub"
	if r.translated {
		state = "translated"
	}
	// The comment stands above, since gofmt would move those behind other lines when one is added.
	return fmt.Sprintf("\t// %s:%d, %s\n\told.Migrate(%q, %q, %s)\n", oneLine(r.File), r.Line, state, r.Method, r.Pattern, handler)
}

// entry returns the line of the list for an endpoint.
func entry(e *project.Endpoint) string {
	s := fmt.Sprintf("\t{Method: %q, Pattern: %q", e.Method, e.Pattern)
	if e.Own != e.Pattern {
		s += fmt.Sprintf(", Own: %q", e.Own)
	}
	if e.Reason != "" {
		s += fmt.Sprintf(", Reason: %q", e.Reason)
	}
	if e.Name != "" {
		s += fmt.Sprintf(", Handler: %q", oneLine(e.Name))
	}
	return s + fmt.Sprintf(", Source: \"%s:%d\"},\n", strings.Trim(fmt.Sprintf("%q", e.File), `"`), e.Line)
}

// redirects writes the redirections of the configuration, each an endpoint for every method.
func (w *writer) redirects() {
	var b strings.Builder
	for _, d := range w.Redirects {
		e := &project.Endpoint{Method: "ANY", Pattern: d.Pattern, Own: d.Own, Fetch: true, File: d.At, Line: 1, Name: "redirect"}
		r := row{Endpoint: e, key: "ANY " + d.Own + " " + d.At + " redirect", translated: true}
		if _, ok := w.state.Endpoints[r.key]; ok {
			continue
		}
		if why := w.refused(e); why != "" {
			w.Report.Notes = append(w.Report.Notes, project.Note{At: d.At, Text: "the redirect from " + d.Own + " is left to Next.js: " + why})
			continue
		}
		r.fresh = true
		r.name = w.taken.take(camel("redirect", words(d.Own)...), "")
		w.state.Endpoints[r.key] = r.name
		w.rows = append(w.rows, r)
		fmt.Fprintf(&b, "\n// %s sends %s to %s, as %s has it.\nfunc %s(req *fetch.Request) (*fetch.Response, error) {\n\treturn redirectTo(req, %q, %d)\n}\n",
			r.name, oneLine(d.Own), oneLine(d.Destination), oneLine(d.At), r.name, d.Destination, d.Status)
	}
	if b.Len() == 0 {
		return
	}
	if w.again && w.files["redirects.go"] && w.state.Written["redirects.go"] != "" {
		w.texts[w.files.take("redirects", ".go")] = "package main\n\n" + imports("fetch") + b.String()
		return
	}
	w.texts["redirects.go"] = "package main\n\n// The redirections of the configuration.\n\n" + imports("net/url", "strings", "fetch") + b.String() + `
// redirectTo fills the parameters of the path into destination and takes the query along.
func redirectTo(req *fetch.Request, destination string, status int) (*fetch.Response, error) {
	path, query, _ := strings.Cut(destination, "?")
	scheme, rest, absolute := strings.Cut(path, "://")
	if absolute {
		path = rest
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if name, ok := strings.CutPrefix(s, ":"); ok {
			values := req.Params(strings.TrimRight(name, "*+"))
			for j, v := range values {
				values[j] = url.PathEscape(v)
			}
			segments[i] = strings.Join(values, "/")
		}
	}
	if path = strings.Join(segments, "/"); absolute {
		path = scheme + "://" + path
	} else if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	all := req.URL().RawQuery
	if query != "" && all != "" {
		all = "&" + all
	}
	if query+all != "" {
		path += "?" + query + all
	}
	refresh := fetch.ResponseOption{}
	if status == 308 { // for browsers of long ago
		refresh = fetch.SetHeader("Refresh", "0;url="+path)
	}
	return fetch.Bytes([]byte(path), fetch.Status(status), fetch.SetHeader("Location", path), refresh)
}
`
}

// rewrites lists the rewrites of the configuration as endpoints of Node. One that leads to an endpoint with the same
// parameters is served by its handler.
func (w *writer) rewrites() {
	for _, rw := range w.Rewrites {
		e := &project.Endpoint{Method: "ANY", Pattern: rw.Pattern, Own: rw.Own, Reason: rw.Reason, Fetch: true, File: rw.At, Line: 1, Name: "rewrite"}
		r := row{Endpoint: e, key: "ANY " + rw.Own + " " + rw.At + " rewrite"}
		if _, ok := w.state.Endpoints[r.key]; ok {
			continue
		}
		if why := w.refused(e); e.Pattern != "" && why != "" {
			w.Report.Notes = append(w.Report.Notes, project.Note{At: rw.At, Text: "the rewrite of " + rw.Own + " to " + rw.Destination + " is left to Next.js: " + why})
			continue
		}
		var targets []row
		for _, t := range w.rows {
			if e.Pattern != "" && t.Pattern != "" && t.Name != "redirect" && destinationIs(rw.Destination, t.Pattern) {
				targets = append(targets, t)
			}
		}
		r.fresh = true
		w.state.Endpoints[r.key] = ""
		if len(targets) == 0 {
			r.why = cmp.Or(r.Reason, "it is rewritten to "+rw.Destination)
			w.rows = append(w.rows, r)
		}
		for _, t := range targets {
			copied := *t.Endpoint
			copied.Pattern, copied.Own = e.Pattern, e.Own
			copied.Guards = slices.Clone(copied.Guards) // those of the path that was asked for stand in front too
			for _, g := range w.Project.Guards {
				if g.Covers(e.Pattern) && !slices.Contains(copied.Guards, g) {
					copied.Guards = append(copied.Guards, g)
				}
			}
			copied.Notes = append(slices.Clone(copied.Notes), "it is a rewrite to "+t.Own)
			w.rows = append(w.rows, row{Endpoint: &copied, key: r.key, name: t.name, translated: t.translated, fresh: true})
		}
	}
}

// destinationIs says whether a destination of a rewrite is the path of an endpoint, with the same names.
func destinationIs(destination, pattern string) bool {
	d, p := strings.Split(destination, "/"), strings.Split(pattern, "/")
	if len(d) != len(p) {
		return false
	}
	for i := range d {
		name, isParam := strings.CutPrefix(d[i], ":")
		stem := strings.TrimRight(name, "*+")
		same := d[i] == p[i] && !isParam
		if isParam {
			same = slices.Contains([]string{"[" + name + "]", "[..." + stem + "]", "[[..." + stem + "]]"}, p[i])
		}
		if !same {
			return false
		}
	}
	return true
}

// refused says why the table cannot have one more endpoint.
func (w *writer) refused(e *project.Endpoint) string {
	if e.Pattern == "" {
		return e.Reason
	}
	if why := refusal(e); why != "" {
		return why
	}
	all := []*project.Endpoint{e}
	for _, r := range w.rows {
		all = append(all, r.Endpoint)
	}
	if _, err := build(all); err != nil {
		return "a file serves the same path"
	}
	return ""
}

// table writes routes.go and endpoints.go, or adds to them.
func (w *writer) table() {
	var lines, entries strings.Builder
	listed := map[string]bool{}
	for _, r := range w.rows {
		if !r.fresh {
			continue
		}
		lines.WriteString(w.line(r))
		if key := r.Method + " " + r.Pattern + " " + r.Own; !listed[key] {
			listed[key] = true
			entries.WriteString(entry(r.Endpoint))
		}
	}
	if lines.Len() == 0 && w.again {
		return
	}
	w.add("routes.go", lines.String(), "\t", `package main

`+imports("adapt")+`
// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
`, "}\n")
	w.add("endpoints.go", entries.String(), "\t", `package main

`+imports("adapt")+`
// endpoints are those of the Node service: what reports count, and what the lines of the table are checked against.
var endpoints = []adapt.Endpoint{
`, "}\n")
}

// add writes a file, or puts text above its mark.
func (w *writer) add(name, text, indent, head, tail string) {
	old, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil || !w.again {
		w.texts[name] = head + text + indent + mark + "\n" + tail
		return
	}
	before, after, ok := strings.Cut(string(old), indent+mark)
	if !ok {
		w.Report.Notes = append(w.Report.Notes, project.Note{At: name, Text: "has no line any more that says where to add; paste these:\n" + text})
		return
	}
	w.texts[name] = before + text + indent + mark + after
}

// fixed writes what a first run alone writes, and the README.
func (w *writer) fixed() error {
	if w.again {
		w.later()
		return nil
	}
	kind, flavor, answers := "Express", "", ""
	if w.Next {
		kind = "NextJS"
		flavor = "\n\tReqRes:  reqres.Settings{Flavor: reqres.NextJS}, // handlers of pages/api"
		answers = "\n\tAnswers: adapt.Standard, // handlers of app"
	}
	limits := ""
	if w.Body > 1<<20 {
		limits = fmt.Sprintf("\n\tLimits: adapt.Limits{Body: %d}, // the largest that a file of the project asks for", w.Body)
	}
	used := []string{"context", "flag", "log", "net/http", "adapt", "adapt/migrate", "adapt/origin"}
	if flavor != "" {
		used = append(used, "reqres")
	}
	w.texts["main.go"] = "// Command " + oneLine(filepath.Base(w.Dir)) + " stands in front of a Node service, and takes its endpoints over one by one.\npackage main\n\n" + imports(slices.Compact(slices.Sorted(slices.Values(used)))...) + `
func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "where to listen")
	node := flag.String("node", "http://127.0.0.1:3000", "where the Node service listens")
	var plan migrate.Plan
	flag.TextVar(&plan.Stage, "stage", migrate.Old, "the stage of all endpoints: at old Node answers, at shadow the handlers here are compared with it,\n"+
		"at live they answer and Node what they cannot, at new they alone answer")
	flag.Parse()
	mux, err := newMux(*node, plan)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s, in front of %s; %s", *listen, *node, plan)
	server := &http.Server{Addr: *listen, Handler: mux}
	err = server.ListenAndServe()
	mux.Shutdown(context.Background())
	log.Fatal(err)
}

// config is that of the whole service. Handlers answer as they did in Node.
var config = adapt.Config{` + flavor + answers + limits + `
}

// newMux makes the service in front of the Node service at a URL.
func newMux(node string, plan migrate.Plan) (*adapt.Mux, error) {
	app, err := origin.New(origin.Config{URL: node, Kind: origin.` + kind + `, Endpoints: endpoints})
	if err != nil {
		return nil, err
	}
	return config.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Plan: plan, OnEvent: migrate.LogEvents(nil)}}, func(r *adapt.Routes) { routes(r.Legacy("/", app)) })
	})
}
`
	w.texts["README.md"] = w.readme()
	return w.module()
}

// module writes a go.mod where no module is around the folder.
func (w *writer) module() error {
	dir, err := filepath.Abs(w.Dir)
	if err != nil {
		return err
	}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return nil
		} else if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	module := cmp.Or(w.Module, strings.Join(words(filepath.Base(dir)), "-"), "service")
	text := "module " + module + "\n\ngo 1.26\n"
	if w.Checkout != "" {
		checkout, err := filepath.Abs(w.Checkout)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("\nrequire github.com/crossfade-go/crossfade v0.0.0\n\nreplace github.com/crossfade-go/crossfade => %q\n", checkout)
	}
	w.texts["go.mod"] = text
	return nil
}

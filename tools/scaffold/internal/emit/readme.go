package emit

// The README: what is left to do.

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// cell is text in a table of Markdown.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "`", "'", "<", "&lt;").Replace(oneLine(s))
}

func code(s string) string {
	return "`" + strings.NewReplacer("|", `\|`, "`", "'").Replace(oneLine(s)) + "`"
}

func (w *writer) readme() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# %s in Go

Written by scaffold from %s. Node still answers everything:

    go mod tidy
    go run . -node http://127.0.0.1:3000

Then endpoint by endpoint: port the handler, compare it with Node (`+"`-stage shadow`"+`), let it answer (`+"`-stage live`"+`). A
handler that is not ported leaves its requests to Node at every stage but `+"`new`"+`. The table is `+"`routes.go`"+`; a later run of
scaffold adds what the project has got since, and changes nothing else.

%d of %d endpoints have a first translation, each with a test of what the JavaScript answered when scaffold ran it. Read them
before they serve: a parameter that is repeated is its first value, where JavaScript has a list; an object of a body that is
sent back has its keys in the order of the alphabet; a body that cannot be read is a 400.

`, oneLine(filepath.Base(w.Dir)), oneLine(w.Source), w.Report.Translated, w.Report.Endpoints)
	b.WriteString("## What is left\n\n")
	w.list(&b)
	if len(w.Report.Notes) > 0 {
		b.WriteString("\n## To look at\n\n")
		for _, n := range w.Report.Notes {
			fmt.Fprintf(&b, "- %s\n", cell(n.String()))
		}
	}
	return b.String()
}

// list writes the tables of what is new.
func (w *writer) list(b *strings.Builder) {
	b.WriteString("| endpoint | file | handler | |\n|---|---|---|---|\n")
	for _, r := range w.rows {
		if !r.fresh {
			continue
		}
		what := "a stub: " + r.why
		switch {
		case r.name == "":
			what = "stays with Node: " + cmp.Or(r.Reason, r.why)
		case r.translated:
			what = "translated"
		case r.why == "":
			what = "a stub"
		}
		for _, n := range r.about() {
			what += "; " + n
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", code(r.Method+" "+r.Own), code(fmt.Sprintf("%s:%d", r.File, r.Line)), code(r.name), cell(what))
	}
	if len(w.Project.Guards) > 0 {
		b.WriteString("\n| middleware | place | |\n|---|---|---|\n")
		for _, g := range w.Project.Guards {
			what := g.Harmless
			if name, ok := w.guardName[g]; ok {
				what = "a stub, " + name
			}
			if len(g.Matchers) > 0 {
				what += "; for " + strings.Join(g.Matchers, ", ")
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", code(g.Name), code(g.At), cell(what))
		}
	}
}

// later adds what a later run has found to the README, and tells what has changed since the first.
func (w *writer) later() {
	present := map[string]bool{}
	for _, r := range w.rows {
		present[r.key] = true
	}
	for _, key := range slices.Sorted(mapKeys(w.state.Endpoints)) {
		if !present[key] && !strings.HasSuffix(key, " redirect") && !strings.HasSuffix(key, " rewrite") {
			w.Report.Notes = append(w.Report.Notes, project.Note{Text: key + " is gone from the project; its line and its handler are still here"})
		}
	}
	for _, file := range slices.Sorted(mapKeys(w.state.Sources)) {
		if text, err := fs.ReadFile(w.Files, file); err == nil && sum(string(text)) != w.state.Sources[file] {
			w.Report.Notes = append(w.Report.Notes, project.Note{At: file, Text: "has changed since its handlers were written"})
		}
	}
	if len(w.texts) == 0 {
		return
	}
	old, err := os.ReadFile(filepath.Join(w.Dir, "README.md"))
	if err != nil {
		return // somebody has removed it
	}
	var b strings.Builder
	b.WriteString("\n## Found by a later run\n\n")
	w.list(&b)
	w.texts["README.md"] = strings.TrimRight(string(old), "\n") + "\n" + b.String()
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

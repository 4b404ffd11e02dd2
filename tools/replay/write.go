package main

// The report as text, JSON, Markdown and HTML. What stands in it comes from answers and files, so
// each form takes away from it what would mean something there.

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

func writeJSON(w io.Writer, r *report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// plain shows what a terminal would obey as the escape of a Go string.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) && c != ' ' }) {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func writeText(out io.Writer, r *report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s against %s, %.1f s)\n", r.headline(), plain(r.New), plain(r.Old), r.Seconds)
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "- %s\n", plain(note))
	}
	b.WriteString("\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ENDPOINT\tASKED\tALIKE\tDIFFERENT\tUNSTABLE\tFAILED")
	for _, e := range r.Endpoints {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", plain(e.Name), e.Asked, e.Alike, e.Different, e.Unstable, e.Failed)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	last := ""
	for _, p := range r.Places {
		if p.Endpoint != last {
			last = p.Endpoint
			fmt.Fprintf(&b, "\n%s\n", plain(last))
		}
		fmt.Fprintf(&b, "  %s  %s  x %d", plain(p.Place), p.Kind, p.Count)
		if p.Old != "" || p.New != "" {
			fmt.Fprintf(&b, "  - %s  + %s", plain(p.Old), plain(p.New))
		}
		if p.Hint != "" {
			fmt.Fprintf(&b, "\n      %s", plain(p.Hint))
		}
		fmt.Fprintf(&b, "\n      %s\n", plain(p.Curl))
	}
	if len(r.Left) > 0 {
		b.WriteString("\nleft out\n")
		for _, l := range r.Left {
			fmt.Fprintf(&b, "  %s\n", plain(l.String()))
		}
		if more := r.Skipped + r.Unreadable - len(r.Left); more > 0 {
			fmt.Fprintf(&b, "  … and %d more\n", more)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// maxRows bounds a table of Markdown: a job summary holds 1 MiB.
const maxRows = 200

// code returns a value in a cell of a table: a span of code that ends where it should.
func code(s string) string {
	s = strings.ReplaceAll(plain(s), "|", `\|`)
	if s == "" {
		return ""
	}
	if !strings.Contains(s, "`") {
		return "`" + s + "`"
	}
	fence := "``"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence + " " + s + " " + fence
}

func writeMarkdown(out io.Writer, r *report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Replay: %s\n\n", r.headline())
	fmt.Fprintf(&b, "%s against %s, %s, %.1f s\n\n", code(r.New), code(r.Old), code(r.File), r.Seconds)
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "- %s\n", code(note))
	}
	b.WriteString("\n| endpoint | asked | alike | different | unstable | failed |\n| --- | --: | --: | --: | --: | --: |\n")
	for i, e := range r.Endpoints {
		if i == maxRows {
			fmt.Fprintf(&b, "| %d more | | | | | |\n", len(r.Endpoints)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", code(e.Name), e.Asked, e.Alike, e.Different, e.Unstable, e.Failed)
	}
	if len(r.Places) > 0 {
		b.WriteString("\n| endpoint | place | kind | requests | old | new |\n| --- | --- | --- | --: | --- | --- |\n")
	}
	for i, p := range r.Places {
		if i == maxRows {
			fmt.Fprintf(&b, "| %d more | | | | | |\n", len(r.Places)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %s | %s |\n", code(p.Endpoint), code(p.Place), p.Kind, p.Count, code(p.Old), code(p.New))
	}
	b.WriteString("\n")
	_, err := io.WriteString(out, b.String())
	return err
}

//go:embed report.html
var page string

var html = template.Must(template.New("report").Funcs(template.FuncMap{"plain": plain}).Parse(page))

func writeHTML(w io.Writer, r *report) error {
	return html.Execute(w, struct {
		*report
		Headline string
		Notes    []string
	}{r, r.headline(), r.notes()})
}

package crossfade_test

// The pictures of the README and of CONTRIBUTING are made from the code: the stages of a migration
// from their names, the packages from their imports. Each exists for a light and a dark page.
//
//	go test -run TestPictures -update .

import (
	"fmt"
	"html"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// theme is the colours of a page.
type theme struct{ name, ink, soft, line, old, next, box string }

var themes = []theme{
	{"light", "#1f2328", "#59636e", "#b7bfc9", "#8250df", "#1a7f37", "#f6f8fa"},
	{"dark", "#f0f6fc", "#9198a1", "#4d5560", "#8957e5", "#238636", "#151b23"},
}

func TestPictures(t *testing.T) {
	graph := packages(t)
	for _, c := range themes {
		for file, picture := range map[string]string{
			"adapt/migrate/stages-" + c.name + ".svg": stagesPicture(c),
			"internal/packages-" + c.name + ".svg":    packagesPicture(c, graph),
		} {
			got, err := os.ReadFile(file)
			if err == nil && string(got) == picture {
				continue
			}
			if !*update {
				t.Errorf("%s is stale; run go test -run TestPictures -update .", file)
				continue
			}
			if err := os.WriteFile(file, []byte(picture), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// svg is the picture under construction.
type svg struct {
	strings.Builder
	theme
}

func newSVG(c theme, width, height int, title string) *svg {
	p := &svg{theme: c}
	fmt.Fprintf(p, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\" font-family=\"-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif\" font-size=\"13\">\n",
		width, height, width, height, html.EscapeString(title))
	fmt.Fprintf(p, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(p, "<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"%s\"/></marker>\n", c.line)
	return p
}

func (p *svg) text(x, y int, colour, more, s string) {
	fmt.Fprintf(p, "<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"middle\"%s>%s</text>\n", x, y, colour, more, html.EscapeString(s))
}

func (p *svg) rect(x, y, width, height int, fill, more string) {
	fmt.Fprintf(p, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"%s/>\n", x, y, width, height, fill, more)
}

func (p *svg) arrow(path string) {
	fmt.Fprintf(p, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" marker-end=\"url(#arrow)\"/>\n", path, p.line)
}

func (p *svg) end() string { return p.String() + "</svg>\n" }

// stagesPicture shows for each stage who serves, and what happens beside it.
func stagesPicture(c theme) string {
	const column, width = 172, 148
	p := newSVG(c, 5*column+4, 226, "The five stages of a migration: old, shadow, canary, live, new")
	rows := []struct {
		stage migrate.Stage
		old   int // percent of the requests that old serves
		says  [2]string
	}{
		{migrate.Old, 100, [2]string{"old serves", ""}},
		{migrate.Shadow, 100, [2]string{"old serves; new gets a", "copy and is compared"}},
		{migrate.Canary, 75, [2]string{"new serves a share", "of the users"}},
		{migrate.Live, 0, [2]string{"new serves; old steps in", "where new fails"}},
		{migrate.New, 0, [2]string{"new serves; delete", "the old handler"}},
	}
	for i, r := range rows {
		x := 12 + i*column
		middle := x + width/2
		if i > 0 {
			p.arrow(fmt.Sprintf("M%d 78H%d", x-column+width+3, x-3))
		}
		p.rect(x, 48, width, 132, c.box, fmt.Sprintf(" stroke=\"%s\" rx=\"8\"", c.line))
		p.text(middle, 76, c.ink, ` font-weight="600" font-size="16"`, r.stage.String())
		bar := width - 32
		old := bar * r.old / 100
		if old > 0 {
			p.rect(x+16, 92, old, 22, c.old, "")
			p.text(x+16+old/2, 107, "#ffffff", ` font-size="12"`, "old")
		}
		if old < bar {
			p.rect(x+16+old, 92, bar-old, 22, c.next, "")
			p.text(x+16+old+(bar-old)/2, 107, "#ffffff", ` font-size="12"`, "new")
		}
		if r.stage == migrate.Shadow || r.stage == migrate.Canary {
			fmt.Fprintf(p, "<rect x=\"%d\" y=\"118\" width=\"%d\" height=\"5\" fill=\"none\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>\n", x+16, old, c.next)
		}
		if r.stage == migrate.Live {
			fmt.Fprintf(p, "<rect x=\"%d\" y=\"118\" width=\"%d\" height=\"5\" fill=\"none\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>\n", x+16, bar, c.old)
		}
		p.text(middle, 146, c.soft, ` font-size="12"`, r.says[0])
		p.text(middle, 163, c.soft, ` font-size="12"`, r.says[1])
	}
	p.text(12+2*column+width/2, 28, c.soft, "", "pair.Set moves it, in the running process →")
	p.arrow(fmt.Sprintf("M%d 184V204H%dV186", 12+4*column+width/2, 12+width/2))
	p.text(12+2*column+width/2, 221, c.soft, "", "← pair.Kill, or the guard, when new is worse than old")
	return p.end()
}

// packages are the imports of the packages of this module, those below internal but for rollout as
// one.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	name := func(path string) string {
		path = strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		switch {
		case path == "":
			return "crossfade"
		case strings.HasPrefix(path, "internal/rollout"):
			return "internal/rollout"
		case strings.HasPrefix(path, "internal/"):
			return "internal/…"
		}
		return path
	}
	graph := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.Contains(path, "/internal/promises") {
			continue // they only test
		}
		from := name(path)
		graph[from] = append(graph[from], nil...)
		for imp := range strings.FieldsSeq(imports) {
			if to := name(imp); strings.HasPrefix(imp, module) && to != from && (from != "crossfade" || to != "internal/…") && from != "internal/…" {
				graph[from] = append(graph[from], to)
			}
		}
	}
	for from, list := range graph {
		slices.Sort(list)
		graph[from] = slices.Compact(list)
	}
	return graph
}

// reaches reports whether there is a way from one package to the other.
func reaches(graph map[string][]string, from, to string) bool {
	for _, next := range graph[from] {
		if next == to || reaches(graph, next, to) {
			return true
		}
	}
	return false
}

// packagesPicture draws the packages in layers, each above what it imports, and of the arrows those
// that do not follow from others.
func packagesPicture(c theme, graph map[string][]string) string {
	layer := map[string]int{}
	var depth func(name string) int
	depth = func(name string) (n int) {
		for _, to := range graph[name] {
			n = max(n, depth(to)+1)
		}
		layer[name] = n
		return n
	}
	layers := map[int][]string{}
	top := 0
	for _, name := range slices.Sorted(maps.Keys(graph)) {
		n := depth(name)
		top = max(top, n)
		layers[n] = append(layers[n], name)
	}
	const row, height = 76, 34
	width := 0
	for _, names := range layers {
		width = max(width, len(names)*196)
	}
	p := newSVG(c, width, (top+1)*row, "The packages and what they import")
	type place struct{ x, y int }
	at := map[string]place{}
	for n, names := range layers {
		gap := width / len(names)
		for i, name := range names {
			at[name] = place{gap*i + gap/2, (top-n)*row + 20 + height/2}
		}
	}
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		for _, to := range graph[from] {
			if slices.ContainsFunc(graph[from], func(other string) bool { return other != to && reaches(graph, other, to) }) {
				continue
			}
			a, b := at[from], at[to]
			p.arrow(fmt.Sprintf("M%d %dC%d %d %d %d %d %d", a.x, a.y+height/2, a.x, a.y+row-20, b.x, b.y-row+20, b.x, b.y-height/2-2))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(graph)) {
		a := at[name]
		more := fmt.Sprintf(" stroke=\"%s\" rx=\"6\"", c.line)
		if strings.HasPrefix(name, "internal/") {
			more += ` stroke-dasharray="4 3"`
		}
		p.rect(a.x-88, a.y-height/2, 176, height, c.box, more)
		p.text(a.x, a.y+5, c.ink, "", name)
	}
	return p.end()
}

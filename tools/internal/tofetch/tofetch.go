// Package tofetch is the analyzer that gives every handler of the mutable shape a twin in the
// immutable one.
//
// The old handler stays as it is. Its twin stands below it, and its route becomes a Migrate of both,
// so that nothing behaves differently after the run: the old side serves until somebody says
// otherwise. Middleware becomes a UseBoth of both, or a Guard. What cannot be converted so that it
// answers alike is left alone, and reported with the reason and the place. Handlers answer by the
// flavor of the service, which -tofetch.flavor says.
//
// A second run changes nothing. A package is converted as a whole, in one fix; what it exports is
// known, as a fact, to the packages that import it.
package tofetch

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
	"github.com/crossfade-go/crossfade/tools/internal/play"
	"github.com/crossfade-go/crossfade/tools/internal/testvariant"
	"golang.org/x/tools/go/analysis"
)

// Analyzer is tofetch.
var Analyzer = &analysis.Analyzer{
	Name:       "tofetch",
	Doc:        "give each reqres handler a twin in the fetch shape, and register both with Migrate\n\nNothing behaves differently after the run. What cannot be converted is reported with the reason.",
	URL:        "https://pkg.go.dev/github.com/crossfade-go/crossfade/tools/crossfade",
	Run:        run,
	FactTypes:  []analysis.Fact{(*Twin)(nil)},
	ResultType: reflect.TypeFor[*Report](),
}

func init() {
	Analyzer.Flags.Func("flavor", "what adapt.Config.ReqRes.Flavor of the service is: express (the default) or nextjs", func(s string) error {
		flavor, ok := map[string]reqres.Flavor{"express": reqres.Express, "nextjs": reqres.NextJS}[strings.ToLower(s)]
		if !ok {
			return fmt.Errorf("neither express nor nextjs")
		}
		play.Settings.Flavor = flavor
		return nil
	})
}

// Twin is the fact that a declaration has a twin.
type Twin struct {
	Name    string // of the twin
	Reads   int    // how often it reads the body
	GetBody bool   // it reads that of a GET, too
	Streams bool   // it may answer with a stream
	Inputs  Inputs // what it reads of the request
}

// AFact makes it a fact.
func (*Twin) AFact() {}

func (t *Twin) String() string { return "twin " + t.Name }

// Report is what became of a package.
type Report struct {
	Converted []Converted
	Refused   []Refused
	Pairs     []Pair // the routes that have both sides, now or from before
}

// Converted is a declaration or literal that has got a twin.
type Converted struct {
	Name, Kind string
	Line       string // file:line
	Notes      []string
}

// Refused is one that has none, or a route that keeps its one side.
type Refused struct {
	Name, Kind string
	Line       string
	Reasons    []Reason
}

func run(pass *analysis.Pass) (any, error) {
	report := &Report{}
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == reqresPath || p.Path() == adaptPath }) {
		return report, nil
	}
	say := pass.Report
	if testvariant.Follows(pass) {
		say = func(analysis.Diagnostic) {}
	}
	for id, o := range pass.TypesInfo.Uses {
		if o.Name() == "NextJS" && o.Pkg() != nil && o.Pkg().Path() == reqresPath && play.Settings.Flavor == reqres.Express {
			say(analysis.Diagnostic{Pos: id.Pos(), Category: "flavor", Message: "this service answers as Next.js does, and is converted as if it were Express: run it with -tofetch.flavor=nextjs"})
		}
	}
	p, err := newPackage(pass)
	if err != nil {
		return nil, err
	}
	p.find()
	p.settle()
	routes := p.routes()
	p.dropUnused(routes)

	var edits []edit
	needs := map[*ast.File]map[string]string{}
	need := func(f *ast.File, paths map[string]string) {
		if needs[f] == nil {
			needs[f] = map[string]string{}
		}
		maps.Copy(needs[f], paths)
	}
	for _, t := range p.targets {
		position := pass.Fset.Position(t.node.Pos())
		line := fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line)
		if len(t.reasons) > 0 {
			if t.kind == "reader" || t.kind == "setter" {
				continue // who needs it says so
			}
			report.Refused = append(report.Refused, Refused{t.name, t.kind, line, t.reasons})
			say(analysis.Diagnostic{Pos: t.node.Pos(), Category: "refused", Message: fmt.Sprintf("%s %s is not converted: %s", t.kind, t.name, p.because(t.reasons))})
			continue
		}
		if t.obj == nil && !routes.registers[t] {
			continue
		}
		notes := slices.Sorted(maps.Keys(t.notes))
		report.Converted = append(report.Converted, Converted{t.name, t.kind, line, notes})
		message := t.kind + " " + t.name + " is converted"
		if len(notes) > 0 {
			message += ": note that " + strings.Join(notes, "; ")
		}
		say(analysis.Diagnostic{Pos: t.node.Pos(), Category: "converted", Message: message})
		if t.obj != nil {
			edits = append(edits, p.twin(t))
			pass.ExportObjectFact(t.obj, &Twin{t.twin, t.reads, t.getBody, t.streams, p.inputs(t)})
		}
		need(t.file, t.needs)
	}
	for _, t := range p.done {
		pass.ExportObjectFact(t.obj, &Twin{t.twin, t.reads, t.getBody, t.streams, p.inputs(t)})
	}
	for _, r := range routes.list {
		if len(r.reasons) > 0 {
			position := pass.Fset.Position(r.call.Pos())
			report.Refused = append(report.Refused, Refused{r.name, "route", fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line), r.reasons})
			say(analysis.Diagnostic{Pos: r.call.Pos(), Category: "route", Message: "route " + r.name + " keeps its one side: " + p.because(r.reasons)})
		}
		edits = append(edits, r.edits...)
		if len(r.edits) > 0 {
			need(r.file, r.needs)
		}
		report.Pairs = append(report.Pairs, r.pairs...)
	}
	for f, paths := range needs {
		edits = append(edits, imports(f, paths)...)
	}
	if len(edits) > 0 {
		fix := analysis.SuggestedFix{Message: "Add the twins and register both sides"}
		for _, e := range ordered(edits) {
			fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: e.pos, End: e.end, NewText: []byte(e.text)})
		}
		say(analysis.Diagnostic{
			Pos: p.files[0].Name.Pos(), Category: "package",
			Message:        fmt.Sprintf("package %s: %d converted, %d not", pass.Pkg.Name(), len(report.Converted), len(report.Refused)),
			SuggestedFixes: []analysis.SuggestedFix{fix},
		})
	}
	return report, nil
}

func (p *pkg) because(reasons []Reason) string {
	var texts []string
	for _, r := range reasons {
		texts = append(texts, fmt.Sprintf("line %d: %s", r.Line, r.Text))
	}
	return strings.Join(texts, "; ")
}

package paritygen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/crossfade-go/crossfade/tools/internal/tofetch"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Run adds the tests that packages lack, and says to w how many.
func Run(w io.Writer, patterns ...string) error {
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, patterns...)
	if err != nil {
		return err
	}
	if n := packages.PrintErrors(loaded); n > 0 {
		return errors.New("the packages do not compile")
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{tofetch.Analyzer}, loaded, nil)
	if err != nil {
		return err
	}
	for _, action := range graph.Roots {
		if action.Err != nil {
			return fmt.Errorf("%s: %w", action.Package.PkgPath, action.Err)
		}
		report := action.Result.(*tofetch.Report)
		if len(report.Pairs) == 0 {
			continue
		}
		p := Package{Name: action.Package.Name, Dir: filepath.Dir(action.Package.GoFiles[0]), Pairs: report.Pairs, Makers: makers(action.Package)}
		added, err := Write(p)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d routes have both sides, %d tests added\n", action.Package.PkgPath, len(p.Pairs), added)
	}
	return nil
}

// makers are the functions of a package that make a type of it and need nothing.
func makers(p *packages.Package) map[string]Maker {
	out := map[string]Maker{}
	for _, f := range p.Syntax {
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Recv != nil || d.Body == nil {
				continue
			}
			s := p.TypesInfo.Defs[d.Name].(*types.Func).Signature()
			if s.Params().Len() > 0 || s.Results().Len() != 1 || s.TypeParams().Len() > 0 {
				continue
			}
			t := types.TypeString(s.Results().At(0).Type(), types.RelativeTo(p.Types))
			if _, known := out[t]; !known {
				out[t] = Maker{d.Name.Name, texts(d.Body)}
			}
		}
	}
	return out
}

// texts are the short texts in a function, at most a dozen.
func texts(n ast.Node) (out []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(out) < 12 {
			if s, err := strconv.Unquote(lit.Value); err == nil && s != "" && len(s) < 24 && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

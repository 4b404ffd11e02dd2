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
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule}, patterns...)
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

// makers returns the functions of a package that make a type of it and need nothing.
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
				out[t] = Maker{d.Name.Name, texts(p, d.Body)}
			}
		}
	}
	return out
}

// texts returns the short texts in a function, and in those of other packages that it calls, at
// most two dozen.
func texts(p *packages.Package, n ast.Node) (out []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(n.Value)
			if n.Kind == token.STRING && err == nil && s != "" && len(s) < 24 && !slices.Contains(out, s) {
				out = append(out, s)
			}
		case *ast.SelectorExpr:
			f, ok := p.TypesInfo.Uses[n.Sel].(*types.Func)
			if !ok || f.Pkg() == nil || f.Pkg() == p.Types {
				return true
			}
			if from := p.Imports[f.Pkg().Path()]; from != nil && from.Module != nil && from.Module.Main {
				out = append(out, texts(from, declaration(from, f))...)
			}
		}
		return true
	})
	return out[:min(len(out), 24)]
}

// declaration returns the declaration of a function, or an empty block where it has none to read.
func declaration(p *packages.Package, f *types.Func) ast.Node {
	for _, file := range p.Syntax {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && p.TypesInfo.Defs[d.Name] == types.Object(f) && d.Body != nil {
				return d.Body
			}
		}
	}
	return &ast.BlockStmt{}
}

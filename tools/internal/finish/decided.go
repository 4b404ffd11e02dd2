package finish

// Which routes new serves for good, by the flags, the document of plans, and the code itself.

import (
	"fmt"
	"go/ast"
	"os"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// saidNew returns the routes that flags say are new.
func saidNew() (map[string]bool, error) {
	named := map[string]bool{}
	for name := range strings.SplitSeq(routes, ",") {
		named[strings.TrimSpace(name)] = true
	}
	if plans == "" {
		return named, nil
	}
	text, err := os.ReadFile(plans)
	if err != nil {
		return nil, fmt.Errorf("reading the plans: %w", err)
	}
	document := migrate.ParseDocument(text)
	if document.Err != nil {
		return nil, fmt.Errorf("reading the plans of %s: %w", plans, document.Err)
	}
	for name, d := range document.Pairs {
		if d.Plan != nil && d.Plan.Stage == migrate.New && d.Hold == "" {
			named[name] = true
		}
	}
	return named, nil
}

// isNew reports whether somebody says that a route is new, and its name.
func (j *job) isNew(call *ast.CallExpr) (name string, isNew bool) {
	path, prefix := j.text(call.Args[1]), ""
	decided := false
	for n := ast.Node(call); n != nil; n = j.parents[n] {
		if d, ok := n.(*ast.FuncDecl); ok {
			if n = j.scopeOf(d); n == nil {
				break
			}
		}
		scope, ok := j.parents[n].(*ast.CallExpr)
		if !ok || len(scope.Args) != 2 || n != ast.Node(scope.Args[1]) {
			continue
		}
		literal, ok := scope.Args[0].(*ast.CompositeLit)
		if !ok || !isNamed(j.pass.TypesInfo.TypeOf(literal), adaptPath, "Scope") {
			continue
		}
		if p := field(literal, "Prefix"); p != nil {
			prefix = j.text(p) + prefix
		}
		if stage := j.stage(field(literal, "Migration")); stage != "" && !decided {
			decided, isNew = true, stage == "New"
		}
	}
	name = j.text(call.Args[0]) + " " + prefix + path
	return name, isNew || j.named[name] || j.named["all"]
}

// scopeOf returns the argument of the one Scope that a function of routes is given to, or nil.
func (j *job) scopeOf(d *ast.FuncDecl) (found ast.Node) {
	for id, o := range j.pass.TypesInfo.Uses {
		if o != j.pass.TypesInfo.Defs[d.Name] {
			continue
		}
		argument := ast.Node(id)
		if s, ok := j.parents[argument].(*ast.SelectorExpr); ok && s.Sel == id {
			argument = s
		}
		call, ok := j.parents[argument].(*ast.CallExpr)
		if !ok || len(call.Args) != 2 || ast.Node(call.Args[1]) != argument || found != nil {
			return nil
		}
		found = argument
	}
	return found
}

// text returns the value of a constant.
func (j *job) text(e ast.Expr) string {
	if v := j.pass.TypesInfo.Types[e].Value; v != nil {
		if s, err := strconv.Unquote(v.ExactString()); err == nil {
			return s
		}
	}
	return ""
}

// field returns what a literal gives a field.
func field(e ast.Expr, name string) ast.Expr {
	literal, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	for _, x := range literal.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

// stage returns the name of the stage in a literal of migrate.Config, or "".
func (j *job) stage(config ast.Expr) string {
	if config == nil {
		return ""
	}
	s, ok := field(field(config, "Plan"), "Stage").(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	o := j.pass.TypesInfo.Uses[s.Sel]
	if o == nil || o.Pkg() == nil || o.Pkg().Path() != migratePath {
		return ""
	}
	return o.Name()
}

package tofetch

// The lines that register: r.ReqRes.GET(path, h) becomes r.Migrate("GET", path, h, hFetch), and
// r.UseReqRes(mw) becomes r.UseBoth(mwFetch, mw).

import (
	"go/ast"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// Pair is a route that has both sides.
type Pair struct {
	Method, Pattern string
	Old, New        string            // the handlers, as they stand in the call
	Receivers       []string          // the variables that the handlers need, with their types: "a *app"
	Made            map[string]string // by receiver, the expression that makes it in the code, where that stands alone
	Uses            []string          // what guards the route, as statements on r
	Imports         map[string]string
	Line            string
	Inputs          Inputs // what the handler reads
	Guards          Inputs // what its guards read
}

// route is a call that registers.
type route struct {
	name    string
	file    *ast.File
	call    *ast.CallExpr
	edits   []edit
	needs   map[string]string
	pairs   []Pair
	reasons []Reason
}

// routes are those of a package.
type routes struct {
	list      []*route
	uses      map[types.Object]bool
	registers map[*target]bool      // literals that have got both sides
	moving    map[types.Object]bool // old sides of routes that have another new one
	followed  map[types.Object]int  // variables that were followed to r.ReqRes
}

func (p *pkg) routes() *routes {
	all := &routes{uses: map[types.Object]bool{}, registers: map[*target]bool{}, followed: map[types.Object]int{}, moving: map[types.Object]bool{}}
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			s, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			r := &route{file: f, call: call, needs: map[string]string{}}
			l := &line{pkg: p, route: r, all: all}
			switch t := p.info.TypeOf(s.X); {
			case isNamed(t, adaptPath, "ReqResRoutes") && s.Sel.Name != "With":
				l.registers(s)
			case isPointer(t, adaptPath, "Routes") && s.Sel.Name == "UseReqRes":
				l.uses(s)
			case isPointer(t, adaptPath, "Routes") && s.Sel.Name == "Migrate" && len(call.Args) == 4:
				all.moving[p.object(call.Args[2])] = true
				l.pair(p.src.of(call.Args[0]), call.Args[1], call.Args[2], p.src.of(call.Args[3]))
				for i := range r.pairs {
					l.free(call.Args[3], &r.pairs[i])
				}
			default:
				return true
			}
			if len(r.edits)+len(r.pairs)+len(r.reasons) > 0 {
				all.list = append(all.list, r)
			}
			return true
		})
	}
	p.dropFollowed(all)
	return all
}

// dropFollowed takes away variables that hold r.ReqRes, and which nothing uses any more.
func (p *pkg) dropFollowed(all *routes) {
	for id, o := range p.info.Defs {
		if o == nil || all.followed[o] == 0 || all.followed[o] != p.values[o] {
			continue
		}
		a, ok := p.parents[id].(*ast.AssignStmt)
		if !ok {
			continue
		}
		pos, end := p.src.wholeLine(a)
		all.list[0].edits = append(all.list[0].edits, edit{pos, end, ""})
	}
}

// line is a route while it is converted.
type line struct {
	*pkg
	route *route
	all   *routes
}

func (l *line) no(n ast.Node, text string) {
	l.route.reasons = append(l.route.reasons, Reason{l.src.line(n.Pos()), text})
}

// registers converts the registration of a handler.
func (l *line) registers(s *ast.SelectorExpr) {
	call, verb := l.route.call, s.Sel.Name
	l.route.name = verb
	if len(call.Args) < 2 {
		return
	}
	var handlers [][2]ast.Expr // method, handler
	path := call.Args[0]
	methods := map[ast.Expr]string{}
	switch {
	case verb == "Any" || verbs[verb]:
		name := verb
		if verb == "Any" {
			name = "ANY"
		}
		methods[call.Args[1]] = strconv.Quote(name)
		handlers = append(handlers, [2]ast.Expr{nil, call.Args[1]})
	case verb == "On" && len(call.Args) == 3:
		path = call.Args[1]
		methods[call.Args[2]] = l.src.of(call.Args[0])
		handlers = append(handlers, [2]ast.Expr{call.Args[0], call.Args[2]})
	case verb == "Route":
		literal, ok := ast.Unparen(call.Args[1]).(*ast.CompositeLit)
		if !ok {
			l.no(call, "takes the methods of a variable: write them in the call")
			return
		}
		for _, e := range literal.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				l.no(call, "names no methods")
				return
			}
			methods[kv.Value] = strconv.Quote(l.src.of(kv.Key))
			handlers = append(handlers, [2]ast.Expr{nil, kv.Value})
		}
	default:
		l.no(call, "is registered with "+verb+": which shape serves is said on purpose")
		return
	}
	l.route.name += " " + l.src.of(path)
	scope, with, ok := l.scope(s.X)
	if _, statement := l.parents[call].(*ast.ExprStmt); !ok || !statement {
		l.no(call, "is not registered with r.ReqRes as a statement of its own")
		return
	}
	lines := []string(nil)
	converted, all := "", true
	for _, h := range handlers {
		next, ok := l.twinExpr(h[1], methods[h[1]])
		if !ok {
			all = false
			if len(handlers) > 1 {
				lines = append(lines, scope+".ReqRes.On("+methods[h[1]]+", "+l.src.of(path)+", "+l.src.of(h[1])+")")
			}
			continue
		}
		lines = append(lines, scope+".Migrate("+methods[h[1]]+", "+l.src.of(path)+", "+l.src.of(h[1])+", "+next+")")
		l.pair(methods[h[1]], path, h[1], next)
		l.rowPairs(h[0], methods[h[1]], path, h[1])
		l.mapPairs(methods[h[1]], path, h[1])
		converted = next
	}
	if converted == "" {
		return
	}
	if id, ok := s.X.(*ast.Ident); ok {
		l.all.followed[l.info.Uses[id]]++
	}
	if len(with) > 0 {
		l.behind(scope, with, lines)
		return
	}
	if len(handlers) == 1 && all {
		// Only what changes is replaced, so that comments in the call stay.
		h := handlers[0][1]
		l.route.edits = append(l.route.edits,
			edit{s.Pos(), path.Pos(), scope + ".Migrate(" + methods[h] + ", "},
			edit{h.End(), h.End(), ", " + converted})
		return
	}
	l.route.edits = append(l.route.edits, edit{call.Pos(), call.End(), strings.Join(lines, "\n")})
}

// pair notes a route that has both sides, if its method and path are known.
func (l *line) pair(method string, path, old ast.Expr, next string) {
	m, _ := strconv.Unquote(method)
	if id, ok := ast.Unparen(old).(*ast.Ident); ok {
		if value, known := l.valueOf(id); known {
			old = value // of which next is the twin
		}
	}
	if pattern, ok := l.constString(path); ok {
		l.note(m, pattern, old, l.src.of(old), next)
	}
}

func (l *line) note(method, pattern string, handler ast.Expr, old, next string) {
	p := Pair{Method: method, Pattern: l.prefix() + pattern, Old: old, New: next, Line: l.pass.Fset.Position(handler.Pos()).String(), Imports: maps.Clone(l.route.needs), Made: map[string]string{}}
	var guards []ast.Expr
	p.Uses, guards = l.guards(&p)
	l.free(handler, &p)
	p.Inputs.merge(l.inputsOf(handler))
	for _, a := range guards {
		p.Guards.merge(l.inputsOf(a))
	}
	l.route.pairs = append(l.route.pairs, p)
}

// prefix returns the prefix of the scopes around a route, as far as they are written around it.
func (l *line) prefix() (prefix string) {
	for n := ast.Node(l.route.call); n != nil; n = l.parents[n] {
		call, ok := l.parents[n].(*ast.CallExpr)
		if !ok || len(call.Args) != 2 || n != ast.Node(call.Args[1]) {
			continue
		}
		scope, ok := call.Args[0].(*ast.CompositeLit)
		if !ok || !isNamed(l.info.TypeOf(scope), adaptPath, "Scope") {
			continue
		}
		for _, e := range scope.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && l.src.of(kv.Key) == "Prefix" {
				text, _ := l.constString(kv.Value)
				prefix = text + prefix
			}
		}
	}
	return prefix
}

// twinExpr returns the expression of the other side of a handler or middleware expression.
func (l *line) twinExpr(e ast.Expr, method string) (text string, ok bool) {
	x := &expr{line: l}
	text, ok = x.of(e)
	if !ok {
		if x.reason != "" {
			l.no(e, x.reason)
		}
		return "", false
	}
	if m, _ := strconv.Unquote(method); (m == "GET" || m == "HEAD") && x.getBody {
		l.no(e, "reads the body of a GET, which fetch does not have (DIFFERENCES.md, 18)")
		return "", false
	}
	for o := range x.uses {
		l.all.uses[o] = true
	}
	for t := range x.literals {
		l.all.registers[t] = true
	}
	maps.Copy(l.route.needs, x.needs)
	return text, true
}

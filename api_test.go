package crossfade_test

// What a public package shows. Its types are declared where they are public, so that go doc shows
// their fields and methods; nothing of an internal package stands in a signature, but behind the
// one door of a package, Internal; and every exported name says what it is for. What is public is
// counted, since all of it has to be learned, and cannot be taken back.

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/crossfade-go/crossfade"

// The most functions, types and methods that the house may have, which is all but the features, and
// that adapt/migrate may have with its features. How many there are, and which, says
//
//	go test -run 'TestAPI$' -v .
const (
	maxOfHouse   = 460
	maxOfMigrate = 65
)

// feature is something that stands in the house beside what it is for.
type feature struct {
	name  string
	names *regexp.Regexp // that only its user needs
	files *regexp.Regexp // which hold nothing else
}

// features were built into the house when it stood.
var features = []feature{
	{"guards, middleware of a route, logs, errors with headers", regexp.MustCompile(`^(adapt\.(Routes\.(Guard|WithGuard|With|OnEnd)|(Fetch|ReqRes)Routes\.With|Locals|RequestID|Ended|Answers)|(fetch|reqres)\.Request\.Route|fetch\.(ClearCookie|Request\.IP)|crossfade\.(Value|WithHeader))$`),
		regexp.MustCompile(`^(adapt/(answers|end|locals|path|requestid)\.go|errorheader\.go|fetch/alike\.go|internal/(redirection/.*|exchange/(callhttp|guard|inform)\.go|outbound/switch\.go|rollout/(around|rendered)\.go|route/(answers|rendered)\.go)|reqres/answers\.go)$`)},
	{"a guard that says what it sees", regexp.MustCompile(`^adapt/migrate\.(Blindness|Sight|GuardView|Durations|Hold|Words|Pair\.Buckets)$`),
		regexp.MustCompile(`^(adapt/migrate/(guard|registers|sight|words)\.go|internal/((decision|guard|outbox|slots)/.*|rollout/key\.go))$`)},
	{"legacy apps and back ends", regexp.MustCompile(`^(adapt/origin\..*|adapt\.(App|AppCount|Endpoint|Legacy)(\..*)?|adapt\.Routes\.Legacy)$`),
		regexp.MustCompile(`^adapt/((app|appcount|legacy)\.go|origin/.*)$`)},
	{"typed endpoints, calls between them, hosts that freeze", regexp.MustCompile(`^(fetch\.(Typed|Fails)|adapt\.(Call|Wait|Waitable))$`),
		regexp.MustCompile(`^(adapt/(call|wait)\.go|fetch/typed\.go|internal/(binding|value)/.*|internal/exchange/work\.go|value\.go)$`)},
	{"plans from a source, evidence of many replicas", regexp.MustCompile(`^(adapt/migrate/sourcetest\..*|adapt/migrate\.(Counts|Directive|Document(\..*)?|File|FollowConfig|Followed|ParseDocument|Peers|Quorum|Source|SourceState|Writable)|adapt\.Mux\.Follow)$`),
		regexp.MustCompile(`^(adapt/follow\.go|adapt/migrate/((document|file|followed|source)\.go|sourcetest/.*)|internal/rollout/fleet/.*)$`)},
	{"the page, replay of real traffic, reports", regexp.MustCompile(`^(adapt/dashboard\..*|adapt/paritytest\.(AccessLog|Curl|EntryError|HAR|Identifiers|Servers|Traffic)(\..*)?|.*\bMarkdown)$`),
		regexp.MustCompile(`^(adapt/(dashboard/.*|door\.go)|adapt/paritytest/(accesslog|curl|har|identifiers|jsonstream|shell|traffic)\.go|internal/(curl|markdown)/.*|internal/rollout/shown\.go)$`)},
}

// publicPackage is a package that users can import, with its source and its types.
type publicPackage struct {
	path  string // below the module, "" for the root
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
}

// publicPackages reads and checks all of them.
func publicPackages(t *testing.T) (list []publicPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{join .GoFiles \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	export := map[string]string{}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	var ours [][]string
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		export[fields[0]] = fields[1]
		if strings.HasPrefix(fields[0], module) && !internalPath(fields[0]) {
			ours = append(ours, fields)
		}
	}
	for _, fields := range ours {
		p := publicPackage{path: strings.TrimPrefix(fields[0], module), fset: fset}
		for name := range strings.FieldsSeq(fields[3]) {
			f, err := parser.ParseFile(fset, filepath.Join(fields[2], name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, f)
		}
		if p.types, err = (&types.Config{Importer: imports}).Check(fields[0], fset, p.files, nil); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func internalPath(path string) bool { return strings.Contains(path+"/", "/internal/") }

func TestAPI(t *testing.T) {
	house, total := 0, 0
	of := make([][]string, len(features))
	for _, p := range publicPackages(t) {
		for _, complaint := range slices.Concat(p.internalNames(), p.undocumented(), p.assignable()) {
			t.Error(complaint)
		}
		names, path := p.names(), cmp.Or(strings.TrimPrefix(p.path, "/"), "crossfade")
		for _, name := range names {
			name = path + "." + name
			if i := slices.IndexFunc(features, func(f feature) bool { return f.names.MatchString(name) }); i >= 0 {
				of[i] = append(of[i], name)
			} else {
				house++
			}
		}
		t.Logf("%4d %s", len(names), path)
		if total += len(names); path == "adapt/migrate" && len(names) > maxOfMigrate {
			t.Errorf("adapt/migrate has %d functions, types and methods, %d at most", len(names), maxOfMigrate)
		}
	}
	t.Logf("%4d functions, types and methods in all", total)
	for i, f := range features {
		t.Logf("%4d of them for %s: %s", len(of[i]), f.name, strings.Join(of[i], " "))
		if of[i] == nil {
			t.Errorf("no name is one of the feature %q", f.name)
		}
	}
	if t.Logf("%4d of them are the house", house); house > maxOfHouse {
		t.Errorf("without the features there are %d functions, types and methods, %d at most", house, maxOfHouse)
	}
}

// The test sees what it is there to see.
func TestAPI_sees(t *testing.T) {
	fset := token.NewFileSet()
	check := func(path, src string, imports types.Importer) publicPackage {
		f, err := parser.ParseFile(fset, path+".go", src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := (&types.Config{Importer: imports}).Check(path, fset, []*ast.File{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return publicPackage{path: path, fset: fset, files: []*ast.File{f}, types: pkg}
	}
	inside := check(module+"/internal/x", "package x\ntype T struct{ F int }\nfunc (T) M() {}\ntype Key struct{}", nil)
	p := check(module+"/p", `// Package p is bad.
package p
import "`+module+`/internal/x"
// A is an alias.
type A = x.T
// D is a type whose fields are declared elsewhere.
type D x.T
// S has a field.
type S struct {
	// F is a field.
	F []x.T
	G int
	hidden x.T
}
// E shows what it embeds.
type E struct { x.T }
// M has it in a signature.
func (s *S) M(map[string]*x.T) {}
// F has it in a result.
func F() func() x.T { return nil }
// G is generic.
func G[T interface{ x.T }](T) {}
// V is a variable.
var V x.T
// Off can be assigned to.
var Off = 1
// Internal is the door.
func Internal(x.Key) {}
func Bare() {}
type (
	N int
)
const C = 1
func (N) Bare() {}
// I is an interface.
type I interface {
	J()
}
`, importerFunc(func(string) (*types.Package, error) { return inside.types, nil }))
	var got bytes.Buffer
	for _, complaint := range slices.Concat(p.internalNames(), p.undocumented(), p.assignable()) {
		fmt.Fprintln(&got, complaint[strings.LastIndex(complaint, "/p.")+1:])
	}
	const want = `p.A is an alias of internal/x.T: declare the type here
p.D has the fields of internal/x.T: declare the type here
p.E.T shows internal/x.T
p.E.M is a method of internal/x.T, which is embedded
p.F shows internal/x.T
p.G shows internal/x.T
p.S.F shows internal/x.T
p.S.M shows internal/x.T
p.V shows internal/x.T
p.S.G has no doc comment
p.Bare has no doc comment
p.N has no doc comment
p.C has no doc comment
p.N.Bare has no doc comment
p.I.J has no doc comment
p.V can be assigned to: make it a function or a constant
p.Off can be assigned to: make it a function or a constant
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	if n := len(p.names()); n != 11 {
		t.Errorf("the size is %d, want 11: 6 types, 3 functions but for the door, 2 methods", n)
	}
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// internalNames are the places at which the package shows a type of an internal package.
func (p *publicPackage) internalNames() (complaints []string) {
	name := strings.TrimPrefix(p.types.Path(), filepath.Dir(module)+"/")
	say := func(format string, args ...any) {
		complaints = append(complaints, name+"."+fmt.Sprintf(format, args...))
	}
	for _, n := range p.types.Scope().Names() {
		o := p.types.Scope().Lookup(n)
		if !o.Exported() || n == "Internal" {
			continue
		}
		tn, ok := o.(*types.TypeName)
		if !ok {
			if in := shown(o.Type()); in != "" {
				say("%s shows %s", n, in)
			}
			continue
		}
		if tn.IsAlias() {
			if in := shown(types.Unalias(tn.Type())); in != "" {
				say("%s is an alias of %s: declare the type here", n, in)
			}
			continue
		}
		if s, ok := tn.Type().Underlying().(*types.Struct); ok {
			if s.NumFields() > 0 && internalPath(s.Field(0).Pkg().Path()) && s.Field(0).Pkg() != p.types {
				say("%s has the fields of %s: declare the type here", n, ownerOf(s))
				continue
			}
			for f := range s.Fields() {
				if in := shown(f.Type()); f.Exported() && in != "" {
					say("%s.%s shows %s", n, f.Name(), in)
				}
			}
		} else if in := shown(tn.Type().Underlying()); in != "" {
			say("%s shows %s", n, in)
		}
		methods := types.NewMethodSet(types.NewPointer(tn.Type()))
		for i := range methods.Len() {
			f := methods.At(i).Obj().(*types.Func)
			switch in := shown(f.Type()); {
			case !f.Exported():
			case f.Pkg() != nil && f.Pkg() != p.types && internalPath(f.Pkg().Path()):
				say("%s.%s is a method of %s, which is embedded", n, f.Name(), shown(f.Signature().Recv().Type()))
			case in != "":
				say("%s.%s shows %s", n, f.Name(), in)
			}
		}
	}
	return complaints
}

// ownerOf is the internal type whose struct it is.
func ownerOf(s *types.Struct) string {
	scope := s.Field(0).Pkg().Scope()
	for _, n := range scope.Names() {
		if o := scope.Lookup(n); o.Type() != nil && types.Identical(o.Type().Underlying(), s) {
			return shown(o.Type())
		}
	}
	return s.String()
}

// shown is the first type of an internal package of ours that a reader of t sees, "" for none. What
// is behind a named type of a public package is judged there.
func shown(t types.Type) string {
	all := func(n int, at func(int) types.Type) string {
		for i := range n {
			if in := shown(at(i)); in != "" {
				return in
			}
		}
		return ""
	}
	switch t := t.(type) {
	case *types.Named:
		if pkg := t.Obj().Pkg(); pkg != nil && internalPath(pkg.Path()) && strings.HasPrefix(pkg.Path(), module) {
			return strings.TrimPrefix(pkg.Path(), module+"/") + "." + t.Obj().Name()
		}
		return all(t.TypeArgs().Len(), func(i int) types.Type { return t.TypeArgs().At(i) })
	case *types.Alias:
		return shown(types.Unalias(t))
	case *types.Pointer:
		return shown(t.Elem())
	case *types.Slice:
		return shown(t.Elem())
	case *types.Array:
		return shown(t.Elem())
	case *types.Chan:
		return shown(t.Elem())
	case *types.Map:
		return shown(t.Key()) + shown(t.Elem())
	case *types.Tuple:
		return all(t.Len(), func(i int) types.Type { return t.At(i).Type() })
	case *types.Signature:
		if in := all(t.TypeParams().Len(), func(i int) types.Type { return t.TypeParams().At(i).Constraint() }); in != "" {
			return in
		}
		if in := shown(t.Params()); in != "" {
			return in
		}
		return shown(t.Results())
	case *types.Struct:
		return all(t.NumFields(), func(i int) types.Type { return t.Field(i).Type() })
	case *types.Interface:
		if in := all(t.NumEmbeddeds(), func(i int) types.Type { return t.EmbeddedType(i) }); in != "" {
			return in
		}
		return all(t.NumExplicitMethods(), func(i int) types.Type { return t.ExplicitMethod(i).Type() })
	case *types.Union:
		return all(t.Len(), func(i int) types.Type { return t.Term(i).Type() })
	}
	return ""
}

// undocumented are the exported names without a comment. A group of constants or variables may have
// one for all of them.
func (p *publicPackage) undocumented() (complaints []string) {
	name := strings.TrimPrefix(p.types.Path(), filepath.Dir(module)+"/")
	say := func(docs []*ast.CommentGroup, names ...string) {
		for _, doc := range docs {
			if strings.TrimSpace(doc.Text()) != "" {
				return
			}
		}
		complaints = append(complaints, name+"."+strings.Join(names, ".")+" has no doc comment")
	}
	members := func(owner string, list *ast.FieldList) {
		for _, f := range list.List {
			docs := []*ast.CommentGroup{f.Doc, f.Comment}
			for _, id := range f.Names {
				if id.IsExported() {
					say(docs, owner, id.Name)
				}
			}
			if id := embeddedName(f); id != "" && ast.IsExported(id) {
				say(docs, owner, id)
			}
		}
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				receiver := receiverName(d)
				switch {
				case !d.Name.IsExported():
				case d.Recv == nil:
					say([]*ast.CommentGroup{d.Doc}, d.Name.Name)
				case ast.IsExported(receiver):
					say([]*ast.CommentGroup{d.Doc}, receiver, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						if !s.Name.IsExported() {
							continue
						}
						docs := []*ast.CommentGroup{s.Doc, s.Comment}
						if !d.Lparen.IsValid() {
							docs = append(docs, d.Doc)
						}
						say(docs, s.Name.Name)
						switch typ := s.Type.(type) {
						case *ast.StructType:
							if p.line(typ.Pos()) != p.line(typ.End()) { // else the type's comment is the fields'
								members(s.Name.Name, typ.Fields)
							}
						case *ast.InterfaceType:
							members(s.Name.Name, typ.Methods)
						}
					case *ast.ValueSpec:
						for _, id := range s.Names {
							if id.IsExported() {
								say([]*ast.CommentGroup{s.Doc, s.Comment, d.Doc}, id.Name)
							}
						}
					}
				}
			}
		}
	}
	return complaints
}

func (p *publicPackage) line(at token.Pos) int { return p.fset.Position(at).Line }

// embeddedName is the name of an embedded field, "" for another.
func embeddedName(f *ast.Field) string {
	if len(f.Names) > 0 {
		return ""
	}
	expr := f.Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	switch e := expr.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// receiverName is the type of which d is a method.
func receiverName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	expr := d.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if index, ok := expr.(*ast.IndexExpr); ok {
		expr = index.X
	}
	return expr.(*ast.Ident).Name
}

// assignable are the exported variables that are not errors: a user can assign to them by accident.
func (p *publicPackage) assignable() (complaints []string) {
	name := strings.TrimPrefix(p.types.Path(), filepath.Dir(module)+"/")
	var vars []*types.Var
	for _, n := range p.types.Scope().Names() {
		v, ok := p.types.Scope().Lookup(n).(*types.Var)
		if ok && v.Exported() && !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return int(a.Pos() - b.Pos()) })
	for _, v := range vars {
		complaints = append(complaints, name+"."+v.Name()+" can be assigned to: make it a function or a constant")
	}
	return complaints
}

// names are the exported functions, the exported types, aliases included, and their methods. The
// door does not count, since nobody can go through it.
func (p *publicPackage) names() (list []string) {
	for _, f := range p.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if receiver := receiverName(d); d.Name.IsExported() && d.Name.Name != "Internal" && (receiver == "" || ast.IsExported(receiver)) {
					list = append(list, strings.TrimPrefix(receiver+"."+d.Name.Name, "."))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
						list = append(list, s.Name.Name)
					}
				}
			}
		}
	}
	return list
}

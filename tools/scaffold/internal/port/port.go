// Package port makes a first translation of a handler that is simple enough, and says why where one is not.
//
// Simple is what does the same in every run and asks nobody: it reads the request, compares with constants, and answers with
// what it has read. What a translation answers is not guessed: the JavaScript itself is run with requests that reach its
// branches, and what it answers becomes the test.
package port

import (
	"fmt"

	"github.com/dop251/goja/ast"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// Translation is a handler in Go.
type Translation struct {
	Body    []string // its statements
	Imports []string
	Helpers []string // names of Helpers
	Cases   []Case
}

// Case is a request, and what the JavaScript answers to it.
type Case struct {
	Method, Target string
	Header         map[string]string
	Body           string
	Status         int
	Answer         map[string]string // headers of the answer
	Text           string            // its body
}

// refusal is why a handler is not translated.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

// Translate translates the handler of an endpoint. The error says what of it has no translation.
func Translate(e *project.Endpoint, next bool) (t Translation, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, ok := p.(*refusal)
			if !ok {
				r = &refusal{fmt.Sprintf("the translation gives up: %v", p)}
			}
			t, err = Translation{}, r
		}
	}()
	switch {
	case e.Handler == nil && e.Wrapped != "":
		refuse("it is wrapped in %s", e.Wrapped)
	case e.Handler == nil:
		refuse("its function cannot be told without running it")
	case e.Wrapped != "":
		refuse("it is wrapped in %s", e.Wrapped)
	}
	p := &porter{endpoint: e, file: e.Handler.File, next: next, imports: map[string]bool{}, helpers: map[string]bool{}, own: map[string]js.Value{}, others: map[string]map[string]js.Value{}}
	p.reads.init()
	body := p.function()
	t = Translation{Body: body, Imports: sorted(p.imports), Helpers: sorted(p.helpers)}
	t.Cases = p.cases()
	return t, nil
}

func refuse(format string, args ...any) { panic(&refusal{fmt.Sprintf(format, args...)}) }

// porter is the translation of one handler.
type porter struct {
	endpoint *project.Endpoint
	file     interface {
		Excerpt(ast.Node) string
	}
	next    bool
	imports map[string]bool
	helpers map[string]bool
	reads   reads
	consts  map[string]bool                // names of the constants of the file that are used
	own     map[string]js.Value            // other constants of the file, by their names
	others  map[string]map[string]js.Value // constants of other files, by the module and their name
	used    map[string]bool                // Go names in the function
	pending bool                           // the statement needs the body, which has not been read
}

// refuseAt refuses for a piece of the source.
func (p *porter) refuseAt(n ast.Node) {
	refuse("%s has no translation", p.file.Excerpt(n))
}

func (p *porter) helper(name string) string {
	p.helpers[name] = true
	return name
}

package port

// The handler itself is run, in an interpreter that has neither files nor a network, to learn what it answers.

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

//go:embed run.js
var surroundings string

// prelude is what stands in front of every handler, compiled once.
var prelude = goja.MustCompile("run.js", surroundings, false)

// cases asks the JavaScript what it answers. A handler that cannot be run, or answers nothing, has no translation.
func (p *porter) cases() (all []Case) {
	var failed error
	seen := map[string]bool{}
	for _, a := range p.requests() {
		c, ok := p.request(a)
		key := fmt.Sprint(c)
		if !ok || seen[key] {
			continue
		}
		seen[key] = true
		if err := p.ask(&c, a); err != nil {
			failed = err
			continue
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		refuse("the original could not be run: %v", failed)
	}
	return all
}

// program returns the handler, with the constants and imports of its file that it uses.
func (p *porter) program() string {
	var b strings.Builder
	file := p.endpoint.Handler.File
	code := func(n ast.Node) string { return file.Code[n.Idx0()-1 : n.Idx1()-1] }
	for _, st := range file.Program.Body {
		var list []*ast.Binding
		switch st := st.(type) {
		case *ast.VariableStatement:
			list = st.List
		case *ast.LexicalDeclaration:
			list = st.List
		}
		for _, d := range list {
			id, ok := d.Target.(*ast.Identifier)
			if !ok || !p.consts[id.Name.String()] {
				continue
			}
			if module, ok := required(d.Initializer); ok {
				fmt.Fprintf(&b, "const %s = modules(asked)[%q];\n", id.Name, module)
			} else {
				fmt.Fprintf(&b, "const %s = %s;\n", id.Name, code(d.Initializer))
			}
		}
	}
	for name, v := range p.own {
		fmt.Fprintf(&b, "const %s = %s;\n", name, source(v))
	}
	for module, constants := range p.others {
		fmt.Fprintf(&b, "const %s = {", module)
		for name, v := range constants {
			fmt.Fprintf(&b, "%s: %s, ", name, source(v))
		}
		b.WriteString("};\n")
	}
	call := "callFetch(handler, asked)"
	if !p.endpoint.Fetch {
		call = fmt.Sprintf("callReqRes(handler, asked, %t)", p.next)
	}
	return "(asked) => {\n" + b.String() + "const handler = (" + code(p.endpoint.Handler.Node) + ");\nreturn " + call + ".then(JSON.stringify);\n}"
}

// ask runs the handler with the request of a case, and fills in what it answers.
func (p *porter) ask(c *Case, a asked) error {
	vm := goja.New()
	stop := time.AfterFunc(2*time.Second, func() { vm.Interrupt("it takes longer than two seconds") })
	defer stop.Stop()
	vm.SetMaxCallStackSize(500)
	if _, err := vm.RunProgram(prelude); err != nil {
		return err
	}
	f, err := vm.RunString(p.program())
	if err != nil {
		return err
	}
	call, ok := goja.AssertFunction(f)
	if !ok {
		return fmt.Errorf("it is not a function")
	}
	headers := map[string]string{"host": "example.com"}
	for name, v := range c.Header {
		headers[strings.ToLower(name)] = v
	}
	params := map[string]any{}
	for name, v := range a.params {
		params[name] = v
	}
	for s := range strings.SplitSeq(p.endpoint.Pattern, "/") {
		if rest, ok := strings.CutPrefix(s, "[..."); ok {
			params[strings.TrimSuffix(rest, "]")] = []string{"a", "b c"}
		}
	}
	result, err := call(goja.Undefined(), vm.ToValue(map[string]any{
		"method": c.Method, "target": c.Target, "headers": headers, "params": params, "body": c.Body,
	}))
	if err != nil {
		return err
	}
	promise, ok := result.Export().(*goja.Promise)
	if !ok || promise.State() != goja.PromiseStateFulfilled {
		if ok && promise.State() == goja.PromiseStateRejected {
			return fmt.Errorf("%v", promise.Result())
		}
		return fmt.Errorf("it waits for something")
	}
	var answer struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Text    string            `json:"text"`
	}
	if err := json.Unmarshal([]byte(promise.Result().String()), &answer); err != nil {
		return err
	}
	location, ok := answer.Headers["location"]
	if ok || p.endpoint.Fetch && answer.Status >= 301 && answer.Status <= 308 && answer.Status != 304 {
		if _, err := url.Parse(location); err != nil || location == "" || strings.ContainsAny(location, " \"<>") {
			return errors.New("the target of a redirection is not an address") // which is escaped here
		}
	}
	c.Status, c.Answer, c.Text = answer.Status, answer.Headers, answer.Text
	return nil
}

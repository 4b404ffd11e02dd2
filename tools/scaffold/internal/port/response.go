package port

// Answers of the immutable shape.

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dop251/goja/ast"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/js"
)

// response translates a response that is returned.
func (p *porter) response(s scope, e ast.Expression) []string {
	if lines, ok := p.thrown(s, e); ok { // return redirect(…)
		return lines
	}
	switch e := e.(type) {
	case *ast.NewExpression:
		if p.expr(s, e.Callee).code == "Response" && len(e.ArgumentList) <= 2 {
			return p.newResponse(s, e)
		}
	case *ast.CallExpression:
		dot, ok := e.Callee.(*ast.DotExpression)
		if !ok || p.expr(s, dot.Left).code != "Response" {
			break
		}
		switch n := len(e.ArgumentList); {
		case dot.Identifier.Name == "json" && (n == 1 || n == 2):
			options := p.options(s, e.ArgumentList[1:])
			v := p.expr(s, e.ArgumentList[0])
			if v.kind == body {
				p.needsBody(s)
				return []string{"return fetch.JSON(body" + options.code + ")"}
			}
			if v.kind == optional && !v.null {
				p.refuseAt(e)
			}
			p.goType(v, e)
			return []string{"return fetch.JSON(" + p.keep(v.code) + options.code + ")"}
		case dot.Identifier.Name == "redirect" && (n == 1 || n == 2):
			status := "307"
			if id, ok := dot.Left.(*ast.Identifier); ok && id.Name == "Response" {
				status = "302"
			}
			if n == 2 {
				status = p.redirectStatus(s, e.ArgumentList[1])
			}
			target, ok := e.ArgumentList[0].(*ast.NewExpression)
			if !ok || p.expr(s, target.Callee).code != "URL" || len(target.ArgumentList) != 2 || p.expr(s, target.ArgumentList[1]).code != "URL" {
				p.refuseAt(e)
			}
			path := p.stringOf(p.expr(s, target.ArgumentList[0]), e)
			return []string{fmt.Sprintf("return fetch.Redirect(%s(req, %s), fetch.Status(%s))", p.helper("resolve"), path, status)}
		}
	}
	refuse("%s has no translation", p.file.Excerpt(e))
	return nil
}

func (p *porter) redirectStatus(s scope, e ast.Expression) string {
	if o, ok := e.(*ast.ObjectLiteral); ok && len(o.Value) == 1 {
		if keyed, ok := o.Value[0].(*ast.PropertyKeyed); ok {
			if id, ok := keyed.Key.(*ast.Identifier); ok && id.Name == "status" {
				return p.status(s, keyed.Value)
			}
			if k, ok := keyed.Key.(*ast.StringLiteral); ok && k.Value == "status" {
				return p.status(s, keyed.Value)
			}
		}
	}
	return p.status(s, e)
}

// thrown translates redirect(…), permanentRedirect(…) and notFound() of next/navigation, which end a handler.
func (p *porter) thrown(s scope, e ast.Expression) ([]string, bool) {
	call, ok := e.(*ast.CallExpression)
	if !ok {
		return nil, false
	}
	seq, ok := call.Callee.(*ast.SequenceExpression)
	if !ok || len(seq.Sequence) != 2 {
		return nil, false
	}
	dot, ok := seq.Sequence[1].(*ast.DotExpression)
	if !ok || p.expr(s, dot.Left).code != "next/navigation" {
		return nil, false
	}
	status := map[string]string{"redirect": "307", "permanentRedirect": "308"}[dot.Identifier.Name.String()]
	switch {
	case dot.Identifier.Name == "notFound" && len(call.ArgumentList) == 0:
		return []string{"return fetch.NoContent(fetch.Status(404))"}, true
	case status != "" && len(call.ArgumentList) == 1 && p.endpoint.Method == "GET": // of a form it is 303
		return []string{fmt.Sprintf("return fetch.Redirect(%s, fetch.Status(%s))", p.textOf(s, call.ArgumentList[0]), status)}, true
	}
	return nil, false
}

// answerInit is the second argument of a response.
type answerInit struct {
	code, status, contentType string
}

func (p *porter) options(s scope, args []ast.Expression) (o answerInit) {
	if len(args) == 0 {
		return o
	}
	object, ok := args[0].(*ast.ObjectLiteral)
	if !ok {
		p.refuseAt(args[0])
	}
	for _, prop := range object.Value {
		keyed, ok := prop.(*ast.PropertyKeyed)
		if !ok {
			p.refuseAt(object)
		}
		key := ""
		if id, ok := keyed.Key.(*ast.Identifier); ok && !keyed.Computed {
			key = id.Name.String()
		} else if k, ok := keyed.Key.(*ast.StringLiteral); ok {
			key = k.Value.String()
		}
		switch key {
		case "status":
			o.status = p.status(s, keyed.Value)
			o.code += ", fetch.Status(" + o.status + ")"
		case "headers":
			list, ok := keyed.Value.(*ast.ObjectLiteral)
			if !ok {
				p.constantHeaders(s, &o, keyed.Value, object)
				continue
			}
			for _, h := range list.Value {
				if spread, ok := h.(*ast.SpreadElement); ok {
					p.constantHeaders(s, &o, spread.Expression, object)
					continue
				}
				header, ok := h.(*ast.PropertyKeyed)
				if !ok {
					p.refuseAt(object)
				}
				name := ""
				if id, ok := header.Key.(*ast.Identifier); ok && !header.Computed {
					name = id.Name.String()
				} else if k, ok := header.Key.(*ast.StringLiteral); ok {
					name = k.Value.String()
				}
				p.header(&o, name, p.stringOf(p.expr(s, header.Value), object), object)
			}
		default:
			p.refuseAt(object)
		}
	}
	return o
}

func (p *porter) header(o *answerInit, name, code string, at ast.Node) {
	if name == "" || strings.EqualFold(name, "content-length") || strings.EqualFold(name, "content-encoding") {
		p.refuseAt(at)
	}
	if strings.EqualFold(name, "content-type") {
		o.contentType = code
	}
	o.code += fmt.Sprintf(", fetch.SetHeader(%q, %s)", name, code)
}

// constantHeaders are headers that the program has as a constant object.
func (p *porter) constantHeaders(s scope, o *answerInit, e ast.Expression, at ast.Node) {
	v, _ := p.constant(s, e)
	list, ok := v.(*js.Object)
	if !ok {
		p.refuseAt(at)
	}
	for _, name := range list.Keys {
		text, ok := list.Get(name).(string)
		if !ok {
			p.refuseAt(at)
		}
		p.header(o, name, strconv.Quote(text), at)
	}
}

func (p *porter) newResponse(s scope, e *ast.NewExpression) []string {
	var o answerInit
	if len(e.ArgumentList) == 2 {
		o = p.options(s, e.ArgumentList[1:])
	}
	if len(e.ArgumentList) > 0 {
		if call, ok := e.ArgumentList[0].(*ast.CallExpression); ok { // new Response(JSON.stringify(…), …)
			dot, ok := call.Callee.(*ast.DotExpression)
			if ok && dot.Identifier.Name == "stringify" && p.expr(s, dot.Left).code == "JSON" && len(call.ArgumentList) == 1 && o.contentType != "" {
				v := p.expr(s, call.ArgumentList[0])
				p.goType(v, e)
				return []string{"return fetch.JSON(" + p.keep(v.code) + o.code + ")"}
			}
		}
		if v := p.expr(s, e.ArgumentList[0]); v.kind != undefined {
			if v.kind != text || o.status == "204" || o.status == "304" {
				p.refuseAt(e)
			}
			return []string{"return fetch.Text(" + v.code + o.code + ")"}
		}
	}
	if o.status == "" {
		o.code = ", fetch.Status(200)" + o.code
	}
	return []string{"return fetch.NoContent(" + strings.TrimPrefix(o.code, ", ") + ")"}
}

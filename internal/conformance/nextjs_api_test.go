package conformance

// The handlers of pages/api, in the mutable shape. Most descriptions are calls of the response, and
// are read as such; the others are written out.

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

// apiFiles are the files that cases ask for by their path.
var apiFiles = map[string]reqres.Handler{
	"/api":                   textFile("Index should work"),
	"/api/p/Upper":           textFile("Upper"),
	"/api/p/(group)/inner":   textFile("paren dir in pages/api"),
	"/api/p/lib/util.json":   textFile("dotted"),
	"/api/p/cjs":             textFile("cjs"),
	"/api/p/item/exact":      fromFile("pages/exact", ""),
	"/api/p/item/[id]":       fromFile("pages/[id]", "id"),
	"/api/p/catch/[...slug]": fromFile("pages/[...slug]", "slug"),
	"/api/p/catch/one/[id]":  fromFile("pages/one/[id]", "id"),
	"/api/p/opt/[[...slug]]": fromFile("pages/[[...slug]]", "?slug"),
}

func textFile(s string) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error { return res.Status(200).Send(s) }
}

// fromFile answers which file it is and its query; with "?name" also whether the query has the
// parameter.
func fromFile(from, param string) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		o := new(object)
		o.set("from", from)
		o.set("query", req.QueryObject())
		if name, ok := strings.CutPrefix(param, "?"); ok {
			o.set("has", req.QueryObject().Get(name) != nil)
		}
		return res.Status(200).JSON(o)
	}
}

func apiRoutes(t *testing.T, c *nextCase) (s served, out string) {
	path, _, _ := strings.Cut(c.Request.Path, "?")
	switch d := c.Handler; {
	case strings.HasPrefix(d, "runtime edge"):
		return s, "edge"
	case strings.Contains(d, "setDraftMode"), strings.Contains(d, "PreviewData"), strings.HasPrefix(d, "res.revalidate"):
		return s, "preview"
	case strings.Contains(path, `\`), strings.Contains(path, "//"), strings.Contains(path, "%65"), unwantedSlash(path, apiFiles):
		return s, "path cleaning"
	case strings.IndexFunc(path, func(r rune) bool { return r > 0x7F }) >= 0:
		return s, "parser"
	case strings.HasPrefix(d, "module exporting"), strings.Contains(d, "imported from another module copy"):
		return s, "js"
	}
	s.config.ReqRes = reqres.Settings{Flavor: reqres.NextJS}
	var h reqres.Handler
	switch d := c.Handler; {
	case strings.HasPrefix(d, "route file for the path"):
		if e := c.Expect; e.Status == 200 && e.Body != "" && e.Headers["content-type"] == nil && apiFiles[path] == nil {
			h = textFile(e.Body) // a file of its own, whose text the description leaves out
		}
	case strings.HasPrefix(d, "json(echo"):
		h = c.echo()
		s.norms = []string{"environment"}
		if strings.Contains(c.Request.Path, "?") {
			s.norms = append(s.norms, "url regrouped")
		}
	case strings.HasPrefix(d, "config bodyParser false"):
		s.config.ReqRes.ParseBody = reqres.ParseWhenAsked
		h = rawBody
	case strings.HasPrefix(d, "default body parser; json({type, isBuffer"):
		h = describeBody
	case strings.HasPrefix(d, "default body parser (1mb)"):
		h = textLength
	case strings.HasPrefix(d, "config bodyParser.sizeLimit"):
		limit, err := sizeLimit(d)
		if err != nil {
			t.Fatal(err)
		}
		s.config.Limits.Body = limit
		h = typeAndLength
	case strings.HasPrefix(d, "returns without writing"):
		h = func(*reqres.Request, *reqres.Response) error { return nil }
	case strings.HasPrefix(d, "express-style cors"):
		h = corsFunction
	case strings.HasPrefix(d, "mutates req.query"):
		h = func(req *reqres.Request, res *reqres.Response) error {
			o := new(object)
			o.set("before", req.QueryObject())
			o.set("url", req.OriginalURL())
			return res.JSON(o)
		}
	case strings.HasPrefix(d, "Set-Cookie array of 2"):
		h = manyHeaders
	default:
		if h, out = calls(t, d); out != "" {
			return s, out
		}
	}
	s.routes = func(r *adapt.Routes) {
		for pattern, file := range apiFiles {
			if pattern != path {
				r.ReqRes.Any(pattern, file)
			}
		}
		if strings.TrimSuffix(path, "/") != "/api/p/echo" {
			r.ReqRes.Any("/api/p/echo", c.echo())
		}
		if pattern := strings.TrimSuffix(path, "/"); h != nil {
			r.ReqRes.Any(pattern, h)
		} else if file := apiFiles[pattern]; file != nil && pattern == path {
			r.ReqRes.Any(pattern, file)
		}
	}
	return s, ""
}

// step is one call of a description.
var step = regexp.MustCompile(`^(?:status\(([^)]*)\)\.?)?(?:(json|send|end|write|redirect)\((.*)\))?$`)

var errThrown = errors.New("secret detail")

// teapot has a field that says nothing to the server, as err.statusCode in Next.js.
type teapot struct{ statusCode int }

func (e *teapot) Error() string { return "I'm a teapot" }

// calls makes a handler of a description such as
// `setHeader Content-Type text/x; status(204); send(string "hello")`.
func calls(t *testing.T, description string) (h reqres.Handler, out string) {
	var todo []func(res *reqres.Response) error // nil goes on
	for _, part := range strings.Split(description, "; ") {
		if pairs, ok := strings.CutPrefix(part, "setHeader "); ok {
			for _, pair := range strings.Split(pairs, ", ") {
				name, value, _ := strings.Cut(pair, " ")
				todo = append(todo, func(res *reqres.Response) error { res.Set(name, value); return nil })
			}
			continue
		}
		if strings.HasPrefix(part, "statusMessage=") || strings.HasPrefix(part, "returns ") {
			continue // not sent; see the normalisation "reason phrase"
		}
		if what, ok := strings.CutPrefix(part, "throw"); ok {
			what = strings.TrimSpace(what)
			todo = append(todo, func(res *reqres.Response) error {
				switch {
				case strings.HasPrefix(what, `"`):
					panic(what)
				case what == "undefined":
					panic(any(struct{}{}))
				case strings.Contains(what, "statusCode=418"):
					return &teapot{418}
				}
				return errThrown
			})
			continue
		}
		m := step.FindStringSubmatch(part)
		if m == nil || m[0] == "" {
			t.Fatalf("no handler for %q: the runner does not understand %q", description, part)
		}
		if m[1] != "" {
			code, err := strconv.Atoi(m[1])
			if err != nil {
				return nil, "js"
			}
			if code >= 100 && code < 200 {
				return nil, "1xx"
			}
			todo = append(todo, func(res *reqres.Response) error { res.Status(code); return nil })
		}
		call, out := terminal(t, m[2], m[3])
		if out != "" {
			return nil, out
		}
		todo = append(todo, call)
	}
	return func(req *reqres.Request, res *reqres.Response) error {
		for _, do := range todo {
			if err := do(res); err != nil {
				return err
			}
		}
		return nil
	}, ""
}

// terminal is the call of a name with the described argument.
func terminal(t *testing.T, name, arg string) (call func(res *reqres.Response) error, out string) {
	switch name {
	case "":
		return func(*reqres.Response) error { return nil }, ""
	case "redirect":
		arg, _, _ = strings.Cut(arg, " (")
		arg = strings.TrimSuffix(arg, ")")
		m := regexp.MustCompile(`^(?:(-?\d+),)?"(.*)"$`).FindStringSubmatch(arg)
		if m == nil || strings.HasPrefix(arg, `"`) && strings.Contains(arg, `","`) {
			return nil, "js"
		}
		target := m[2]
		if s, err := strconv.Unquote(`"` + target + `"`); err == nil {
			target = s // of its escapes
		}
		return func(res *reqres.Response) error {
			if m[1] == "" {
				return res.Redirect(target)
			}
			code, _ := strconv.Atoi(m[1])
			return res.Redirect(target, code)
		}, ""
	case "end", "write":
		s := ""
		if arg != "" {
			if err := json.Unmarshal([]byte(arg), &s); err != nil {
				t.Fatalf("%s(%s): %v", name, arg, err)
			}
		}
		return func(res *reqres.Response) error {
			if s != "" {
				if _, err := res.Write([]byte(s)); err != nil {
					return err
				}
			}
			if name == "end" {
				return res.End()
			}
			return nil
		}, ""
	}
	v, out := described(arg, name)
	if out != "" {
		return nil, out
	}
	return func(res *reqres.Response) error {
		if name == "json" {
			return res.JSON(v())
		}
		return res.Send(v())
	}, ""
}

var bareKey = regexp.MustCompile(`([{,])(\w+):`)

// described is the value that a description names, made anew for each request.
func described(d, call string) (v func() any, out string) {
	same := func(v any) (func() any, string) { return func() any { return v }, "" }
	kind, rest, _ := strings.Cut(d, " ")
	switch {
	case d == "null":
		return same(nil)
	case d == "undefined/absent" || d == "undefined" || d == "no argument":
		if call == "json" {
			return nil, "js" // JSON.stringify(undefined) is not JSON
		}
		return same(nil)
	case d == "true" || d == "false":
		return same(d == "true")
	case kind == "string" || strings.HasPrefix(d, `"`):
		var s string
		if json.Unmarshal([]byte(strings.TrimPrefix(d, "string ")), &s) != nil {
			return nil, "js"
		}
		return same(s)
	case kind == "number":
		n, err := strconv.ParseFloat(rest, 64)
		if err != nil || n != n {
			return nil, "js"
		}
		return same(n)
	case d == "Date(0)":
		return same(isoDate{})
	case d == "empty byte buffer" && call == "send":
		return same([]byte{})
	case strings.HasPrefix(d, "byte buffer ") && call == "send":
		s, err := strconv.Unquote(strings.TrimPrefix(d, "byte buffer "))
		if err != nil {
			return nil, "js"
		}
		return same([]byte(s))
	case strings.HasPrefix(d, "readable"):
		chunks := regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(d, -1)
		return func() any {
			var readers []io.Reader
			for _, c := range chunks {
				readers = append(readers, strings.NewReader(c[1]))
			}
			if strings.Contains(d, "errors") {
				readers = append(readers, failing{})
			}
			return io.MultiReader(readers...)
		}, ""
	case d == "circular object":
		m := map[string]any{}
		m["self"] = m
		return same(m)
	case kind == "object" || kind == "array" || strings.HasPrefix(d, "{") || strings.HasPrefix(d, "["):
		s := strings.TrimPrefix(strings.TrimPrefix(d, "object "), "array ")
		s = strings.NewReplacer("Date(0)", `"1970-01-01T00:00:00.000Z"`).Replace(s)
		s = regexp.MustCompile(`,?\w+:(undefined|function)`).ReplaceAllString(s, "")
		s = strings.ReplaceAll(bareKey.ReplaceAllString(s, `$1"$2":`), "{,", "{")
		var o ordered
		if o.UnmarshalJSON([]byte(s)) != nil {
			return nil, "js"
		}
		return same(o.value)
	}
	return nil, "js"
}

// isoDate is the JSON of JavaScript's Date(0).
type isoDate struct{}

func (isoDate) MarshalJSON() ([]byte, error) { return []byte(`"1970-01-01T00:00:00.000Z"`), nil }

// echo answers what the request says, and what the case says of its server.
func (c *nextCase) echo() reqres.Handler {
	environment := new(object)
	var told ordered
	if c.Expect.Body != "" && told.UnmarshalJSON([]byte(c.Expect.Body)) == nil {
		environment, _ = told.value.(*object)
	} else if told.UnmarshalJSON([]byte(`{"preview":"__undefined","draftMode":"__undefined","previewData":false,"headerKeys":["host","connection","x-forwarded-host","x-forwarded-port","x-forwarded-proto","x-forwarded-for"],"xfoo":null,"xff":"127.0.0.1","remote":"string","proto":true}`)) == nil {
		environment = told.value.(*object)
	}
	return func(req *reqres.Request, res *reqres.Response) error {
		body, err := req.Body()
		if err != nil {
			return err
		}
		cookies := new(object)
		for name, value := range req.Cookies() {
			cookies.set(name, value)
		}
		o := new(object)
		o.set("method", req.Method())
		o.set("url", regrouped(req.Path(), req.QueryParams()))
		o.set("query", req.QueryObject())
		o.set("cookies", cookies)
		o.set("bodyType", typeOf(body))
		o.set("body", body)
		for _, name := range []string{"preview", "draftMode", "previewData", "headerKeys", "xfoo", "xff", "remote", "proto"} {
			if v, ok := environment.get(name); ok {
				o.set(name, v)
			}
		}
		return res.Status(200).JSON(o)
	}
}

// regrouped is the path and the query with the values of each name together.
func regrouped(path string, all reqres.Params) string {
	var grouped reqres.Params
	seen := map[string]bool{"__proto__": true}
	for name := range all.All() {
		if !seen[name] {
			for _, value := range all.Values(name) {
				grouped = grouped.WithAdded(name, value)
			}
		}
		seen[name] = true
	}
	if grouped.Len() == 0 {
		return path
	}
	return path + "?" + grouped.String()
}

// typeOf is JavaScript's name for the type of a body.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64, json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func describeBody(req *reqres.Request, res *reqres.Response) error {
	body, err := req.Body()
	if err != nil {
		return err
	}
	_, isForm := body.(*reqres.QueryObject)
	_, isBytes := body.([]byte)
	o := new(object)
	o.set("type", typeOf(body))
	o.set("isBuffer", isBytes)
	o.set("nullProto", isForm)
	o.set("value", body)
	return res.Status(200).JSON(o)
}

func textLength(req *reqres.Request, res *reqres.Response) error {
	s, err := req.Text()
	if err != nil {
		return err
	}
	return res.JSON(map[string]int{"len": len(s)})
}

func typeAndLength(req *reqres.Request, res *reqres.Response) error {
	body, err := req.Body()
	if err != nil {
		return err
	}
	s, _ := body.(string)
	o := new(object)
	o.set("type", typeOf(body))
	o.set("len", len(s))
	return res.JSON(o)
}

func rawBody(req *reqres.Request, res *reqres.Response) error {
	b, err := io.ReadAll(req.Reader())
	if err != nil {
		return err
	}
	o := new(object)
	o.set("before", "__undefined")
	o.set("len", len(b))
	o.set("hex", hex.EncodeToString(b[:min(32, len(b))]))
	return res.JSON(o)
}

func corsFunction(req *reqres.Request, res *reqres.Response) error {
	res.Set("Access-Control-Allow-Origin", "*")
	if req.Method() == "OPTIONS" {
		return res.Set("Access-Control-Allow-Methods", "GET,POST,OPTIONS").Set("Content-Length", "0").Status(204).End()
	}
	return res.JSON(map[string]int{"ok": 1})
}

func manyHeaders(req *reqres.Request, res *reqres.Response) error {
	res.Append("Set-Cookie", "a=1; Path=/", "b=2; HttpOnly").Append("X-Multi", "1", "2").Append("X-App", "one").Append("X-App", "two")
	res.Set("Cache-Control", "no-store").Set("x-lower", "v").Set("X-LOWER", "v2").Set("X-Num", "7")
	return res.Status(200).Send("ok")
}

// sizeLimit is the limit of a description, in bytes.
func sizeLimit(d string) (int64, error) {
	m := regexp.MustCompile(`sizeLimit "(\d+)(b|kb|mb)"`).FindStringSubmatch(d)
	if m == nil {
		return 0, fmt.Errorf("no size limit in %q", d)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return n * map[string]int64{"b": 1, "kb": 1 << 10, "mb": 1 << 20}[m[2]], err
}

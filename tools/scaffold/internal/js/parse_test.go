package js

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every form of an export is one property of what the module exports.
func TestExports(t *testing.T) {
	for source, want := range map[string]string{
		`export async function GET() {}`:                                           "GET",
		`export const POST = async () => {}`:                                       "POST",
		`function h() {} export { h as PUT, h as DELETE }`:                         "DELETE PUT",
		`export const { GET, POST } = handlers`:                                    "GET POST",
		`export default function handler() {}`:                                     "default",
		`module.exports.GET = () => {}; exports.POST = () => {}`:                   "GET POST",
		`await connect(); export const GET = () => {}`:                             "GET",
		`export type T = string; export interface I {}`:                            "",
		`export { GET } from 'x'; export * as all from 'y'`:                        "GET all",
		`import x from 'x'; export { x as default }`:                               "default",
		"export const a = `${1 + 2}\nexport const b = 1`":                          "a",
		`enum E { A } export { E }; export abstract class C<T> {}`:                 "C E",
		`export const f = async function* () { for await (const x of y) yield x }`: "f",
	} {
		f, err := Parse("x.ts", source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		o, ok := (&Program{}).Module(f).(*Object)
		if !ok {
			t.Errorf("%s: its exports are not an object", source)
			continue
		}
		keys := append([]string{}, o.Keys...)
		got := map[string]bool{}
		for _, k := range keys {
			got[k] = true
		}
		wanted := map[string]bool{}
		for _, k := range strings.Fields(want) {
			wanted[k] = true
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", source, diff)
		}
	}
}

// A file that cannot be read says where.
func TestSyntaxError(t *testing.T) {
	for source, line := range map[string]int{
		"const a = 1;\nconst = 2;":        2,
		"\n\nfunction f( {":               3,
		"let x: = 3":                      1,
		"export default function () {\n{": 2,
		strings.Repeat("a ", maxTokens+1): 0,
	} {
		_, err := Parse("x.ts", source)
		e, ok := err.(*SyntaxError)
		if !ok || e.Line != line || e.Name != "x.ts" {
			t.Errorf("%.40q: %v, want line %d", source, err, line)
		}
	}
}

// The lines of a node are those of the file, whatever the compiler has made of it.
func TestLines(t *testing.T) {
	f, err := Parse("x.ts", "type A = {\n  b: string;\n};\n\nexport const GET = async (\n  request: Request,\n) => {\n  return Response.json({\n    a: 1 as number,\n  });\n};\n// end\n")
	if err != nil {
		t.Fatal(err)
	}
	get := (&Program{}).Module(f).(*Object).Get("GET").(*Func)
	if first, last := f.Lines(get.Node); first != 5 || last != 11 {
		t.Errorf("lines %d to %d, want 5 to 11", first, last)
	}
}

// No nesting that is allowed ends the process.
func TestDeepNesting(t *testing.T) {
	for _, part := range []string{"[ ]", "( )", "! ", "a? :0", "if(x) ;", "a+ ", "{ }", "f( )", ". .a"} {
		open, shut, _ := strings.Cut(part, " ")
		n := maxTokens / 50 / tokens(part)
		source := "x=" + strings.Repeat(open, n) + "a" + strings.Repeat(shut, n)
		if part == "if(x) ;" || part == "{ }" {
			source = source[2:]
		}
		f, err := Parse("deep.js", source)
		if err == nil {
			(&Program{}).Module(f)
		}
	}
}

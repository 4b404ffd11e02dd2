package pattern_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/internal/pattern"
)

// mistakes are the patterns that Parse refuses; each also seeds the fuzzer.
var mistakes = []struct {
	in   string
	want []pattern.SyntaxError // without Pattern
}{
	{"", []pattern.SyntaxError{{Offset: 0, Rule: pattern.Start, Fix: "/"}}},
	{"users/:id", []pattern.SyntaxError{{Offset: 0, Rule: pattern.Start, Text: "users/:id", Fix: "/users/:id"}}},
	{"GET /users", []pattern.SyntaxError{{Offset: 0, Rule: pattern.Start, Text: "GET /users", Fix: "/users"}}},
	{"//a", []pattern.SyntaxError{{Offset: 1, Rule: pattern.NoEmpty}}},
	{"/a//", []pattern.SyntaxError{{Offset: 3, Rule: pattern.NoEmpty}}},
	{"/a/./b", []pattern.SyntaxError{{Offset: 3, Rule: pattern.NoDots, Text: "."}}},
	{"/a/%2E%2e", []pattern.SyntaxError{{Offset: 3, Rule: pattern.NoDots, Text: "%2E%2e"}}},
	{"/a?b=c", []pattern.SyntaxError{{Offset: 2, Rule: pattern.NoQuery, Text: "?b=c", Fix: "%3F"}}},
	{`/a\?`, []pattern.SyntaxError{{Offset: 3, Rule: pattern.NoQuery, Text: "?", Fix: "%3F"}}},
	{"/:id?", []pattern.SyntaxError{{Offset: 4, Rule: pattern.NoQuery, Text: "?", Fix: "%3F"}}},
	{"/a#b", []pattern.SyntaxError{{Offset: 2, Rule: pattern.NoQuery, Text: "#b", Fix: "%23"}}},
	{"/100%", []pattern.SyntaxError{{Offset: 4, Rule: pattern.Escapes, Text: "%"}}},
	{"/%zz", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Escapes, Text: "%zz"}}},
	{`/a\b`, []pattern.SyntaxError{{Offset: 2, Rule: pattern.Escapes, Text: `\b`}}},
	{`/a\`, []pattern.SyntaxError{{Offset: 2, Rule: pattern.Escapes, Text: `\`}}},
	{`/[a\b]`, []pattern.SyntaxError{{Offset: 3, Rule: pattern.Escapes, Text: `\`}}},
	{"/a:x", []pattern.SyntaxError{{Offset: 2, Rule: pattern.Signs, Text: "a:x", Fix: `a\:x`}}},
	{`/a*b\:c:d`, []pattern.SyntaxError{{Offset: 2, Rule: pattern.Signs, Text: `a*b\:c:d`, Fix: `a\*b\:c\:d`}}},
	{"/:name.json", []pattern.SyntaxError{{Offset: 1, Rule: pattern.WholeSegment, Text: ":name.json", Fix: ":name"}}},
	{"/:user-id", []pattern.SyntaxError{{Offset: 1, Rule: pattern.WholeSegment, Text: ":user-id", Fix: ":user"}}},
	{"/*a-b", []pattern.SyntaxError{{Offset: 1, Rule: pattern.WholeSegment, Text: "*a-b", Fix: "*a"}}},
	{"/:a:b", []pattern.SyntaxError{{Offset: 1, Rule: pattern.WholeSegment, Text: ":a:b", Fix: ":a"}}},
	{"/:", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Named, Text: ":", Fix: ":id"}}},
	{"/*", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Named, Text: "*", Fix: "*rest"}}},
	{"/[]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Named, Text: "[]", Fix: "[id]"}}},
	{"/[...]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Named, Text: "[...]", Fix: "[...rest]"}}},
	{"/[[...]]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Named, Text: "[[...]]", Fix: "[[...rest]]"}}},
	{"/[[id]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Brackets, Text: "[[id]", Fix: "[id]"}}},
	{"/[[...id]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Brackets, Text: "[[...id]", Fix: "[[...id]]"}}},
	{"/[[[...id]]]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Brackets, Text: "[[[...id]]]", Fix: "[[...id]]"}}},
	{"/[.id]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Periods, Text: "[.id]", Fix: "[id]"}}},
	{"/[..id]/[....it]", []pattern.SyntaxError{
		{Offset: 1, Rule: pattern.Periods, Text: "[..id]", Fix: "[...id]"},
		{Offset: 8, Rule: pattern.Periods, Text: "[....it]", Fix: "[...it]"},
	}},
	{"/[…id]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.ThreeDots, Text: "[…id]", Fix: "[...id]"}}},
	{"/[[id]]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.NotOptional, Text: "[[id]]", Fix: "[[...id]]"}}},
	{"/[[]]", []pattern.SyntaxError{{Offset: 1, Rule: pattern.NotOptional, Text: "[[]]", Fix: "[[...rest]]"}}},
	{"/u/[id].json", []pattern.SyntaxError{{Offset: 3, Rule: pattern.WholeSegment, Text: "[id].json", Fix: "[id]"}}},
	{"/u/[a]-[b]", []pattern.SyntaxError{{Offset: 3, Rule: pattern.WholeSegment, Text: "[a]-[b]", Fix: "[a]"}}},
	{"/u/[a][b]", []pattern.SyntaxError{{Offset: 3, Rule: pattern.WholeSegment, Text: "[a][b]", Fix: "[a]"}}},
	{"/u/[...a].x", []pattern.SyntaxError{{Offset: 3, Rule: pattern.WholeSegment, Text: "[...a].x", Fix: "[...a]"}}},
	{"/u/v[id]", []pattern.SyntaxError{{Offset: 4, Rule: pattern.Signs, Text: "v[id]", Fix: `v\[id\]`}}},
	{"/*a/b", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Last, Text: "*a", Fix: ":a"}}},
	{"/[[...a]]/", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Last, Text: "[[...a]]", Fix: ":a"}}},
	{"/:id/[id]", []pattern.SyntaxError{{Offset: 5, Rule: pattern.Repeated, Text: "id"}}},
	{"/[helloworld]/[hello-world]", []pattern.SyntaxError{{Offset: 14, Rule: pattern.Alike, Text: "hello-world", Other: "helloworld"}}},
	{"/users/{id}", []pattern.SyntaxError{{Offset: 7, Rule: pattern.Braces, Text: "{id}", Fix: ":id"}}},
	{"/{path...}", []pattern.SyntaxError{{Offset: 1, Rule: pattern.Braces, Text: "{path...}", Fix: "*path"}}},
	{"/a/{$}", []pattern.SyntaxError{{Offset: 3, Rule: pattern.AtEnd, Text: "{$}"}}},
	{"x//[..a]/:/b:c/*d/:a/[a]?", []pattern.SyntaxError{
		{Offset: 0, Rule: pattern.Start, Text: "x//[..a]/:/b:c/*d/:a/[a]", Fix: "/x//[..a]/:/b:c/*d/:a/[a]"},
		{Offset: 2, Rule: pattern.NoEmpty},
		{Offset: 3, Rule: pattern.Periods, Text: "[..a]", Fix: "[...a]"},
		{Offset: 9, Rule: pattern.Named, Text: ":", Fix: ":id"},
		{Offset: 12, Rule: pattern.Signs, Text: "b:c", Fix: `b\:c`},
		{Offset: 15, Rule: pattern.Last, Text: "*d", Fix: ":d"},
		{Offset: 21, Rule: pattern.Repeated, Text: "a"},
		{Offset: 24, Rule: pattern.NoQuery, Text: "?", Fix: "%3F"},
	}},
}

// syntaxErrors takes a joined error apart.
func syntaxErrors(err error) (errs []pattern.SyntaxError) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			if e, ok := errors.AsType[*pattern.SyntaxError](err); ok {
				errs = append(errs, *e)
			}
		}
	}
	return errs
}

func TestParseReportsAllMistakes(t *testing.T) {
	for _, tt := range mistakes {
		_, err := pattern.Parse(tt.in)
		if diff := cmp.Diff(tt.want, syntaxErrors(err), cmpopts.IgnoreFields(pattern.SyntaxError{}, "Pattern")); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestTooManyParameters(t *testing.T) {
	most := strings.Builder{}
	for i := range pattern.MaxParams {
		most.WriteString("/:p")
		most.WriteString(strings.Repeat("x", i))
	}
	if _, err := pattern.Parse(most.String()); err != nil {
		t.Errorf("%d parameters: %v", pattern.MaxParams, err)
	}
	_, err := pattern.Parse(most.String() + "/:one/:more")
	if errs := syntaxErrors(err); len(errs) != 1 || errs[0].Rule != pattern.TooMany || errs[0].Text != ":one" {
		t.Errorf("two more: %v", errs)
	}
}

// What a message proposes must itself be accepted, or the reader is sent in a circle.
func TestFixesParse(t *testing.T) {
	for _, tt := range mistakes {
		_, err := pattern.Parse(tt.in)
		for _, e := range syntaxErrors(err) {
			if e.Fix == "" || len(tt.want) > 1 {
				continue
			}
			fixed := tt.in[:e.Offset] + strings.Replace(tt.in[e.Offset:], e.Text, e.Fix, 1)
			if e.Rule == pattern.Signs || e.Rule == pattern.NoQuery {
				start := strings.LastIndexByte(tt.in[:e.Offset], '/') + 1
				fixed = strings.Replace(tt.in[:start]+e.Fix, `\%`, "%", 1)
			}
			if e.Rule == pattern.Last {
				continue // the proposal is to move it
			}
			if _, err := pattern.Parse(fixed); err != nil {
				t.Errorf("the fix of %q is %q: %v", tt.in, fixed, err)
			}
		}
	}
}

func TestSyntaxErrorText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"/a/*x/b", `pattern "/a/*x/b", offset 3: "*x" is a catch-all, and nothing can follow it: move it to the end, or write ":x" for one segment`},
		{"/a:x", "pattern \"/a:x\", offset 2: \"a:x\" has a : * or [ that does not begin the segment, and a parameter is a whole segment: write `a\\:x` for the character itself"},
		{"/:user-id", `pattern "/:user-id", offset 1: ":user-id" goes on behind the name, and a parameter is a whole segment: write ":user", or "[user-id]" if all of it is the name`},
		{"/*", `pattern "/*", offset 1: "*" has no name: write "*rest", or \* for the character itself`},
		{"/[]", `pattern "/[]", offset 1: "[]" has no name: write "[id]"`},
		{"/{id}", `pattern "/{id}", offset 1: "{id}" is a parameter for net/http only: write ":id", or %7B and %7D for the characters themselves`},
		{"/{$}", `pattern "/{$}", offset 1: "{$}" is the end of a path for net/http only: leave it out, a slash at the end means just that`},
		{"/[a-b]/:ab", `pattern "/[a-b]/:ab", offset 7: "ab" and "a-b" are names that differ only by punctuation: rename one`},
	} {
		_, err := pattern.Parse(tt.in)
		if got := err.Error(); got != tt.want {
			t.Errorf("Parse(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestC5BracketsInsideASegment(t *testing.T) {
	for in, ok := range map[string]bool{
		"/u/[id].json": false, "/u/:id.json": false, "/u/v[id]": false, "/u/v:id": false, "/u/[a]-[b]": false, "/u/[a][b]": false,
		"/u/[...a].x": false, "/u/x[...a]": false, "/u/x[[...a]]": false, "/u/[[...a]]x": false, "/[a]b/c": false, "/é[a]": false, "/%20[a]": false,
		"/u/[id]": true, "/u/[...a]": true, "/u/[[...a]]": true, `/u/\[id\].json`: true, `/u/v\[id\]`: true, "/u/%5Bid%5D": true, "/u/a[": true,
	} {
		_, err := pattern.Parse(in)
		if (err == nil) != ok {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// Package js reads JavaScript and TypeScript without running it: what a file declares and exports, and what of it is the
// same in every run, with the line that each thing stands in.
package js

// A file becomes plain CommonJS by esbuild, which takes the types away and brings every form of an export into one. What
// comes out is read by a parser that knows where each node is, and a source map leads from there to the line of the file.

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

// File is a file that could be read. It is never changed, but by the evaluation of its module.
type File struct {
	Name    string // as it was named to Parse
	Source  string
	Code    string // CommonJS without types, which runs
	Program *ast.Program

	lines    []string // of Source
	starts   []int    // where the lines of Code begin
	mappings *sourcemap.Consumer
}

// SyntaxError is a file that cannot be read.
type SyntaxError struct {
	Name string
	Line int // 0: nobody can tell
	Text string
}

// Error is the place and what is wrong there.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Name + ": " + e.Text
	}
	return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text)
}

// maxTokens bounds the files that are read: what has more was written by a machine. Everything here calls itself for what is
// nested, and the end of a stack ends the process.
const maxTokens = 100_000

// tokens is at least the number of tokens of a source.
func tokens(source string) (n int) {
	word := false
	for _, c := range source {
		isWord := c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c)
		if isWord && !word || !isWord && !unicode.IsSpace(c) {
			n++
		}
		word = isWord
	}
	return n
}

// Parse reads a file. The error is a *SyntaxError.
func Parse(name, source string) (f *File, err error) {
	defer func() {
		if p := recover(); p != nil { // the parsers are somebody else's, and so is the file
			f, err = nil, &SyntaxError{Name: name, Text: fmt.Sprintf("the parser gives up: %v", p)}
		}
	}()
	if n := tokens(source); n > maxTokens {
		return nil, &SyntaxError{Name: name, Text: fmt.Sprintf("has about %d tokens, and more than %d were not written by hand", n, maxTokens)}
	}
	result, err := transform(name, source)
	if err != nil {
		return nil, err
	}
	f = &File{Name: name, Source: source, Code: string(result.Code), lines: strings.Split(source, "\n"), starts: []int{0}}
	for i, c := range result.Code {
		if c == '\n' {
			f.starts = append(f.starts, i+1)
		}
	}
	if f.mappings, err = sourcemap.Parse("", result.Map); err != nil {
		return nil, &SyntaxError{Name: name, Text: err.Error()}
	}
	if f.Program, err = parser.ParseFile(nil, "", f.Code, 0, parser.WithDisableSourceMaps); err != nil {
		line := 0
		if list, ok := err.(parser.ErrorList); ok && len(list) > 0 {
			line = f.lineOf(list[0].Position.Line, 0)
		}
		return nil, &SyntaxError{Name: name, Line: line, Text: err.Error()}
	}
	return f, nil
}

// transform makes CommonJS. An await at the top of a module has no place there and does not change what is declared, so
// each that esbuild complains of is blanked out.
func transform(name, source string) (api.TransformResult, error) {
	options := api.TransformOptions{
		Loader: loader(name), Target: api.ESNext, Format: api.FormatCommonJS, JSX: api.JSXTransform,
		Sourcemap: api.SourceMapExternal, Sourcefile: "file" + path.Ext(name), // of which it makes names
		Supported: map[string]bool{"for-await": false, "async-generator": false, "using": false, "decorators": false, "import-meta": false, "dynamic-import": false},
	}
	text := []byte(source)
	for {
		result := api.Transform(string(text), options)
		if len(result.Errors) == 0 {
			return result, nil
		}
		blanked := false
		for _, e := range result.Errors {
			if strings.HasPrefix(e.Text, "Top-level await") && blank(text, e.Location) {
				blanked = true
			}
		}
		if !blanked {
			e := result.Errors[0]
			line := 0
			if e.Location != nil {
				line = e.Location.Line
			}
			return result, &SyntaxError{Name: name, Line: line, Text: e.Text}
		}
	}
}

// blank overwrites the word await at a place, and says whether it stood there.
func blank(text []byte, at *api.Location) bool {
	if at == nil {
		return false
	}
	start := 0
	for range at.Line - 1 {
		next := bytes.IndexByte(text[start:], '\n')
		if next < 0 {
			return false
		}
		start += next + 1
	}
	start += at.Column
	if start+len("await") > len(text) || string(text[start:start+len("await")]) != "await" {
		return false
	}
	copy(text[start:], "     ")
	return true
}

func loader(name string) api.Loader {
	switch path.Ext(name) {
	case ".ts", ".mts", ".cts":
		return api.LoaderTS
	case ".tsx":
		return api.LoaderTSX
	}
	return api.LoaderJSX
}

// Line is the line of the file from which what stands at a place of the code was made.
func (f *File) Line(at file.Idx) int {
	offset := int(at) - 1
	n, found := slices.BinarySearch(f.starts, offset)
	if !found {
		n--
	}
	if n < 0 {
		return 1
	}
	return f.lineOf(n+1, offset-f.starts[n])
}

func (f *File) lineOf(line, column int) int {
	for ; line > 0; line-- { // what esbuild has added has no line; then that of what stands before it
		if _, _, at, _, ok := f.mappings.Source(line, column); ok {
			return max(at, 1)
		}
		column = 1 << 20
	}
	return 1
}

// Lines are the first and the last line of a node.
func (f *File) Lines(n ast.Node) (first, last int) {
	first = f.Line(n.Idx0())
	return first, max(first, f.Line(n.Idx1()-1))
}

// Text is the lines of the file in which a node stands.
func (f *File) Text(n ast.Node) string {
	first, last := f.Lines(n)
	return strings.Join(f.lines[min(first-1, len(f.lines)):min(last, len(f.lines))], "\n")
}

// Excerpt is a node as code, on one line, for messages.
func (f *File) Excerpt(n ast.Node) string {
	from, to := int(n.Idx0())-1, int(n.Idx1())-1
	if from < 0 || to > len(f.Code) || from >= to {
		return "…"
	}
	s := importName.ReplaceAllString(strings.Join(strings.Fields(f.Code[from:to]), " "), "$1$2")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "…"
	}
	return s
}

// Pos is a place in a file.
type Pos struct {
	File *File
	Idx  file.Idx
}

// String is the place as file:line.
func (p Pos) String() string {
	if p.File == nil {
		return "?"
	}
	return fmt.Sprintf("%s:%d", p.File.Name, p.File.Line(p.Idx))
}

package emit

// Names: Go's of what JavaScript has named, each once.

import (
	"fmt"
	"go/token"
	"path"
	"strings"
	"unicode"
)

// names are the identifiers or files that are taken.
type names map[string]bool

// take returns name, or name with a number that makes it new.
func (n names) take(name, suffix string) string {
	unique := name + suffix
	for i := 2; n[strings.ToLower(unique)] || token.IsKeyword(unique); i++ {
		unique = fmt.Sprint(name, i, suffix)
	}
	n[strings.ToLower(unique)] = true
	return unique
}

// reserved are the names of the package that are not a handler's.
var reserved = []string{
	"main", "init", "newMux", "routes", "endpoints", "handlers", "redirectTo", "any", "error", "string", "bool", "true", "false", "nil", "iota", "len", "cap",
	"append", "copy", "delete", "panic", "print", "println", "recover", "make", "new", "min", "max", "clear", "close", "complex", "real", "imag", "byte", "rune",
	"int", "float64", "adapt", "fetch", "reqres", "migrate", "origin", "crossfade", "http", "flag", "log", "cmp", "strconv", "strings", "url", "json", "testing", "httptest", "io",
	"req", "res", "err", "asked", "call", "same", "old", "node",
}

var initialisms = map[string]string{"id": "ID", "api": "API", "url": "URL", "uri": "URI", "http": "HTTP", "json": "JSON", "html": "HTML", "csv": "CSV", "sso": "SSO", "db": "DB", "ip": "IP", "ui": "UI", "sql": "SQL", "ids": "IDs", "jwt": "JWT"}

// words returns the words of a text: letters and digits, a capital begins one.
func words(s string) (out []string) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			flush()
			continue
		}
		if unicode.IsUpper(c) && len(word) > 0 && !unicode.IsUpper(word[len(word)-1]) {
			flush()
		}
		word = append(word, c)
	}
	flush()
	return out
}

// camel returns the words as one name.
func camel(first string, rest ...string) string {
	var b strings.Builder
	b.WriteString(first)
	for _, w := range rest {
		if known, ok := initialisms[strings.ToLower(w)]; ok {
			b.WriteString(known)
			continue
		}
		runes := []rune(w)
		runes[0] = unicode.ToUpper(runes[0])
		b.WriteString(string(runes))
	}
	return b.String()
}

// handlerName returns the name of the handler of an endpoint: its method and its path.
func handlerName(method, own string) string {
	verb := strings.ToLower(method)
	if method == "ANY" {
		verb = "serve"
	}
	parts := words(strings.TrimPrefix(own, "/api"))
	if len(parts) == 0 {
		parts = []string{"root"}
	}
	return camel(verb, parts...)
}

// fileName returns the Go file of a source file, without its extension. Its last word keeps it from
// being one for tests, or for some operating system only. It is plain ASCII, which every tool can
// name.
func fileName(source string) string {
	ascii := strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII {
			return '_'
		}
		return c
	}, strings.TrimSuffix(source, path.Ext(source)))
	parts := []string{}
	for _, w := range words(ascii) {
		parts = append(parts, strings.ToLower(w))
	}
	if len(parts) == 0 {
		parts = []string{"file"}
	}
	name := strings.Join(parts, "_")
	if len(name) > 100 {
		name = name[:100]
	}
	if name[0] <= '9' {
		name = "file_" + name
	}
	return name + "_handlers"
}

package paritygen

// The values that are worth asking for: those that the code compares with, and usual ones.

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/tofetch"
)

// values returns what a text of the request is tried with: what the handler compares with, what
// such a text usually is, what there is in the state, and what is at the edge.
func (g *generator) values(like ...string) []string {
	var out []string
	add := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for i := range max(len(g.in.Words), len(like), len(g.seeds)) {
		for _, list := range [][]string{like, g.in.Words, g.seeds} {
			if i < len(list) {
				add(list[i])
			}
		}
	}
	for _, n := range g.in.Numbers {
		add(strconv.Itoa(n))
		add(strconv.Itoa(n + 1))
	}
	for _, s := range []string{"", "-1", "ä b&c", strings.Repeat("long", 20)} {
		add(s)
	}
	return out
}

// wanted returns what a guard compares with, or what such a text usually is.
func (g *generator) wanted(like ...string) []string {
	if len(g.in.Words) > 0 {
		return g.in.Words
	}
	return like
}

// formValue returns a value that a field of that name has.
func (g *generator) formValue(name string) string {
	switch {
	case g.in.Likely[name] != "":
		return g.in.Likely[name]
	case strings.Contains(strings.ToLower(name), "mail"):
		return "ada@example.com"
	}
	return "sample"
}

// header are values that a header of that name has.
func header(name string) []string {
	switch strings.ToLower(name) {
	case "authorization":
		return []string{"Bearer sample", "Bearer 1", "Basic c2FtcGxl"}
	case "accept-language":
		return []string{"de", "en"}
	case "accept":
		return []string{"application/json", "text/html"}
	case "x-requested-with":
		return []string{"XMLHttpRequest"}
	}
	return []string{"sample", "1"}
}

// bodies are JSON bodies: a good one, one for each field that is missing, wrong or at a boundary, and
// some that are not JSON.
func (g *generator) bodies() []string {
	good := members(g.in.Body)
	text := func(m map[string]any) string { b, _ := json.Marshal(m); return string(b) }
	out := []string{text(good)}
	if g.in.Body == nil {
		out = []string{""}
	}
	for _, f := range g.in.Body {
		with := func(v any) {
			m := members(g.in.Body)
			m[f.Name] = v
			out = append(out, text(m))
		}
		switch f.Kind {
		case "string":
			for _, w := range g.in.Words {
				with(w)
			}
			with("")
			with("ada@example.com")
		case "int", "float":
			for _, n := range g.in.Numbers {
				with(n)
			}
			with(0)
			with(-1)
		}
		with(nil)
		with([]any{true})
		m := members(g.in.Body)
		delete(m, f.Name)
		out = append(out, text(m))
	}
	return append(out, "", "{", `{"unknown":1}`, "[]", "null", `"text"`)
}

func members(fields []tofetch.Field) map[string]any {
	m := map[string]any{}
	for _, f := range fields {
		switch f.Kind {
		case "string":
			m[f.Name] = "sample@example.com"
		case "int":
			m[f.Name] = 3
		case "float":
			m[f.Name] = 2.5
		case "bool":
			m[f.Name] = true
		case "list":
			m[f.Name] = []any{}
		default:
			m[f.Name] = members(f.Fields)
		}
	}
	return m
}

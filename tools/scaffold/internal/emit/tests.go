package emit

// The tests of translations, and what translations call.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/port"
)

// test writes the test of a translated handler.
func (w *writer) test(b *strings.Builder, r *row, cases []port.Case) {
	method := r.Method
	shape := "Fetch"
	if !r.Fetch {
		shape = "ReqRes"
	}
	register := fmt.Sprintf("r.%s.On(%q, %q, %s)", shape, method, r.Pattern, r.name)
	if method == "ANY" {
		register = fmt.Sprintf("r.%s.Any(%q, %s)", shape, r.Pattern, r.name)
	}
	runes := []rune(r.name)
	fmt.Fprintf(b, "\nfunc Test%s%s(t *testing.T) {\n\tsame(t, func(r *adapt.Routes) { %s }, []asked{\n", strings.ToUpper(string(runes[:1])), string(runes[1:]), register)
	for _, c := range cases {
		fmt.Fprintf(b, "\t\t{method: %q, target: %q", c.Method, c.Target)
		if len(c.Header) > 0 {
			fmt.Fprintf(b, ", header: %s", stringMap(c.Header))
		}
		if c.Body != "" {
			fmt.Fprintf(b, ", body: %q", c.Body)
		}
		fmt.Fprintf(b, ", status: %d, answer: %s, text: %q},\n", c.Status, stringMap(c.Answer), c.Text)
	}
	b.WriteString("\t})\n}\n")
	if _, ok := w.texts["handlers_test.go"]; !ok && w.state.Written["handlers_test.go"] == "" {
		w.texts["handlers_test.go"] = handlersTest
	}
}

func stringMap(m map[string]string) string {
	var b strings.Builder
	b.WriteString("map[string]string{")
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q: %q", k, m[k])
	}
	return b.String() + "}"
}

const handlersTest = `package main

// What the translated handlers are held to: what the JavaScript answered when scaffold ran it.

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

// asked is a request, and what the JavaScript answered.
type asked struct {
	method, target string
	header         map[string]string
	body           string
	status         int
	answer         map[string]string
	text           string
}

// same asks a handler what the JavaScript was asked.
func same(t *testing.T, route func(*adapt.Routes), cases []asked) {
	t.Helper()
	mux, err := config.New(route)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.status || w.Body.String() != c.text {
			t.Errorf("%s %s %v %q: %d %q, the JavaScript answered %d %q", c.method, c.target, c.header, c.body, w.Code, w.Body, c.status, c.text)
		}
		for name, want := range c.answer {
			if got := strings.Join(w.Header().Values(name), ", "); got != want {
				t.Errorf("%s %s %v %q: %s is %q, in JavaScript it was %q", c.method, c.target, c.header, c.body, name, got, want)
			}
		}
	}
}
`

// javascript writes the functions that translations call, those of an earlier run excepted.
func (w *writer) javascript(helpers map[string]bool) {
	var b strings.Builder
	var used []string
	for _, name := range slices.Sorted(maps.Keys(helpers)) {
		h := port.Helpers[name]
		if w.taken[strings.ToLower(name)] {
			continue
		}
		w.taken[strings.ToLower(name)] = true
		b.WriteString("\n" + h.Source)
		used = append(used, h.Imports...)
	}
	if b.Len() == 0 {
		return
	}
	file := "javascript.go"
	if w.state.Written[file] != "" {
		file = w.files.take("javascript", ".go")
	}
	w.texts[file] = "package main\n\n// What JavaScript has and translations need.\n\n" + imports(slices.Compact(slices.Sorted(slices.Values(used)))...) + b.String()
}

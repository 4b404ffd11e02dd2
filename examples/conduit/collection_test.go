package main

// A collection of requests and of what their answers have to be, as text: see testdata. A request is
//
//	# What it shows
//	POST /api/articles as ada          ada is a variable with a token
//	Accept: application/json           headers
//	{"article": {}}                    a body, in one line
//	=> 422                             the status, and what holds of the answer:
//	header Content-Type = text/plain   also != and "is"
//	errors.title.0 = "can't be blank"  a value in JSON; also !=, has, like, >= N, counts N, counts>= N
//	article is article                 a kind of value, or a shape
//	article.slug -> slug               makes a variable; $slug stands for it from here to the end of the file

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fmt"

	"github.com/google/go-cmp/cmp"
)

// shapes are objects with just these members.
var shapes = map[string][]string{
	"user":    {"username is text", "email is text", "bio is text or null", "image is text or null", "token is text"},
	"profile": {"username is text", "bio is text or null", "image is text or null", "following is bool"},
	"article": append([]string{"body is text"}, listed...),
	"listed":  listed,
	"comment": {"id is int", "body is text", "createdAt is date", "updatedAt is date", "author is profile"},
}

var listed = []string{
	"slug is text", "title is text", "description is text", "tagList is list", "createdAt is date", "updatedAt is date",
	"favorited is bool", "favoritesCount is int", "author is profile",
}

// kinds are predicates of a value and whether it is there.
var kinds = map[string]func(v any, there bool) bool{
	"string":       func(v any, _ bool) bool { _, ok := v.(string); return ok },
	"text":         func(v any, _ bool) bool { s, ok := v.(string); return ok && s != "" },
	"text or null": func(v any, there bool) bool { s, ok := v.(string); return there && (v == nil || ok && s != "") },
	"int":          func(v any, _ bool) bool { n, ok := v.(float64); return ok && n == float64(int(n)) },
	"bool":         func(v any, _ bool) bool { _, ok := v.(bool); return ok },
	"list":         func(v any, _ bool) bool { _, ok := v.([]any); return ok },
	"full":         func(v any, there bool) bool { l, ok := v.([]any); return there && v != "" && (!ok || len(l) > 0) },
	"null":         func(v any, there bool) bool { return there && v == nil },
	"absent":       func(_ any, there bool) bool { return !there },
	"empty":        func(v any, _ bool) bool { return v == "" },
	"date":         func(v any, _ bool) bool { s, _ := v.(string); return isDate.MatchString(s) },
}

var (
	isDate   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	asks     = regexp.MustCompile(`^([A-Z]+) (/\S*)(?: as (\w+))?$`)
	says     = regexp.MustCompile(`^([A-Z][\w-]*): ?(.*)$`)
	holds    = regexp.MustCompile(`^(header )?(\S+) (=|!=|is|has|like|>=|counts|counts>=|->) (.*)$`)
	variable = regexp.MustCompile(`\$\w+|\{\{\w+\}\}`) // the second as Hurl has it
)

// collection asks a server.
type collection struct {
	t        *testing.T
	url      string
	client   *http.Client
	answers  []string
	asserted int
}

func (c *collection) files(pattern string) {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		c.t.Fatalf("no file is like %s: %v", pattern, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			c.t.Fatal(err)
		}
		c.file(filepath.Base(name), string(text), map[string]string{"large": strings.Repeat("x", 1<<20)})
	}
}

func (c *collection) file(name, text string, vars map[string]string) {
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(block, "\n")
		c.ask(name+": "+strings.TrimPrefix(lines[0], "# "), lines[1:], vars)
	}
}

// ask makes one request and checks its answer.
func (c *collection) ask(what string, lines []string, vars map[string]string) {
	for i, line := range lines {
		lines[i] = variable.ReplaceAllStringFunc(line, func(name string) string {
			value, ok := vars[strings.Trim(name, "${}")]
			if !ok {
				return name // it may be made below
			}
			return value
		})
	}
	end := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "=> ") })
	first := asks.FindStringSubmatch(lines[0])
	if end < 1 || first == nil {
		c.t.Fatalf("%s: not a request: %q", what, lines)
	}
	header, body := http.Header{"X-Request-Id": {"r-" + strconv.Itoa(len(c.answers))}}, ""
	if first[3] != "" {
		header.Set("Authorization", "Token "+vars[first[3]])
	}
	for _, line := range lines[1:end] {
		if m := says.FindStringSubmatch(line); m != nil {
			header.Set(m[1], m[2])
			continue
		}
		body = line
		if header.Get("Content-Type") == "" {
			header.Set("Content-Type", "application/json")
		}
	}
	req, err := http.NewRequestWithContext(c.t.Context(), first[1], c.url+first[2], strings.NewReader(body))
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
	req.Header = header
	res, err := c.client.Do(req)
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
	content, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
	res.Header.Del("Date")
	a := answer{c, what, res.Header, string(content), nil}
	_ = json.Unmarshal(content, &a.value) // a body that is not JSON has no members
	c.answers = append(c.answers, a.text(first[0], res.StatusCode))
	c.asserted++
	if strconv.Itoa(res.StatusCode) != lines[end][3:] {
		c.t.Errorf("%s: status %d, want %s; the body is %s", what, res.StatusCode, lines[end][3:], content)
	}
	for _, line := range lines[end+1:] {
		// What a line above has made is known now.
		line = variable.ReplaceAllStringFunc(line, func(name string) string { return vars[strings.Trim(name, "${}")] })
		a.check(line, vars)
	}
}

// answer is what came back.
type answer struct {
	*collection
	what   string
	header http.Header
	body   string
	value  any
}

// text is all of an answer, to be compared with another one.
func (a answer) text(request string, status int) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.what, request, status)
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		fmt.Fprintln(&b, name, a.header[name])
	}
	return b.String() + a.body
}

func (a answer) check(line string, vars map[string]string) {
	m := holds.FindStringSubmatch(line)
	if m == nil {
		a.t.Fatalf("%s: not an assertion: %q", a.what, line)
	}
	v, there := at(a.value, m[2])
	switch {
	case m[1] != "":
		values := a.header.Values(m[2])
		v, there = strings.Join(values, ", "), len(values) > 0
	case m[2] == "body":
		v, there = a.body, true
	}
	if m[3] == "->" {
		text, err := json.Marshal(v)
		if !there || err != nil {
			a.t.Fatalf("%s: there is no %s to be kept in %s", a.what, m[2], a.body)
		}
		vars[m[4]] = strings.Trim(string(text), `"`)
		if s, ok := v.(string); ok {
			vars[m[4]] = s
		}
		return
	}
	if of, ok := shapes[m[4]]; ok && m[3] == "is" {
		a.asserted++
		object, _ := v.(map[string]any)
		if len(object) != len(of) {
			a.t.Errorf("%s: %s has %d members, want %d: %v", a.what, m[2], len(object), len(of), v)
		}
		for _, member := range of {
			a.check(m[2]+"."+member, vars)
		}
		return
	}
	a.asserted++
	if !a.is(m[3], m[4], v, there, m[1] != "") {
		a.t.Errorf("%s: %s: it is %#v; the body is %s", a.what, line, v, a.body)
	}
}

func (a answer) is(op, want string, v any, there, text bool) bool {
	if op == "is" {
		kind := kinds[want]
		if kind == nil {
			a.t.Fatalf("%s: %q is not a kind", a.what, want)
		}
		return kind(v, there)
	}
	var w any = want
	if !text && json.Unmarshal([]byte(want), &w) != nil {
		w = want // the value of a variable
	}
	list, _ := v.([]any)
	switch op {
	case "=":
		return there && cmp.Equal(v, w)
	case "!=":
		return there && !cmp.Equal(v, w)
	case "has":
		return slices.ContainsFunc(list, func(e any) bool { return cmp.Equal(e, w) })
	case "like":
		s, ok := v.(string)
		return ok && regexp.MustCompile(w.(string)).MatchString(s)
	case ">=":
		n, ok := v.(float64)
		return ok && n >= w.(float64)
	}
	object, _ := v.(map[string]any)
	n := float64(len(list) + len(object))
	return there && (n == w || op == "counts>=" && n > w.(float64))
}

// at finds a value in a JSON value by names and indices.
func at(v any, path string) (any, bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch of := v.(type) {
		case map[string]any:
			member, ok := of[name]
			if !ok {
				return nil, false
			}
			v = member
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(of) {
				return nil, false
			}
			v = of[i]
		default:
			return nil, false
		}
	}
	return v, true
}

package paritygen

// Requests for a handler, made of what it reads. They are the same on every run.

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/tofetch"
)

// request is one request, as the arguments of fetch.NewRequest.
type request struct {
	method, target string
	headers        [][2]string
	body           string
}

// text returns the request as Go.
func (r request) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch.NewRequest(%q, %q", r.method, r.target)
	for _, h := range r.headers {
		fmt.Fprintf(&b, ", fetch.RequestHeader(%q, %q)", h[0], h[1])
	}
	if r.body != "" {
		body := strconv.Quote(r.body)
		if strconv.CanBackquote(r.body) {
			body = "`" + r.body + "`"
		}
		fmt.Fprintf(&b, ", fetch.Body([]byte(%s))", body)
	}
	return b.String() + ")"
}

var parameter = regexp.MustCompile(`\[\[\.\.\.(\w+)\]\]|\[\.\.\.(\w+)\]|\[(\w+)\]|:(\w+)|\*(\w+)`)

// most is how many requests one endpoint gets.
const most = 40

// requests returns those for one endpoint: one that says nothing but its path, one that says
// everything that the handler reads, then each of these with each value that may matter. Seeds are
// texts of the state that the test begins with.
func requests(p tofetch.Pair, seeds []string) []request {
	g := &generator{pair: p, in: p.Inputs, seeds: seeds}
	for _, m := range parameter.FindAllStringSubmatch(p.Pattern, -1) {
		for _, name := range m[1:] {
			if name != "" {
				g.params = append(g.params, name)
			}
		}
	}
	methods := g.methods()
	var out []request
	for _, method := range methods {
		out = append(out, g.of(method, max(most/len(methods), 8))...)
	}
	return out
}

type generator struct {
	pair   tofetch.Pair
	in     tofetch.Inputs
	params []string
	seeds  []string
}

func (g *generator) methods() []string {
	if g.pair.Method != "ANY" {
		return []string{g.pair.Method}
	}
	methods := []string{"GET", "POST"}
	for _, w := range g.in.Words {
		if slices.Contains([]string{"PUT", "PATCH", "DELETE"}, w) {
			methods = append(methods, w)
		}
	}
	return methods
}

// asked is what one request says, by the place where it stands.
type asked struct {
	params, query, headers, cookies, form map[string]string
	body                                  string
	json                                  bool
}

func (g *generator) of(method string, most int) []request {
	base := func() asked {
		a := asked{params: map[string]string{}, query: map[string]string{}, headers: map[string]string{}, cookies: map[string]string{}, form: map[string]string{}}
		for _, p := range g.params {
			a.params[p] = "1"
		}
		if method != "GET" && method != "HEAD" {
			a.body, a.json = g.bodies()[0], g.in.Body != nil
			for _, f := range g.in.Form {
				a.form[f] = g.formValue(f)
			}
			if g.in.Raw && !a.json {
				a.body = "sample"
			}
		}
		return a
	}
	// Each thing that can be said is a column of its own; a row is taken of all of them in turn.
	var columns [][]asked
	column := func() { columns = append(columns, nil) }
	add := func(change func(*asked)) {
		a := base()
		change(&a)
		columns[len(columns)-1] = append(columns[len(columns)-1], a)
	}
	column()
	add(func(*asked) {})
	guards := &generator{pair: g.pair, in: g.pair.Guards}
	full := func(i int) func(*asked) {
		return func(a *asked) {
			pick := func(name string, like ...string) string {
				if v := g.in.Likely[name]; v != "" && i < 3 {
					return v
				}
				v := g.values(like...)
				return v[i%len(v)]
			}
			for _, name := range g.params {
				a.params[name] = pick(name, "1")
			}
			for _, name := range g.in.Query {
				a.query[name] = pick(name, "1", "sample")
			}
			for _, name := range g.in.Header {
				a.headers[name] = pick(name, header(name)...)
			}
			for _, name := range g.in.Cookie {
				a.cookies[name] = pick(name, "1", "sample")
			}
		}
	}
	for i := range 6 {
		add(full(i))
	}
	for _, name := range g.params {
		column()
		for _, v := range g.values("2", "3", "none", "a%2Fb") {
			add(func(a *asked) { a.params[name] = v })
		}
	}
	for _, name := range g.in.Query {
		column()
		for _, v := range g.values("1", "2", "true", "sample") {
			add(func(a *asked) { a.query[name] = v })
		}
	}
	for _, name := range g.in.Header {
		column()
		for _, v := range g.values(header(name)...) {
			add(func(a *asked) { a.headers[name] = v })
		}
	}
	for _, name := range g.in.Cookie {
		column()
		for _, v := range g.values("1", "sample") {
			add(func(a *asked) { a.cookies[name] = v })
		}
	}
	if method != "GET" && method != "HEAD" {
		for _, name := range g.in.Form {
			column()
			for _, v := range g.values("") {
				add(func(a *asked) { a.form[name] = v })
			}
		}
		if g.in.Body != nil || g.in.Raw {
			column()
			for _, b := range g.bodies()[1:] {
				add(func(a *asked) { a.body = b })
			}
		}
	}
	// What guards want is said in every other row, and with each parameter that there may be, so that
	// some requests pass those that want something, and some those that do not.
	for _, column := range columns {
		for row := 1; row < len(column); row += 2 {
			guards.pass(&column[row], row/2)
		}
	}
	if len(guards.in.Header)+len(guards.in.Cookie) > 0 {
		column()
		for i, v := range g.values("1")[:min(12, len(g.values("1")))] {
			for w := range min(4, len(guards.in.Words)) {
				add(func(a *asked) {
					for _, name := range g.params {
						a.params[name] = v
					}
					guards.pass(a, w+i)
				})
			}
		}
	}
	var out []request
	for row, more := 0, true; more && len(out) < most; row++ {
		more = false
		for _, column := range columns {
			if row >= len(column) {
				continue
			}
			more = true
			r, ok := g.request(method, column[row])
			if ok && len(out) < most && !slices.ContainsFunc(out, func(o request) bool { return o.text() == r.text() }) {
				out = append(out, r)
			}
		}
	}
	return out
}

// pass says one of the things that guards compare with.
func (g *generator) pass(a *asked, i int) {
	for _, name := range g.in.Header {
		v := g.wanted(header(name)...)
		a.headers[name] = v[i%len(v)]
	}
	for _, name := range g.in.Cookie {
		v := g.wanted("1")
		a.cookies[name] = v[i%len(v)]
	}
}

// request writes what is asked. It reports false for a path that another route would serve.
func (g *generator) request(method string, a asked) (request, bool) {
	ok := true
	target := parameter.ReplaceAllStringFunc(g.pair.Pattern, func(p string) string {
		name := strings.Trim(p, ":*[].")
		v := a.params[name]
		if v == "" && !strings.HasPrefix(p, "[[") {
			ok = false
		}
		if !strings.Contains(v, "%2F") {
			v = url.PathEscape(v)
		}
		return v
	})
	if len(a.query) > 0 {
		q := url.Values{}
		for name, v := range a.query {
			q.Set(name, v)
		}
		target += "?" + q.Encode()
	}
	r := request{method: method, target: target}
	for _, name := range slices.Sorted(keys(a.headers)) {
		v := a.headers[name]
		if strings.ContainsFunc(v, func(c rune) bool { return c < ' ' || c > '~' }) {
			v = "caf\u00e9"
		}
		r.headers = append(r.headers, [2]string{name, v})
	}
	for _, name := range slices.Sorted(keys(a.cookies)) {
		r.headers = append(r.headers, [2]string{"Cookie", name + "=" + url.PathEscape(a.cookies[name])})
	}
	switch {
	case len(a.form) > 0:
		q := url.Values{}
		for name, v := range a.form {
			q.Set(name, v)
		}
		r.body = q.Encode()
		r.headers = append(r.headers, [2]string{"Content-Type", "application/x-www-form-urlencoded"})
	case a.body != "":
		r.body = a.body
		if a.json {
			r.headers = append(r.headers, [2]string{"Content-Type", "application/json"})
		}
	}
	return r, ok
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

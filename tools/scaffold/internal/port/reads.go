package port

// The parts of a request that a handler reads, and the requests that are made of them.

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// reads are the names that a handler reads, each with the constants that it compares the value with.
type reads struct {
	params, queries, headers, cookies, members map[string][]string
	methods                                    []string
	hasBody                                    bool
}

func (r *reads) init() {
	r.params, r.queries, r.headers, r.cookies, r.members = map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}
}

func add(m map[string][]string, name, constant string) {
	if !slices.Contains(m[name], constant) && len(m[name]) < 4 {
		m[name] = append(m[name], constant)
	}
}

func (r *reads) param(name string)                   { r.params[name] = append([]string{}, r.params[name]...) }
func (r *reads) query(name string)                   { r.queries[name] = append([]string{}, r.queries[name]...) }
func (r *reads) header(name string)                  { r.headers[name] = append([]string{}, r.headers[name]...) }
func (r *reads) cookie(name string)                  { r.cookies[name] = append([]string{}, r.cookies[name]...) }
func (r *reads) body(name string)                    { r.members[name] = append([]string{}, r.members[name]...) }
func (r *reads) paramValue(name, constant string)    { add(r.params, name, constant) }
func (r *reads) queryValue(name, constant string)    { add(r.queries, name, constant) }
func (r *reads) headerValue(name, constant string)   { add(r.headers, name, constant) }
func (r *reads) cookieValueOf(name, constant string) { add(r.cookies, name, constant) }
func (r *reads) bodyValue(name, constant string)     { add(r.members, name, constant) }
func (r *reads) method(constant string) {
	if !slices.Contains(r.methods, constant) {
		r.methods = append(r.methods, constant)
	}
}

// asked is a request by its parts.
type asked struct {
	method  string
	params  map[string]string
	queries map[string]string
	headers map[string]string
	cookies map[string]string
	members map[string]any
	body    bool
}

func (a asked) clone() asked {
	a.params, a.queries, a.headers, a.cookies, a.members = maps.Clone(a.params), maps.Clone(a.queries), maps.Clone(a.headers), maps.Clone(a.cookies), maps.Clone(a.members)
	return a
}

// maxCases bounds the requests of one handler.
const maxCases = 24

var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"}

// requests returns those that reach the branches of a handler: everything there, nothing there, and
// each thing missing, or what it is compared with.
func (p *porter) requests() (all []asked) {
	r := &p.reads
	verbs := []string{p.endpoint.Method}
	if p.endpoint.Method == "ANY" {
		verbs = []string{"GET", "POST"}
		for _, m := range r.methods {
			if slices.Contains(methods, m) && m != "HEAD" && !slices.Contains(verbs, m) {
				verbs = append(verbs, m)
			}
		}
	}
	for _, verb := range verbs {
		full := asked{method: verb, params: map[string]string{}, queries: map[string]string{}, headers: map[string]string{}, cookies: map[string]string{}, members: map[string]any{},
			body: r.hasBody && verb != "GET"}
		for name := range r.params {
			full.params[name] = "p " + name
		}
		for name := range r.queries {
			full.queries[name] = "q&" + name
		}
		for name := range r.headers {
			full.headers[name] = "h-" + name
		}
		for name := range r.cookies {
			full.cookies[name] = "c-" + name
		}
		for name := range r.members {
			full.members[name] = "b \"" + name + "\""
		}
		all = append(all, full)
		empty := full.clone()
		empty.queries, empty.headers, empty.cookies, empty.members = map[string]string{}, map[string]string{}, map[string]string{}, map[string]any{}
		if len(full.queries)+len(full.headers)+len(full.cookies)+len(full.members) > 0 {
			all = append(all, empty)
		}
		change := func(m map[string][]string, of func(a asked) map[string]string, missing bool) {
			for _, name := range slices.Sorted(maps.Keys(m)) {
				for _, constant := range m[name] {
					a := full.clone()
					of(a)[name] = constant
					all = append(all, a)
				}
				if missing {
					a := full.clone()
					delete(of(a), name)
					all = append(all, a)
				}
			}
		}
		change(r.params, func(a asked) map[string]string { return a.params }, false)
		change(r.queries, func(a asked) map[string]string { return a.queries }, true)
		change(r.headers, func(a asked) map[string]string { return a.headers }, true)
		change(r.cookies, func(a asked) map[string]string { return a.cookies }, true)
		if full.body {
			for _, name := range slices.Sorted(maps.Keys(r.members)) {
				for _, v := range []any{nil, "", 0, 1.5, true} {
					a := full.clone()
					a.members[name] = v
					all = append(all, a)
				}
				a := full.clone()
				delete(a.members, name)
				all = append(all, a)
			}
		}
	}
	return all[:min(len(all), maxCases)]
}

// request returns the request of a case. ok is false where it cannot be sent as it is.
func (p *porter) request(a asked) (c Case, ok bool) {
	c = Case{Method: a.method, Header: map[string]string{}}
	segments := strings.Split(p.endpoint.Pattern, "/")
	for i, s := range segments {
		name := strings.TrimPrefix(strings.TrimPrefix(strings.Trim(s, "[]"), "..."), ":")
		switch {
		case strings.HasPrefix(s, "[..."):
			segments[i] = "a/b%20c"
		case strings.HasPrefix(s, "[[") || strings.HasPrefix(s, "*"):
			segments[i] = "rest"
		case strings.HasPrefix(s, "[") || strings.HasPrefix(s, ":"):
			v, read := a.params[name]
			if !read {
				v = "x"
			}
			if v == "" || v == "." || v == ".." {
				return c, false
			}
			segments[i] = url.PathEscape(v)
		default:
			segments[i] = (&url.URL{Path: strings.ReplaceAll(s, `\`, "")}).EscapedPath()
		}
	}
	c.Target = strings.Join(segments, "/")
	values := url.Values{}
	for name, v := range a.queries {
		values.Set(name, v)
	}
	if len(values) > 0 {
		c.Target += "?" + values.Encode()
	}
	for name, v := range a.headers {
		c.Header[name] = v
	}
	var cookies []string
	for _, name := range slices.Sorted(maps.Keys(a.cookies)) {
		cookies = append(cookies, name+"="+a.cookies[name])
	}
	if cookies != nil {
		c.Header["Cookie"] = strings.Join(cookies, "; ")
	}
	if a.body {
		text, err := json.Marshal(a.members)
		if err != nil {
			return c, false
		}
		c.Body = string(text)
		c.Header["Content-Type"] = "application/json"
	}
	return c, true
}

package parity

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Header fields are compared by what they mean. Some are not the handler's (framing), some differ
// between any two answers (volatile: their presence is compared), some follow from the body (ETag),
// the rest have a grammar (grammar.go).

// framing fields follow from the body and the connection, and net/http writes them.
var framing = []string{"content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "trailer", "set-cookie"}

// volatileNames are the fields with free values, whose presence is compared; a "*" at the end stands
// for any rest.
var volatileNames = []string{
	"date", "age", "server-timing", "x-runtime", "x-response-time",
	"x-request-id", "request-id", "x-correlation-id", "correlation-id",
	"traceparent", "tracestate", "traceresponse", "b3", "x-b3-*", "x-datadog-*", "x-amzn-trace-id", "x-amzn-requestid",
	"x-cloud-trace-context", "sentry-trace", "uber-trace-id", "cf-ray",
}

func isVolatile(name string) bool {
	for _, v := range volatileNames {
		if prefix, open := strings.CutSuffix(v, "*"); v == name || open && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// fields compares the headers or the trailers.
func (c *comparison) fields(top *place, root string, old, next *Message) {
	h1, h2 := old.Header, next.Header
	if root == "trailer" {
		h1, h2 = old.Trailer, next.Trailer
	}
	p := c.enter(top, named(root))
	defer c.leave(&p)
	if p.free() && p.mode() != within && maps.EqualFunc(h1, h2, slices.Equal[[]string]) {
		return
	}
	if p.mode() == ignore {
		c.report.Forgiven++
		return
	}
	xs, ys := fields(h1), fields(h2)
	for _, name := range eitherName(xs, ys) {
		c.field(&p, name, xs[name], ys[name], old, next)
	}
}

// eitherName lists the names that are in one of two maps, sorted.
func eitherName[V any](a, b map[string]V) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	return slices.Compact(names)
}

// field compares the lines of one header field; the absent side has none.
func (c *comparison) field(parent *place, name string, x, y []string, old, next *Message) {
	p := c.enter(parent, named(name))
	defer c.leave(&p)
	byDefault := p.mode() != exact && !p.ruled
	switch {
	case byDefault && slices.Contains(framing, name) || name == "set-cookie":
	case len(x) == 0:
		c.add(&p, KindExtra, none, lineSideOf(y), missingHint(name))
	case len(y) == 0:
		c.add(&p, KindMissing, lineSideOf(x), none, missingHint(name))
	case slices.Equal(x, y):
		c.equalField(&p, x)
	case byDefault && isVolatile(name):
	default:
		c.fieldValue(&p, name, x, y, old, next)
	}
}

// equalField marks the rules that find their place in a field which does not differ.
func (c *comparison) equalField(p *place, x []string) {
	if p.list != nil {
		p.list.used = true
	}
	v := lineSideOf(x)
	c.marked(p, v)
	c.fingerprint(p, v.raw, v.raw)
}

func lineSideOf(lines []string) side { return textSide(strings.Join(lines, ", ")) }

func missingHint(name string) string {
	if name == "etag" {
		return "a mux sets ETag for reqres, and for fetch unless Answers is Standard; an http.Handler sets its own"
	}
	return ""
}

// fieldValue compares two values of a field that are not the same bytes.
func (c *comparison) fieldValue(p *place, name string, x, y []string, old, next *Message) {
	v, w := lineSideOf(x), lineSideOf(y)
	c.fingerprint(p, v.raw, w.raw)
	if p.list != nil {
		p.list.used = true
		if exactSet.canon(x) == exactSet.canon(y) {
			c.report.Forgiven++
			return
		}
	}
	kind, hint := KindValue, ""
	switch g := grammars[name]; {
	case name == "etag" && p.mode() != exact && weak(x) == weak(y) && !sameBody(old, next):
		return // the tags follow from the bodies, and those are compared
	case name == "etag":
		hint = etagHint(x, y)
	case name == "last-modified" && p.mode() != exact && !sameBody(old, next):
		return
	case name == "expires" && p.mode() != exact && closeDates(v, w):
		return
	case name == "location" || name == "content-location":
		if target(old, v.raw) == target(next, w.raw) {
			return
		}
		hint = locationHint(old, v.raw, w.raw)
	case g.canon != nil:
		if g.canon(x) == g.canon(y) {
			return
		}
		kind, hint = max(g.kind, KindValue), g.hint
	case bytes.Equal(v.raw, w.raw): // one list on several lines
		return
	}
	c.leaf(p, kind, v, w, hint)
}

func weak(tag []string) bool { return strings.HasPrefix(tag[0], "W/") }

func etagHint(x, y []string) string {
	if weak(x) != weak(y) {
		return "one tag is weak, one is strong"
	}
	return "the same content with another tag: caches fetch it once more"
}

// drift is how far two dates may be apart that both sides computed from the clock.
const drift = 5 * time.Second

func closeDates(v, w side) bool {
	a, ok := parseTime(v.raw)
	b, ok2 := parseTime(w.raw)
	return ok && ok2 && a.Sub(b).Abs() <= drift
}

// target returns where a Location leads: resolved against the URL that was asked for, and without
// its origin if that is the origin of the answer.
func target(m *Message, value []byte) string {
	u, err := url.Parse(string(value))
	if err != nil || m.URL == nil {
		return string(value)
	}
	u = m.URL.ResolveReference(u)
	if u.User == nil && u.Scheme == m.URL.Scheme && u.Host == m.URL.Host {
		u.Scheme, u.Host = "", ""
	}
	return u.String()
}

func locationHint(m *Message, v, w []byte) string {
	if m.URL == nil && bytes.HasPrefix(v, []byte{'/'}) != bytes.HasPrefix(w, []byte{'/'}) {
		return "Message.URL is not set, so that relative and absolute targets cannot be compared"
	}
	return ""
}

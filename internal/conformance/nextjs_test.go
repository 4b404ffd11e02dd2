package conformance

// The cases of Next.js: what a request to a described handler was answered with. Here they are
// read, given their scope, sent and compared; nextjs_api_test.go and nextjs_routes_test.go have the
// handlers, each in the shape it belongs to.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

var nextJS = reference{
	name: "Next.js 16.4.6",
	dir:  "nextjs",
	out: []rule{
		{"path-first", "Next.js chooses the file by the path alone, and then answers 405; here dispatch is method-first (DESIGN, section 3)."},
		{"unknown methods", "A route handler's file answers 400 to methods that Next.js does not know and a page of status 500 to TRACE; here they are 405 with Allow, like every method that a path does not have."},
		{"exports", "A route file that exports no handler under a method's name (a default, lower-case names, nothing): here it does not compile, or is not a route."},
		{"js", "A value or a call that Go does not have: undefined, symbols, bigints, functions, Buffers and Maps as JSON, NaN, a returned value that is not a Response, arguments of other types, the digest of a thrown redirect."},
		{"1xx", "A final answer with an informational status: the reference's own clients do not understand it, and HTTP forbids it (RFC 9110, 15.2)."},
		{"V8", "The text of an error of V8 or undici is part of the answer."},
		{"caching", "Static and revalidated handlers: force-static, revalidate, generateStaticParams."},
		{"cookies().set", "Next.js' request-scoped cookies(), headers() and request.cookies, and NextResponse.cookies, which replaces what was appended."},
		{"preview", "Draft mode, preview data and res.revalidate."},
		{"edge", "The edge runtime."},
		{"proxy.js", "proxy.js (middleware.js)."},
		{"config", "Headers, redirects and rewrites of next.config.js."},
		{"path cleaning", "A redirect to the path without empty segments, backslashes or a last slash, whether or not there is a file, and a 404 for letters that are escaped without need: here such a path is redirected, refused or served by rules of its own (DESIGN, section 3, One path)."},
		{"no answer", "The reference does not answer at all (it hangs, or closes the connection); here it is a 500."},
		{"broken answer", "The reference's answer is not HTTP: a Content-Length that the text of the error after it does not have, a 205 with content (RFC 9110, 15.3.6), a handler's TE and Upgrade, which belong to the connection (7.6.1). Here an error has a length of its own, a 205 no content, and those headers are left out."},
		{"relative URL", "Response.redirect with a relative target, an error in the Fetch Standard; here it is sent as it is (facts of Next.js, section 6.4)."},
		{"parser", "The HTTP parser's own answer: Node refuses bytes beyond ASCII in a request line, net/http an HTTP/1.1 request without Host."},
		{"disconnect", "The answer tells what an earlier client's disconnect did: adapt's tests prove that with clients that leave."},
	},
	norms: []rule{
		{"framing", "Content-Length where the reference sends chunks, or the other way round, for a body of known length: net/http counts small bodies itself. A HEAD may say the length that its GET has."},
		{"Allow", "405 has Allow here (RFC 9110, 15.5.6)."},
		{"reason phrase", "net/http writes its own; HTTP/2 has none."},
		{"304", "net/http removes Content-Type from a 304."},
		{"HTML page", "The framework's own HTML page: only the status is compared."},
		{"slash redirect", "A redirect to the path without its last slash has the path as its body and in Refresh there; status and Location are compared."},
		{"repeated lines", "Lines of one header, which route handlers join with a comma, other than Set-Cookie (RFC 9110, 5.3)."},
		{"cookie attributes", "Order and case of the attributes of a Set-Cookie line, and an Expires that says the same as Max-Age."},
		{"url regrouped", "req.url and request.url with the query's pairs grouped by name and encoded anew: here URL is what the client sent, and the handlers group it."},
		{"server host", "request.url has the host of the server's configuration there, masked in the cases; here it is the host that was asked for."},
		{"environment", "What an echo tells of the server and not of the request (x-forwarded-… that Next.js adds, classes, preview flags): the handler repeats what the case says."},
	},
	run: runNext,
}

// nextCase is one case.
type nextCase struct {
	ID, Handler, Note   string
	HandlerOutputIsEcho bool
	Request             struct {
		Method, Path, Body string
		Headers            ordered
		BodyLength         int
	}
	Expect struct {
		Status                                          int
		Headers                                         map[string]any
		Framing, Body, Reason, BodyIs                   string
		Chunks                                          int
		Incomplete, NoResponse, Hangs, ConnectionClosed bool
	}
	file string
}

func runNext(t *testing.T, b *book) {
	suites := map[string]func(t *testing.T, c *nextCase) (served, string){
		"api-routes":     apiRoutes,
		"route-handlers": routeHandlers,
		"mixed-routers":  mixedRouters,
	}
	files, err := filepath.Glob(filepath.Join(*cases, "nextjs", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases of nextjs in %s: %v", *cases, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		var content struct{ Cases []json.RawMessage }
		readJSON(t, file, &content)
		for i, raw := range content.Cases {
			if name == "etag" {
				b.run(t, "etag/"+strconv.Itoa(i), "ETag of send()", func(t *testing.T) verdict { return etagCase(t, raw) })
				continue
			}
			if suites[name] == nil {
				break // route-sort and conflicts are the business of adapt
			}
			c := nextCase{file: name}
			decode(t, raw, &c)
			b.run(t, name+"/"+c.ID, c.Handler, func(t *testing.T) verdict {
				switch e := &c.Expect; {
				case e.NoResponse:
					return verdict{out: "no answer"}
				case e.Incomplete && e.Status >= 500, e.Status == http.StatusResetContent && e.Body != "", e.Headers["te"] != nil:
					return verdict{out: "broken answer"}
				}
				s, out := suites[name](t, &c)
				if out != "" {
					return verdict{out: out}
				}
				return c.judge(t, s)
			})
		}
	}
}

// served is how a case is served: its routes, and the configuration of the mux.
type served struct {
	routes func(*adapt.Routes)
	config adapt.Config
	norms  []string // of the handler
}

// judge sends the request of a case and compares what comes back.
func (c *nextCase) judge(t *testing.T, s served) (v verdict) {
	s.config.Logger = slog.New(slog.DiscardHandler)
	mux, err := s.config.New(s.routes)
	if err != nil {
		t.Fatal(err)
	}
	b := wire(t, mux, c.raw())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := mux.Shutdown(ctx); err != nil { // what After has started ends
		t.Error(err)
	}
	v.norms, v.like = s.norms, c.like()
	if len(b) == 0 {
		v.diff = "no answer\n"
		return v
	}
	got, err := readAnswer(b, c.Request.Method == "HEAD")
	want := answer{Status: c.Expect.Status, Headers: map[string][]string{}, Framing: c.Expect.Framing, Body: c.Expect.Body}
	for name, value := range c.Expect.Headers {
		switch value := value.(type) {
		case string:
			want.Headers[name] = []string{value}
		case []any:
			for _, one := range value {
				want.Headers[name] = append(want.Headers[name], one.(string))
			}
		}
	}
	v.differ("incomplete", c.Expect.Incomplete, err != nil)
	c.normalise(&v, &want, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		v.diff += "(-Next.js +here):\n" + diff
	}
	return v
}

// like is the listed deviation that the case must show, whatever its id.
func (c *nextCase) like() string {
	header := func(name string) string {
		headers, _ := c.Request.Headers.value.(*object)
		if headers == nil {
			return ""
		}
		value, _ := headers.values[name].(string)
		return value
	}
	echo, good := c.HandlerOutputIsEcho, c.Request.Method == "GET" || c.Request.Method == "HEAD"
	switch e := c.Expect; {
	case e.Status == http.StatusResetContent && e.Body != "":
		return "a 205 with a body"
	case strings.HasPrefix(c.Handler, "redirect(") && strings.IndexFunc(c.Handler, func(r rune) bool { return r > 0x7F }) >= 0:
		return "characters beyond ASCII in a redirect"
	case e.Status == 200 && e.Body != "Internal Server Error" && strings.HasSuffix(e.Body, "Internal Server Error"):
		return "an error after the first byte"
	case e.Status == http.StatusNotModified && header("If-None-Match") != "" && (!good || strings.Contains(c.Request.Path, "status=")):
		return "a matching tag of another answer than a good GET or HEAD"
	case echo && c.file == "route-handlers" && header("Cookie") != "":
		return "a cookie that is repeated or quoted"
	case echo && !good && c.Request.Body == "" && strings.Contains(e.Body, `"bodyNull":false`):
		return "the body of a request that has none"
	}
	return ""
}

// normalise makes equal what the named rules say, if it differs.
func (c *nextCase) normalise(v *verdict, want, got *answer) {
	for _, a := range []*answer{want, got} {
		maps.DeleteFunc(a.Headers, func(name string, _ []string) bool { return slices.Contains(notCompared, name) })
	}
	if masked := strings.ReplaceAll(got.Body, "http://localhost/", "http://<server-host>/"); masked != got.Body {
		v.norm("server host")
		if certain(got) && got.Framing == "content-length" {
			got.Headers["content-length"] = []string{strconv.Itoa(len(masked))}
		}
		got.Body = masked
	}
	for i, s := range got.Headers["location"] {
		got.Headers["location"][i] = strings.Replace(s, "http://localhost/", "http://<server-host>/", 1)
	}
	if _, boundary, ok := strings.Cut(first(got.Headers["content-type"]), "boundary="); ok { // both are random
		if _, theirs, ok := strings.Cut(first(want.Headers["content-type"]), "boundary="); ok {
			for _, a := range []*answer{want, got} {
				a.Headers["content-type"][0] = strings.ReplaceAll(strings.ReplaceAll(a.Headers["content-type"][0], theirs, "{B}"), boundary, "{B}")
				a.Body = strings.ReplaceAll(strings.ReplaceAll(a.Body, theirs, "{B}"), boundary, "{B}")
			}
			delete(got.Headers, "content-length")
		}
	}
	if c.Expect.Reason != "" {
		v.norm("reason phrase")
	}
	if c.Expect.BodyIs != "" {
		v.norm("HTML page")
		*want, *got = answer{Status: want.Status}, answer{Status: got.Status}
		return
	}
	if want.Status == http.StatusPermanentRedirect && want.Headers["refresh"] != nil && got.Status == want.Status {
		v.norm("slash redirect")
		delete(want.Headers, "refresh")
		want.Body, got.Body = "", ""
		want.Framing, got.Framing = "", ""
		delete(got.Headers, "content-length")
	}
	if got.Status == http.StatusMethodNotAllowed && got.Headers["allow"] != nil && want.Headers["allow"] == nil {
		v.norm("Allow")
		delete(got.Headers, "allow")
	}
	if got.Status == http.StatusNotModified && want.Status == got.Status && want.Headers["content-type"] != nil && got.Headers["content-type"] == nil {
		v.norm("304")
		delete(want.Headers, "content-type")
	}
	for name, values := range got.Headers {
		if name != "set-cookie" && len(values) > 1 && len(want.Headers[name]) == 1 {
			v.norm("repeated lines")
			got.Headers[name] = []string{strings.Join(values, ", ")}
		}
	}
	if ours, theirs := cookieLines(got.Headers["set-cookie"]), cookieLines(want.Headers["set-cookie"]); !slices.Equal(got.Headers["set-cookie"], want.Headers["set-cookie"]) && len(ours) > 0 {
		v.norm("cookie attributes")
		got.Headers["set-cookie"], want.Headers["set-cookie"] = ours, theirs
	}
	head := c.Request.Method == "HEAD"
	if got.Framing != want.Framing || head && got.Headers["content-length"] != nil != (want.Headers["content-length"] != nil) {
		if head || c.Expect.Incomplete || certain(got) && certain(want) {
			v.norm("framing")
			got.Framing, want.Framing = "", ""
			delete(got.Headers, "content-length")
			delete(want.Headers, "content-length")
		}
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// cookieLines are Set-Cookie lines with their attributes in lower case, sorted, and without an
// Expires that Max-Age stands beside.
func cookieLines(lines []string) (out []string) {
	for _, line := range lines {
		pair, rest, _ := strings.Cut(line, ";")
		attributes := strings.Split(strings.ToLower(rest), ";")
		for i, a := range attributes {
			attributes[i] = strings.TrimSpace(a)
		}
		if slices.ContainsFunc(attributes, func(a string) bool { return strings.HasPrefix(a, "max-age=") }) {
			attributes = slices.DeleteFunc(attributes, func(a string) bool { return strings.HasPrefix(a, "expires=") })
		}
		slices.Sort(attributes)
		out = append(out, pair+"; "+strings.Join(attributes, "; "))
	}
	return out
}

// raw is the request as bytes.
func (c *nextCase) raw() []byte {
	var b bytes.Buffer
	host, lines, length := "localhost", []string{}, -1
	if headers, ok := c.Request.Headers.value.(*object); ok {
		for _, name := range headers.keys {
			values, ok := headers.values[name].([]any)
			if !ok {
				values = []any{headers.values[name]}
			}
			for _, value := range values {
				switch {
				case strings.EqualFold(name, "Host"):
					host = value.(string)
					continue
				case strings.EqualFold(name, "Content-Length"):
					length, _ = strconv.Atoi(value.(string))
				}
				lines = append(lines, name+": "+value.(string))
			}
		}
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", c.Request.Method, c.Request.Path, host)
	for _, line := range lines {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	body := c.Request.Body
	if c.Request.BodyLength > 0 {
		body = strings.Repeat("x", c.Request.BodyLength)
	}
	if length >= 0 && length != len(body) {
		// The recording shows a byte that is not UTF-8 as U+FFFD; the length tells.
		body = strings.ReplaceAll(body, "\uFFFD", "\xE9")
	}
	b.WriteString(body)
	return b.Bytes()
}

// etagCase is a text that is sent, and its tag.
func etagCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct{ Input, ETag string }
	decode(t, raw, &c)
	mux, err := adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}.New(func(r *adapt.Routes) {
		r.ReqRes.Any("/", func(req *reqres.Request, res *reqres.Response) error { return res.Send(c.Input) })
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := mux.Fetch(fetch.NewRequest("GET", "/"))
	if err != nil {
		t.Fatal(err)
	}
	v.differ("ETag", c.ETag, res.Header("Etag"))
	return v
}

// unwantedSlash reports whether a path is the place of a dynamic file, with a slash at its end.
func unwantedSlash[F any](path string, files map[string]F) bool {
	for pattern := range files {
		if place, _, dynamic := strings.Cut(pattern, "["); dynamic && path == place {
			return true
		}
	}
	return false
}

// mixedRouters are files of both routers in one table.
func mixedRouters(t *testing.T, c *nextCase) (served, string) {
	switch {
	case c.ID == "no-host":
		return served{}, "parser"
	case strings.HasPrefix(c.Handler, "proxy behaviour"):
		return served{}, "proxy.js"
	case strings.HasPrefix(c.Request.Path, "/api/cfg"), strings.Contains(c.ID, "rewrite"):
		return served{}, "config"
	case strings.Contains(c.ID, "wrong-method"):
		return served{}, "path-first"
	}
	pages := func(from, param string) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			o := new(object)
			o.set("from", "pages "+from)
			if param != "" {
				o.set("query", req.QueryObject())
			}
			return res.Status(200).JSON(o)
		}
	}
	app := func(from, param string) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			o := new(object)
			o.set("from", "app "+from)
			if param != "" {
				o.set("params", params(req, param))
			}
			return fetch.JSON(o)
		}
	}
	return served{config: adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}, Answers: adapt.Standard}, routes: func(r *adapt.Routes) {
		r.Fetch.GET("/api/mix/fixed", app("mix/fixed", ""))
		r.ReqRes.Any("/api/mix/[id]", pages("mix/[id]", "id"))
		r.ReqRes.Any("/api/mix2/fixed", pages("mix2/fixed", ""))
		r.Fetch.GET("/api/mix2/[id]", app("mix2/[id]", "id"))
		r.Fetch.GET("/api/mix3/[id]", app("mix3/[id]", "id"))
		r.ReqRes.Any("/api/mix3/[...all]", pages("mix3/[...all]", "all"))
		r.ReqRes.Any("/api/mix4/[id]", pages("mix4/[id]", "id"))
		r.Fetch.GET("/api/mix4/[...rest]", app("mix4/[...rest]", "...rest"))
	}}, ""
}

// params are the path parameters of a request; "...name" is a catch-all.
func params(req *fetch.Request, name string) *object {
	o := new(object)
	if rest, ok := strings.CutPrefix(name, "..."); ok {
		if list := req.Params(rest); list != nil {
			o.set(rest, list)
		}
	} else {
		o.set(name, req.Param(name))
	}
	return o
}

// certain reports whether the framing leaves no doubt about the length: chunks, nothing, or a
// Content-Length that is that of the body.
func certain(a *answer) bool {
	switch a.Framing {
	case "chunked":
		return true
	case "none":
		return a.Body == ""
	}
	return slices.Equal(a.Headers["content-length"], []string{strconv.Itoa(len(a.Body))})
}

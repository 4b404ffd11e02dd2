package conformance

// The cases of Express: small programs of calls (testdata/express, explained in its README), a
// request and the answer. Here they are read, judged and compared; express_app_test.go builds the
// app, express_ops_test.go makes the calls, express_values_test.go computes their arguments.

import (
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var express = reference{
	name: "Express 5.3.0",
	dir:  "express",
	out: []rule{
		{"js", "The case is marked `js`: the call can only be made in JavaScript (undefined, NaN, typeof, typed arrays)."},
		{"undefined", "The case hands `undefined` to a call, without being marked `js`. Go has no such value: what is missing is nil, \"\" or false, and the compiler wants every argument."},
		{"signature", "A call with an argument that the Go method's signature does not take (none, or a number for a string): it does not compile."},
		{"setup", "A setting of a wrong type or value that Express refuses while the app is built: it does not compile, or the zero value stands for the default."},
		{"class", "The case shows an error's JavaScript class or stack."},
		{"surrogate", "A lone surrogate: Go strings are UTF-8 and cannot hold it."},
		{"router", "Express's own router: next() after a route, next('route'), prefixes of use, mounted routers and apps, app.param, several handlers on a route, optional groups, several parameters in a segment, case-insensitive paths, the order of registration, req.route, req.baseUrl, rewriting req.url (DESIGN, section 4)."},
		{"options", "The automatic answer to OPTIONS: here it is 204 and Allow, from the table of all routes (DESIGN, section 3, Methods)."},
		{"views", "View engines and render (DESIGN, section 4)."},
		{"jsonp", "JSONP (DESIGN, section 4)."},
		{"app", "The application object (app.get, app.set, req.app): here settings are a struct, fixed when the mux is built."},
		{"node", "Members of Node's streams and sockets (writableEnded, socket, rawHeaders, …), which net/http has in another form."},
		{"timeout", "A handler that never answers hangs in Express until somebody gives up. In Go it is known when it has returned: 500 at once, and a log line that names the route."},
		{"brotli", "Bodies with the encoding br are a 415 with the type encoding.unsupported: the standard library has no Brotli, and the module has no dependencies for it."},
		{"charset", "Charsets beyond UTF-8, UTF-16 and Latin-1 (DESIGN, section 4)."},
		{"hops", "Trust in a number of proxies: a hop that is missing once makes a forged address the client's. Trusted are addresses (`adapt.Config.TrustedProxies`)."},
		{"replacer", "JSON.stringify's replacer: in Go the type says with its tags and methods what is written."},
		{"query parser", "A query parser of one's own, or none: in Go that is a function of one's own, called with req.URL().RawQuery."},
		{"toJSON", "A Buffer or a Date as JSON, which have a form of their own in JavaScript. Here encoding/json writes []byte in base64, and time.Time as RFC 3339."},
		{"phrase", "A status that has no phrase, for which Express writes the word `undefined`; here it is the number."},
		{"path", "req.path as it was sent: here it is the path that is routed on, with dot segments resolved (DESIGN, section 3, One path); req.OriginalURL() is what was sent."},
		{"host", "A Host that is not valid is 400 before any handler (DESIGN, section 3, One path)."},
		{"wide", "A header value beyond U+00FF: in Go a value is bytes, and these are UTF-8 like any other."},
		{"request state", "The case changes the request (its headers, its socket, its query): here a request is read only."},
		{"static", "serve-static and npm cors: other middleware, not Express. For files there is `adapt.Routes.Mount` with http.FileServer, for CORS package cors with cases of its own."},
		{"parser", "The HTTP parser's own answer: net/http refuses a target with a malformed escape, before any handler."},
	},
	norms: []rule{
		{"framing", "Content-Length where the reference sends chunks, or the other way round, for a body of known and equal length: net/http counts small bodies itself. (The cases themselves leave out reason phrases, and the case and order of headers.)"},
	},
	run: runExpress,
}

// expressCase is one line of a file.
type expressCase struct {
	ID, Summary string
	JS          bool
	App         struct {
		Settings map[string]ordered
		Stack    []ordered
	}
	Request struct {
		Method, Path string
		Headers      [][2]string
		Host         json.RawMessage
		Body         *ordered
		Chunks       *[]ordered
	}
	Expect struct {
		SetupError *string
		Timeout    bool
		Status     int
		Headers    map[string]json.RawMessage
		Framing    string
		Body       string
		BodyHex    *string `json:"body_hex"`
	}
	raw []byte
}

func runExpress(t *testing.T, b *book) {
	files, err := filepath.Glob(filepath.Join(*cases, "express", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases of express in %s: %v", *cases, err)
	}
	dir := fixtures(t)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var raws []json.RawMessage
		if err := json.Unmarshal(content, &raws); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, raw := range raws {
			c, err := readCase(raw)
			b.run(t, c.ID, c.Summary, func(t *testing.T) verdict {
				if err != nil {
					t.Fatalf("%v in %s", err, raw)
				}
				return c.judge(t, dir)
			})
		}
	}
}

// readCase reads a case; where that fails, at least its id is known.
func readCase(raw json.RawMessage) (*expressCase, error) {
	c := &expressCase{raw: raw}
	err := json.Unmarshal(raw, c)
	return c, err
}

// fixtures copies the files that cases send to a folder of the machine, with the modification time
// that their entity tags were made of.
func fixtures(t *testing.T) string {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(*cases, "express", "fixtures"))); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, when, when)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var loneSurrogate = regexp.MustCompile(`(?i)\\ud[89ab][0-9a-f]{2}(?:[^\\]|\\[^u]|\\u[^d])`)

func (c *expressCase) judge(t *testing.T, dir string) verdict {
	switch {
	case c.JS:
		return verdict{out: "js"}
	case c.Expect.SetupError != nil:
		return verdict{out: "setup"}
	case c.Expect.Timeout:
		return verdict{out: "timeout"}
	case slices.ContainsFunc(c.Request.Headers, func(h [2]string) bool {
		return strings.EqualFold(h[0], "Content-Encoding") && strings.EqualFold(h[1], "br")
	}):
		return verdict{out: "brotli"}
	case loneSurrogate.Match(c.raw):
		return verdict{out: "surrogate"}
	}
	p := &program{dir: dir, c: c}
	h, out := p.build(t)
	if out != "" {
		return verdict{out: out}
	}
	if h == nil {
		return verdict{diff: "the runner cannot build the app: " + p.fault}
	}
	got, ok := exchange(t, h, p.request())
	if p.out != "" {
		return verdict{out: p.out}
	}
	if p.unknownCharset && c.Expect.Status != 415 {
		return verdict{out: "charset"}
	}
	if p.fault != "" {
		return verdict{diff: "the runner does not understand the case: " + p.fault}
	}
	return c.compare(t, got, ok, p.written)
}

// notCompared are headers that say nothing about the answer.
var notCompared = []string{"date", "connection", "keep-alive", "x-powered-by", "transfer-encoding"}

func (c *expressCase) compare(t *testing.T, got answer, ok bool, written int) (v verdict) {
	if !ok {
		v.diff = "the connection was cut without an answer"
		return v
	}
	want := answer{Status: c.Expect.Status, Headers: map[string][]string{}, Framing: c.Expect.Framing, Body: c.Expect.Body}
	if c.Expect.BodyHex != nil {
		b, err := hex.DecodeString(*c.Expect.BodyHex)
		if err != nil {
			t.Fatal(err)
		}
		want.Body = string(b)
	}
	for name, raw := range c.Expect.Headers {
		var one string
		var many []string
		if json.Unmarshal(raw, &one) == nil {
			many = []string{one}
		} else if err := json.Unmarshal(raw, &many); err != nil {
			t.Fatal(err)
		}
		want.Headers[name] = many
	}
	maps.DeleteFunc(got.Headers, func(name string, _ []string) bool { return slices.Contains(notCompared, name) })
	atNow(want.Headers["set-cookie"], got.Headers["set-cookie"])
	if got.Framing != want.Framing && known(got, written) && known(want, written) {
		v.norms = append(v.norms, "framing")
		delete(got.Headers, "content-length")
		delete(want.Headers, "content-length")
		got.Framing, want.Framing = "", ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		v.diff = "(-Express +here):\n" + diff
		const words = "[entity.parse.failed] "
		if got.Status == want.Status && strings.HasPrefix(got.Body, words+"invalid JSON") && strings.HasPrefix(want.Body, words) {
			v.like = "the words of a JSON error"
		}
		if got.Status == 500 && slices.ContainsFunc(want.Headers["set-cookie"], ignored) {
			v.like = "a cookie that browsers ignore"
		}
	}
	return v
}

// ignored reports whether browsers take no notice of a Set-Cookie line.
func ignored(line string) bool {
	return (strings.Contains(line, "; Partitioned") || strings.Contains(line, "; SameSite=None")) && !strings.Contains(line, "; Secure")
}

// known reports whether the framing leaves no doubt about the length: chunks, or a Content-Length
// that is that of the body, or without one (HEAD) of what was written.
func known(a answer, written int) bool {
	if a.Framing != "content-length" {
		return a.Framing == "chunked" || a.Body == ""
	}
	length := a.Headers["content-length"]
	return len(length) == 1 && length[0] == strconv.Itoa(max(len(a.Body), written))
}

var expires = regexp.MustCompile(`Max-Age=(-?\d+);.*Expires=([^;]*)`)

// atNow puts {NOW+MAXAGE} in the place of an Expires that is Max-Age from now, give or take the
// time that a test may hang.
func atNow(want, got []string) {
	for i := range min(len(want), len(got)) {
		m := expires.FindStringSubmatch(got[i])
		if m == nil || !strings.Contains(want[i], "{NOW+MAXAGE}") {
			continue
		}
		age, _ := strconv.Atoi(m[1])
		when, err := time.Parse(time.RFC1123, m[2])
		if off := time.Until(when) - time.Duration(age)*time.Second; err == nil && off.Abs() < time.Minute {
			got[i] = strings.Replace(got[i], m[2], "{NOW+MAXAGE}", 1)
		}
	}
}

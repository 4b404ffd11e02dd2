package cors_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// The table "Coming from the npm package cors" of the package documentation, line by line: the
// options, and what they become here. A nil Config stands for cors.Off.
func translations() map[string]*cors.Config {
	base := func(change func(*cors.Config)) *cors.Config {
		c := &cors.Config{ // the defaults of the npm package, spelled out
			Origins: []string{"*"}, Methods: []string{"PUT", "PATCH", "DELETE"}, RequestHeaders: []string{"*", "Authorization"},
		}
		change(c)
		return c
	}
	return map[string]*cors.Config{
		`{}`:                              base(func(*cors.Config) {}),
		`{"origin":"*"}`:                  base(func(*cors.Config) {}),
		`{"origin":false}`:                nil,
		`{"origin":"http://example.com"}`: base(func(c *cors.Config) { c.Origins = []string{"http://example.com"} }),
		`{"origin":["http://example.com","http://example.org"]}`: base(func(c *cors.Config) { c.Origins = []string{"http://example.com", "http://example.org"} }),
		`{"origin":["http://example.com"],"credentials":true}`: base(func(c *cors.Config) {
			c.Origins, c.Credentials, c.DangerouslyAllowInsecure = []string{"http://example.com"}, true, []string{"http://example.com"}
		}),
		`{"methods":"GET,PUT"}`:              base(func(c *cors.Config) { c.Methods = []string{"GET", "PUT"} }),
		`{"methods":["FOO","bar"]}`:          base(func(c *cors.Config) { c.Methods = []string{"FOO", "bar"} }),
		`{"allowedHeaders":["FIZZ","buzz"]}`: base(func(c *cors.Config) { c.RequestHeaders = []string{"FIZZ", "buzz"} }),
		`{"allowedHeaders":"FIZZ,buzz"}`:     base(func(c *cors.Config) { c.RequestHeaders = []string{"FIZZ", "buzz"} }),
		`{"allowedHeaders":[]}`:              base(func(c *cors.Config) { c.RequestHeaders = nil }),
		`{"allowedHeaders":""}`:              base(func(*cors.Config) {}),
		`{"exposedHeaders":["A","b"]}`:       base(func(c *cors.Config) { c.ExposedHeaders = []string{"A", "b"} }),
		`{"exposedHeaders":[]}`:              base(func(*cors.Config) {}),
		`{"maxAge":0}`:                       base(func(c *cors.Config) { c.MaxAge = cors.NoCache }),
		`{"maxAge":456}`:                     base(func(c *cors.Config) { c.MaxAge = 456 * time.Second }),
		`{"optionsSuccessStatus":200}`:       base(func(c *cors.Config) { c.PreflightStatus = 200 }),
	}
}

// Where the npm package is run with some options, and this one with what the guide makes of them, a
// browser does the same; and of what a browser remembers or shows of the answer, nothing changes.
func TestMigrationGuide(t *testing.T) {
	type vector struct {
		ID, Desc, OptionsText string
		Options               json.RawMessage
		Request               struct {
			Method  string
			Headers map[string]string
		}
		Observed struct {
			Status  int
			Headers map[string]string
		}
	}
	header := func(from map[string]string) http.Header {
		h := make(http.Header)
		for name, value := range from {
			h.Set(name, value)
		}
		return h
	}
	table, used := translations(), make(map[string]bool)
	for _, v := range reference.Cases[vector](t, "cors/express.json") {
		options := strings.ReplaceAll(string(v.Options), " ", "")
		if v.OptionsText == "undefined" {
			options = "{}"
		}
		c, translated := table[options]
		asked := header(v.Request.Headers)
		req := cors.RequestOf(v.Request.Method, asked)
		if !translated || len(req.Origin) == 0 || v.Request.Method == "OPTIONS" && !req.IsPreflight() {
			continue // no browser sends it
		}
		used[options] = true
		policy := cors.Off()
		if c != nil {
			policy = mustPolicy(t, *c)
		}
		theirs := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != v.Request.Method { // the case is about the preflight; let the request itself pass
				w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
				return
			}
			for name, values := range header(v.Observed.Headers) {
				w.Header()[name] = values
			}
			w.WriteHeader(max(v.Observed.Status, http.StatusOK))
		})
		script := corstest.Request{Method: v.Request.Method, URL: "http://api.test/", Header: make(http.Header)}
		if req.IsPreflight() {
			script.Method = req.RequestMethod[0]
			for name := range strings.SplitSeq(asked.Get("Access-Control-Request-Headers"), ",") {
				if name != "" {
					script.Header.Set(strings.TrimSpace(name), "1")
				}
			}
		}
		browser := corstest.Browser{Origin: req.Origin[0]}
		want, got := browser.May(theirs, script), browser.May(policy.Handler(nothing), script)
		if want.OK != got.OK {
			t.Errorf("%s: %s: shared = %t there (%s), %t here (%s)", v.ID, v.Desc, want.OK, want.Console, got.OK, got.Console)
		}
		if !want.OK {
			continue
		}
		answer := ask(policy, v.Request.Method, asked)
		for _, name := range []string{"Access-Control-Allow-Credentials", "Access-Control-Max-Age", "Access-Control-Expose-Headers"} {
			want := header(v.Observed.Headers).Get(name)
			if name == "Access-Control-Expose-Headers" && req.IsPreflight() {
				continue // means nothing in the answer to a preflight, where the npm package sends it too
			}
			if got := strings.Join(answer.Headers[name], ","); !strings.EqualFold(got, want) {
				t.Errorf("%s: %s: %s is %q there, %q here", v.ID, v.Desc, name, want, got)
			}
		}
		if req.IsPreflight() && answer.Status != v.Observed.Status {
			t.Errorf("%s: %s: a preflight gets %d there, %d here", v.ID, v.Desc, v.Observed.Status, answer.Status)
		}
	}
	for options := range table {
		if !used[options] {
			t.Errorf("no case in express.json has the options %s", options)
		}
	}
}

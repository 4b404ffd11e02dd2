package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/paritytest"
)

// service is a server that notes what it was asked.
type service struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	auth  []string
	now   atomic.Int32
	most  atomic.Int32
}

// serve answers as the old service does; the changes are by path.
func serve(t *testing.T, changes map[string]http.HandlerFunc) *service {
	t.Helper()
	s := &service{}
	count := 0
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.most.Store(max(s.most.Load(), s.now.Add(1)))
		defer s.now.Add(-1)
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
		s.auth = append(s.auth, r.Header.Get("Authorization"))
		count++
		n := count
		s.mu.Unlock()
		if h := changes[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/noisy":
			fmt.Fprintf(w, `{"id":"0190a8c2-0000-7000-8000-%012d"}`, n)
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/flips":
			w.WriteHeader(200 + n%2)
		default:
			fmt.Fprintf(w, `{"path":%q,"tags":[]}`, r.URL.Path)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// log makes an access log of request lines.
func log(requests ...string) string {
	text := ""
	for _, r := range requests {
		text += `192.0.2.1 - - [02/Nov/2026:09:00:00 +0000] "` + r + ` HTTP/1.1" 200 1` + "\n"
	}
	return text
}

func call(t *testing.T, ctx context.Context, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(ctx, append([]string{"-rate", "10000"}, args...), strings.NewReader(log("GET /from-stdin")), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// The exit codes, and what is said with each.
func TestExitCodes(t *testing.T) {
	tags := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"path":%q,"tags":null}`, r.URL.Path)
	}
	for _, c := range []struct {
		name  string
		file  string
		text  string
		args  []string
		code  int
		says  string // in the report, or among the errors
		asked int    // requests that old gets
	}{
		{"alike", "a.log", log("GET /a", "HEAD /a", "GET /noisy"), nil, alike, "3 of 3 requests were answered alike", 6},
		{"a difference", "a.log", log("GET /a", "GET /tags", "GET /tags?x=1"), nil, notAlike, "body.tags  null-vs-empty  x 2  - []  + null", 6},
		{"a difference that is ignored", "a.log", log("GET /tags"), []string{"-ignore", "body.tags"}, alike, "1 of 1", 2},
		{"both fail", "a.log", log("GET /down"), nil, notAlike, "1 failed on both", 2},
		{"both fail as is meant", "a.log", log("GET /down"), []string{"-meant", "501, 503"}, alike, "1 of 1", 2},
		{"old is unstable", "a.log", log("GET /flips"), nil, notAlike, "1 unstable", 2},
		{"a new side that breaks", "a.log", log("GET /breaks"), nil, notAlike, "failure", 2},
		{"a method that is not safe", "a.log", log("POST /a", "GET /a"), nil, alike, "line 1: POST is not a safe method", 2},
		{"one that is sent", "a.log", log("DELETE /a", "GET /a"), []string{"-unsafe"}, alike, "2 of 2", 3},
		{"endpoints", "a.log", log("GET /users/42", "GET /a"), []string{"-only", "/users/:id"}, alike, "GET /users/:id", 2},
		{"standard input", "-", "", []string{"-format", "combined"}, alike, "GET /from-stdin", 2},
		{"curl commands of any name", "requests.txt", "# copied\n\ncurl 'http://x.example/a'\n", nil, alike, "1 of 1", 2},
		{"a HAR of any name", "saved.json", "\uFEFF{\n  \"log\": {\"entries\": [{\"request\": {\"method\": \"GET\", \"url\": \"/a\"}}]}}", nil, alike, "1 of 1", 2},
		{"a log in JSON", "a.log", `{"log":"x","request":"GET /a HTTP/1.1"}`, nil, alike, "1 of 1", 2},
		{"a format that nobody can guess", "a.txt", "x\n", nil, notBegun, "read in the format combined; -format names another", 0},
		{"no format", "-", "", nil, notBegun, "-format is missing", 0},
		{"a file that ends early", "a.har", `{"log":{"entries":[{"request":{"method":"GET","url":"/a"}},`, nil, incomplete, "it is not whole", 2},
		{"not the file of a recording", "a.har", "x", nil, notBegun, "not an HTTP Archive", 0},
		{"nothing to ask", "a.log", log("POST /a"), nil, notBegun, "nothing of", 0},
		{"no file", "none.log", "", nil, notBegun, "none.log", 0},
		{"a bad endpoint", "a.log", log("GET /a"), []string{"-only", "GET a"}, notBegun, "Traffic.Only", 0},
		{"a bad rule", "a.log", log("GET /a"), []string{"-ignore", "bdy"}, notBegun, "Ignore", 0},
		{"a flag that is not", "a.log", log("GET /a"), []string{"-frobnicate"}, notBegun, "frobnicate", 0},
		{"help", "a.log", log("GET /a"), []string{"-h"}, alike, "usage: replay -old URL -new URL", 0},
		{"several mistakes", "a.log", log("GET /a"), []string{"-meant", "404", "-rate", "0", "-H", "x"}, notBegun, "-H: ", 0},
		{"a server that is not there", "a.log", log("GET /a"), []string{"-new", "http://127.0.0.1:1"}, notBegun, "the new server cannot be reached", 0},
		{"not a server", "a.log", log("GET /a"), []string{"-new", "localhost:80"}, notBegun, "-new: this is not the URL of a server", 0},
		{"a report that cannot be written", "a.log", log("GET /a"), []string{"-html", "/no/such/place"}, notBegun, "/no/such/place", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := serve(t, nil)
			after := serve(t, map[string]http.HandlerFunc{"/tags": tags, "/breaks": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }})
			file := c.file
			if c.text != "" {
				file = write(t, c.file, c.text)
			}
			code, out, errs := call(t, t.Context(), append(append([]string{"-old", before.URL, "-new", after.URL}, c.args...), file)...)
			if code != c.code || !strings.Contains(out+errs, c.says) {
				t.Errorf("exits with %d, want %d and %q:\n%s\n%s", code, c.code, c.says, out, errs)
			}
			if len(before.asked) != c.asked {
				t.Errorf("old is asked %q, want %d requests", before.asked, c.asked)
			}
		})
	}
}

// An unsafe request goes to each server once, in the order of the file.
func TestUnsafe(t *testing.T) {
	before, after := serve(t, nil), serve(t, nil)
	file := write(t, "a.sh", "curl -d 1 http://x/a\ncurl -X DELETE http://x/a\ncurl http://x/a\n")
	code, out, errs := call(t, t.Context(), "-old", before.URL, "-new", after.URL, "-unsafe", "-c", "8", file)
	if code != alike {
		t.Fatalf("exits with %d\n%s\n%s", code, out, errs)
	}
	if got, want := strings.Join(before.asked, ", "), "POST /a, DELETE /a, GET /a, GET /a"; got != want {
		t.Errorf("old is asked %s, want %s", got, want)
	}
	if got, want := strings.Join(after.asked, ", "), "POST /a, DELETE /a, GET /a"; got != want {
		t.Errorf("new is asked %s, want %s", got, want)
	}
}

// Neither more at once nor more in a second than said.
func TestBounds(t *testing.T) {
	slow := map[string]http.HandlerFunc{"/a": func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Millisecond) }}
	before, after := serve(t, slow), serve(t, slow)
	file := write(t, "a.log", strings.Repeat(log("GET /a"), 20))
	began := time.Now()
	code, out, errs := call(t, t.Context(), "-old", before.URL, "-new", after.URL, "-c", "3", "-rate", "50", file)
	if code != alike || time.Since(began) < 19*time.Second/50 {
		t.Errorf("exits with %d after %v\n%s\n%s", code, time.Since(began), out, errs)
	}
	if before.most.Load() > 3 || after.most.Load() > 3 {
		t.Errorf("%d and %d at once, want at most 3", before.most.Load(), after.most.Load())
	}
	// A body that does not end is compared as far as is said.
	endless := map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 1<<10)); err != nil {
				return
			}
		}
	}}
	before, after = serve(t, endless), serve(t, endless)
	code, out, errs = call(t, t.Context(), "-old", before.URL, "-new", after.URL, "-body", "100000", write(t, "b.log", log("GET /a")))
	if code != alike || !strings.Contains(out, "answers of which only the beginning was compared: 1") {
		t.Errorf("exits with %d\n%s\n%s", code, out, errs)
	}
	// Nor does the largest bound hide that bodies differ.
	other := map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"path":"/b","tags":[]}`)
	}}
	before, after = serve(t, other), serve(t, nil)
	code, out, errs = call(t, t.Context(), "-old", before.URL, "-new", after.URL, "-body", "9223372036854775807", write(t, "c.log", log("GET /a")))
	if code != notAlike || !strings.Contains(out, "body") {
		t.Errorf("exits with %d\n%s\n%s", code, out, errs)
	}
}

// An interrupt ends the asking, not the report.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	before := serve(t, map[string]http.HandlerFunc{"/2": func(http.ResponseWriter, *http.Request) { cancel() }})
	after := serve(t, map[string]http.HandlerFunc{"/2": func(http.ResponseWriter, *http.Request) {}})
	file := write(t, "a.log", log("GET /1", "GET /2", "GET /3", "GET /4", "GET /5"))
	code, out, errs := call(t, ctx, "-old", before.URL, "-new", after.URL, "-c", "1", file)
	// The third may be handed out in the same moment.
	if code != incomplete || !strings.Contains(out, "not all of the file was asked: interrupted") || !strings.Contains(out, "2 of 2 requests were answered alike") && !strings.Contains(out, "3 of 3 requests were answered alike") {
		t.Errorf("exits with %d\n%s\n%s", code, out, errs)
	}
}

// Identifiers are listed as the file in which they are then mapped.
func TestIDs(t *testing.T) {
	before, after := serve(t, nil), serve(t, nil)
	file := write(t, "a.log", log("GET /users/42", "GET /users/7/posts?post_id=9&page=2"))
	code, out, errs := call(t, t.Context(), "-list-ids", file)
	if want := "{\n  \"42\": \"42\",\n  \"7\": \"7\",\n  \"9\": \"9\"\n}\n"; code != alike || out != want {
		t.Errorf("exits with %d and lists %s, want %s\n%s", code, out, want, errs)
	}
	ids := write(t, "ids.json", `{"42": "1"}`)
	code, out, errs = call(t, t.Context(), "-old", before.URL, "-new", after.URL, "-ids", ids, file)
	if code != alike || strings.Join(after.asked, ", ") != "GET /users/1" || !strings.Contains(out, `IDs does not say what ["7" "9"] is`) {
		t.Errorf("exits with %d, asks %q\n%s\n%s", code, after.asked, out, errs)
	}
}

// Credentials are sent, and stand in no report; with -redact no value does.
func TestSecrets(t *testing.T) {
	before := serve(t, nil)
	after := serve(t, map[string]http.HandlerFunc{"/users/4711": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"path":"secret-value","tags":[]}`)
	}})
	file := write(t, "a.sh", "curl -u ann:secret-user -b sid=secret-cookie -H 'X-Key: secret-key' 'http://x/users/4711?q=secret-query'\ncurl --frobnicate secret-option\n")
	for _, redact := range []bool{false, true} {
		dir := t.TempDir()
		args := []string{"-old", strings.Replace(before.URL, "//", "//secret-name:secret-url@", 1), "-new", after.URL, "-H", "Authorization: Bearer secret-token", "-redact=" + fmt.Sprint(redact)}
		var files []string
		for _, form := range []string{"text", "json", "html", "markdown"} {
			files = append(files, filepath.Join(dir, form))
			args = append(args, "-"+form, filepath.Join(dir, form))
		}
		if code, out, errs := call(t, t.Context(), append(args, file)...); code != notAlike {
			t.Fatalf("exits with %d\n%s\n%s", code, out, errs)
		}
		if before.auth[0] != "Bearer secret-token" {
			t.Errorf("sends the credentials %q", before.auth[0])
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			secrets := []string{"secret-user", "YW5uOnNlY3JldC11c2Vy", "secret-cookie", "secret-name", "secret-url", "secret-token"}
			if redact {
				secrets = append(secrets, "secret-value", "secret-key", "secret-query", "4711")
			}
			for _, secret := range secrets {
				if bytes.Contains(text, []byte(secret)) {
					t.Errorf("%s, redact %v, shows %s:\n%s", filepath.Base(name), redact, secret, text)
				}
			}
			if !bytes.Contains(text, []byte("body.path")) {
				t.Errorf("%s does not show the difference:\n%s", filepath.Base(name), text)
			}
		}
	}
}

// Credentials of a server's URL are sent where no -H says others. Where a redirect leads is compared,
// also where that is not a URL.
func TestAsked(t *testing.T) {
	redirect := func(to string) *service {
		return serve(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{to}
			w.WriteHeader(302)
		}})
	}
	before, after := redirect("http://a b/"), redirect("http://c d/")
	code, out, errs := call(t, t.Context(), "-old", strings.Replace(before.URL, "//", "//ann:secret@", 1), "-new", after.URL, write(t, "a.log", log("GET /a")))
	if code != notAlike || !strings.Contains(out, "header.location") {
		t.Errorf("exits with %d\n%s\n%s", code, out, errs)
	}
	if want := "Basic YW5uOnNlY3JldA=="; before.auth[0] != want || after.auth[0] != "" {
		t.Errorf("sends the credentials %q and %q, want %q and none", before.auth[0], after.auth[0], want)
	}
}

func mustURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

// hostile is a report of what a server and a file can make of one.
func hostile() *report {
	x := "<script>alert(1)</script>\"'`|*_[x](javascript:y)\x1b[31m\n# head"
	r := newReport(&command{old: mustURL("http://old"), next: mustURL("http://new"), file: x})
	r.leave(&paritytest.EntryError{Line: 3, Err: fmt.Errorf("%s", x)})
	a := answer{question: question{number: 1, method: "GET", target: "/" + x, endpoint: "GET /" + x, header: http.Header{"X": {x}}, body: []byte(x)}}
	r.add(answer{question: question{number: 2, method: "GET", target: "/fine", endpoint: "GET /fine"}})
	r.endpoint("GET /"+x).Asked++
	r.Asked, r.Different = r.Asked+1, r.Different+1
	r.note(a, place{Place: "body." + x, Kind: "value", Old: x, New: "``" + x + "``", Hint: x})
	r.finish(fmt.Errorf("%s", x))
	r.Seconds = 1.5
	return r
}

// Whatever the values, each form means what it says.
func TestReports(t *testing.T) {
	r := hostile()
	for name, form := range map[string]func(io.Writer, *report) error{"text": writeText, "json": writeJSON, "html": writeHTML, "md": writeMarkdown} {
		var got bytes.Buffer
		if err := form(&got, r); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "report."+name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got.String() != string(want) {
			t.Errorf("%s is not as in %s, %v (UPDATE=1 writes it); it is\n%s", name, golden, err, got.String())
		}
		for _, c := range []struct{ form, never string }{
			{"html", "<script"}, {"html", "\x1b"}, {"html", "\n# head"}, {"html", "\"'`"}, {"text", "\x1b"}, {"md", "\x1b"}, {"md", "\n# head"}, {"json", "\x1b"},
		} {
			if c.form == name && strings.Contains(got.String(), c.never) {
				t.Errorf("%s has a raw %q", name, c.never)
			}
		}
		if name == "json" && !json.Valid(got.Bytes()) {
			t.Error("not JSON")
		}
		if name == "md" {
			for line := range strings.Lines(got.String()) {
				if bars := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"); bars != 0 && bars != 7 {
					t.Errorf("a row with %d bars: %s", bars, line)
				}
			}
		}
	}
}

// A report is bounded, however many endpoints and places there are; the sample is the first in the file.
func TestReportIsBounded(t *testing.T) {
	r := newReport(&command{old: mustURL("http://old"), next: mustURL("http://new")})
	for i := 5000; i > 0; i-- {
		a := answer{question: question{number: i, method: "GET", target: "/x", endpoint: fmt.Sprintf("GET /%d", i)}, failed: true}
		r.add(a)
		a.endpoint = "GET /same"
		r.note(a, place{Place: "status", Kind: "failed"})
		r.leave(&paritytest.EntryError{Line: i, Err: fmt.Errorf("%s", strings.Repeat("x", 1<<16))})
	}
	r.finish(nil)
	if len(r.Endpoints) != maxEndpoints+1 || len(r.Places) != maxPlaces || r.OmittedPlaces == 0 || len(r.Left) != maxLeft || len(r.Left[0].Why) > 2*maxText {
		t.Errorf("%d endpoints, %d places, %d omitted, %d left out", len(r.Endpoints), len(r.Places), r.OmittedPlaces, len(r.Left))
	}
	for _, p := range r.Places {
		if p.Endpoint == "GET /same" && (p.Number != 1 || p.Count != 5000) {
			t.Errorf("request %d of %d stands for all, want the first of 5000", p.Number, p.Count)
		}
	}
}

func TestProgress(t *testing.T) {
	r := &report{Asked: 50, Different: 2}
	for total, want := range map[int]string{
		100: "[===============               ] 50 of 100, 2 different, 0 unstable, 0 failed, 5/s, 10s left",
		50:  "[==============================] 50 of 50, 2 different, 0 unstable, 0 failed, 5/s",
		-1:  "50 asked, 2 different, 0 unstable, 0 failed, 5/s",
	} {
		if got := r.progress(total, 10*time.Second); got != want {
			t.Errorf("of %d: %s\nwant %s", total, got, want)
		}
	}
}

package corstest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
)

// The model against a browser. A page in Chromium makes each request of the table to another
// origin, and the model makes it of the same handlers: what the servers see, what the script gets
// and what the console says are the same. CROSSFADE_CHROMIUM is the path of a Chromium; without it
// there is nothing to compare with.

// trace is what servers see, by the number of the scenario.
type trace struct {
	mu   sync.Mutex
	seen map[string][]string
}

// record notes what of a request the browser decides.
func (t *trace) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.Host + r.URL.Path
		for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Authorization", "Content-Type", "Cookie"} {
			if v, ok := r.Header[name]; ok {
				line += fmt.Sprintf(" %s=%q", name, v)
			}
		}
		t.mu.Lock()
		t.seen[number(r)] = append(t.seen[number(r)], line)
		t.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// handler serves all scenarios, each under its policy.
func handler(t *testing.T, list []scenario) http.Handler {
	mux := http.NewServeMux()
	for i, s := range list {
		var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-B", "exposed")
			w.Header().Set("X-C", "hidden")
			if s.answer != nil {
				s.answer(w, r)
				return
			}
			fmt.Fprint(w, "ok")
		})
		if s.config.Origins != nil {
			policy, err := cors.New(s.config)
			if err != nil {
				t.Fatal(err)
			}
			h = policy.Handler(h)
		}
		mux.Handle("/"+strconv.Itoa(i), h)
		mux.Handle("/"+strconv.Itoa(i)+"/", h)
	}
	return mux
}

// outcome is what is compared.
type outcome struct {
	OK      bool
	Status  int
	Body    string
	Header  map[string]string // those of X-B and X-C that the script can read
	Console string
	Servers []string
}

func TestChromium(t *testing.T) {
	chromium := os.Getenv("CROSSFADE_CHROMIUM")
	if chromium == "" {
		t.Skip("CROSSFADE_CHROMIUM names no Chromium to compare the model with")
	}
	var list []scenario
	var api http.Handler
	wire := trace{seen: make(map[string][]string)}
	results := make(chan map[string]*result, 1)
	pages := http.NewServeMux()
	start := func() string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, pattern := pages.Handler(r); pattern != "" {
				pages.ServeHTTP(w, r)
				return
			}
			wire.record(api).ServeHTTP(w, r)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	page, server, third := start(), start(), start()
	list = scenarios(page, third)
	api = handler(t, list)
	for i := range list {
		list[i].req.URL = server + "/" + strconv.Itoa(i)
	}
	pages.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/scenarios.html") })
	pages.HandleFunc("GET /scenarios.json", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(marshal(t, list)) })
	pages.HandleFunc("POST /results", func(w http.ResponseWriter, r *http.Request) {
		got := make(map[string]*result)
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		results <- got
	})

	console := browse(t, chromium, page)
	got := <-results
	browser := corstest.Browser{Origin: page}
	for i, s := range list {
		t.Run(s.name, func(t *testing.T) {
			result := got[s.name]
			if result == nil {
				t.Fatal("the page reports nothing")
			}
			model := trace{seen: make(map[string][]string)}
			s.req.Header = s.req.Header.Clone()
			if s.req.Header == nil {
				s.req.Header = make(http.Header)
			}
			s.req.Header.Set("Cookie", "id=1")
			verdict := browser.May(model.record(api), s.req)
			n := strconv.Itoa(i)
			if s.lenient {
				if result.Status == 0 || verdict.OK {
					t.Errorf("status %d in Chromium, shared by the model: %t; want 200 and false", result.Status, verdict.OK)
				}
				return
			}
			if diff := cmp.Diff(chromiumOutcome(result, console[n], wire.seen[n]), modelOutcome(verdict, s.way, model.seen[n])); diff != "" {
				t.Errorf("(-chromium +model):\n%s", diff)
			}
			if s.way == "upload" && result.Status != 0 && result.Progress == 0 {
				t.Error("the listener saw no progress")
			}
		})
	}
}

// result is what scenarios.html reports.
type result struct {
	Status   int
	Header   map[string]string
	Body     string
	Progress int
	Error    string // what the script gets instead, if it says more than that something failed
}

func marshal(t *testing.T, list []scenario) []byte {
	var out []map[string]any
	for _, s := range list {
		header := make(map[string]string)
		for name, values := range s.req.Header {
			header[name] = values[0]
		}
		out = append(out, map[string]any{
			"name": s.name, "url": s.req.URL, "method": or(s.req.Method, "GET"), "way": or(s.way, "fetch"),
			"header": header, "body": s.req.Body, "credentials": s.req.Credentials,
		})
	}
	b, err := json.Marshal(out)
	if err != nil {
		t.Error(err)
	}
	return b
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func chromiumOutcome(r *result, console string, seen []string) outcome {
	o := outcome{Console: console, Servers: seen}
	switch {
	case r.Status != 0:
		o.OK, o.Status, o.Body = true, r.Status, strings.TrimSpace(r.Body)
		o.Header = marked(func(name string) string { return r.Header[strings.ToLower(name)] })
	case r.Error != "Failed to fetch":
		o.Console += r.Error
	}
	return o
}

func modelOutcome(v corstest.Verdict, way string, seen []string) outcome {
	o := outcome{OK: v.OK, Console: v.Console, Servers: seen}
	if v.OK {
		o.Status, o.Body = v.Status, strings.TrimSpace(string(v.Body))
		o.Header = marked(v.Header.Get)
	}
	if strings.HasPrefix(v.Console, "Failed to load resource: net::") {
		o.Console = "" // Chromium shows that in its developer tools alone
	}
	if v.OK && way == "events" { // a script sees the data only
		o.Body, o.Header = strings.TrimPrefix(o.Body, "data: "), map[string]string{}
	}
	return o
}

func marked(get func(name string) string) map[string]string {
	m := make(map[string]string)
	for _, name := range []string{"X-B", "X-C"} {
		if v := get(name); v != "" {
			m[name] = v
		}
	}
	return m
}

var (
	logged  = regexp.MustCompile(`:CONSOLE[:(]\d+\)?\] "(.*)", source: `)
	blocked = regexp.MustCompile(`^Access to (fetch|XMLHttpRequest|resource) at 'http://[^/']*/(\d+)`)
)

// browse opens the page, and returns what the console says of each scenario once the page is done.
func browse(t *testing.T, chromium, page string) map[string]string {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--enable-logging=stderr", "--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), page)
	cmd.WaitDelay = 5 * time.Second
	out, in := io.Pipe()
	cmd.Stderr = in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { in.CloseWithError(cmd.Wait()) }()
	defer func() { cancel(); _, _ = io.Copy(io.Discard, out) }()
	console := make(map[string]string)
	var all bytes.Buffer
	for lines := bufio.NewScanner(io.TeeReader(out, &all)); lines.Scan(); {
		m := logged.FindStringSubmatch(lines.Text())
		switch {
		case m == nil:
		case m[1] == "scenarios: done":
			return console
		default:
			if at := blocked.FindStringSubmatch(m[1]); at != nil {
				console[at[2]] = strings.Replace(m[1], "Access to "+at[1], "Access to fetch", 1)
			}
		}
	}
	t.Fatalf("Chromium ended or took too long before the page was done; it said:\n%s", all.String())
	return nil
}

package main

// The tests start the program as main does, on a free port, and talk to it over
// HTTP. An answer is compared as a whole: status, all headers, body.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// service is the program while it runs.
type service struct {
	t      *testing.T
	url    string
	banner string
	log    *logBuffer
	end    context.CancelFunc
	ended  chan struct{}
	err    error // of run, once it has ended
}

// start runs the program until the end of the test, or until stop. A busy machine may take long for a
// password.
func start(t *testing.T, args ...string) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &service{t: t, log: new(logBuffer), end: cancel, ended: make(chan struct{})}
	stdout, w := io.Pipe()
	go func() {
		defer close(s.ended)
		s.err = run(ctx, append([]string{"-addr", "127.0.0.1:0", "-timeout", "2m"}, args...), w, s.log)
		w.Close()
	}()
	t.Cleanup(func() { s.stop() })
	lines := bufio.NewReader(stdout)
	for !strings.Contains(s.banner, "/like\n\n") {
		line, err := lines.ReadString('\n')
		s.banner += line
		if err != nil {
			<-s.ended
			t.Fatalf("the program ended: %v\n%s%s", s.err, s.banner, s.log)
		}
	}
	s.url = regexp.MustCompile(`http://\S+`).FindString(s.banner)
	return s
}

// stop ends the program as a signal does, and wants it to end well.
func (s *service) stop() {
	s.t.Helper()
	s.end()
	<-s.ended
	if s.err != nil {
		s.t.Errorf("the program ended with an error: %v", s.err)
	}
	if s.log.has("level=ERROR") {
		s.t.Errorf("the program logged an error:\n%s", s.log)
	}
}

type logBuffer struct {
	mu    sync.Mutex
	b     bytes.Buffer
	short atomic.Bool // keep no line of a request that went well
}

func (l *logBuffer) Write(p []byte) (int, error) {
	if l.short.Load() && bytes.Contains(p, []byte("level=INFO msg=request")) {
		return len(p), nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBuffer) has(s string) bool { return strings.Contains(l.String(), s) }

// client is somebody's browser.
type client struct {
	*service
	http http.Client
}

func (s *service) visitor() *client {
	jar, _ := cookiejar.New(nil) // never fails
	return &client{s, http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (s *service) member(name, password string) *client {
	s.t.Helper()
	c := s.visitor()
	body, _ := json.Marshal(credentials{name, password})
	if got, _ := c.ask("POST", "/api/login", string(body)); got.Status != 200 {
		s.t.Fatalf("logging in as %s: %+v", name, got)
	}
	return c
}

// answer is what a client gets, but for the date and the length, which net/http
// checks.
type answer struct {
	Status int
	Header map[string]string
	Body   string
}

// ask sends a request, with headers as "Name: value", and returns its answer
// with the shape that it looks like.
func (c *client) ask(method, path, body string, headers ...string) (answer, string) {
	c.t.Helper()
	res := c.open(method, path, body, headers...)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Errorf("%s %s: %v", method, path, err)
	}
	got := answer{res.StatusCode, map[string]string{}, string(b)}
	for name, values := range res.Header {
		if name != "Date" && name != "Content-Length" {
			got.Header[name] = strings.Join(values, "\n")
		}
	}
	return got, got.plain()
}

// open is ask for the head alone; the caller closes the body.
func (c *client) open(method, path, body string, headers ...string) *http.Response {
	c.t.Helper()
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Error(err)
		return &http.Response{Body: http.NoBody}
	}
	return res
}

var weakETag = regexp.MustCompile(`^W/"[0-9a-f]+-[A-Za-z0-9+/]{27}"$`)

// plain takes away what every JSON answer has, whatever the shape of its handler:
// a charset and an ETag. Any other combination stays, and so fails a comparison.
// It returns what the answer says of its side.
func (a *answer) plain() (shape string) {
	if a.Header["Content-Type"] == "application/json; charset=utf-8" && weakETag.MatchString(a.Header["Etag"]) {
		a.Header["Content-Type"] = "application/json"
		delete(a.Header, "Etag")
	}
	shape = a.Header[sideHeader]
	delete(a.Header, sideHeader)
	return shape
}

// expect is an answer with the headers that every one has, and those given.
func expect(status int, body string, headers ...string) answer {
	want := answer{status, map[string]string{
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "DENY",
	}, body}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		want.Header[name] = value
	}
	return want
}

func expectJSON(status int, body string, headers ...string) answer {
	return expect(status, body, append(headers, "Content-Type: application/json")...)
}

const negroni = `{"id":"negroni","name":"Negroni","glass":"Old fashioned glass","likes":0,"ingredients":[` +
	`{"amount":"30 ml","name":"Gin"},{"amount":"30 ml","name":"Campari"},{"amount":"30 ml","name":"Sweet vermouth"}],` +
	`"instructions":"Build over ice and stir gently. Garnish with half a slice of orange."}`

// listed is the JSON of a list of those cocktails of the data file, in its
// order, that have one of the ingredients; of all for none.
func listed(t *testing.T, ingredients ...string) string {
	t.Helper()
	var all []struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Glass       string `json:"glass"`
		Likes       int    `json:"likes"`
		Ingredients []struct {
			Name string `json:"name"`
		} `json:"ingredients,omitempty"`
	}
	if err := json.Unmarshal(seedCocktails, &all); err != nil {
		t.Fatal(err)
	}
	found := all[:0]
	for _, c := range all {
		wanted := len(ingredients) == 0
		for _, in := range c.Ingredients {
			wanted = wanted || slices.Contains(ingredients, in.Name)
		}
		if c.Ingredients = nil; wanted {
			found = append(found, c)
		}
	}
	b, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (s *service) compare(what string, want, got answer) {
	s.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// routes are the endpoints that the banner lists, as "METHOD /path".
func (s *service) routes() []string {
	routes := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(?:http|reqres|fetch|both) +(\S+) +(\S+) `).FindAllStringSubmatch(s.banner, -1) {
		routes[m[1]+" "+m[2]] = true
	}
	return slices.Sorted(maps.Keys(routes))
}

// cookie is the session as a Cookie header has it.
func (c *client) cookie() string {
	c.t.Helper()
	u, err := url.Parse(c.url)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range c.http.Jar.Cookies(u) {
		if cookie.Name == sessionCookie {
			return cookie.String()
		}
	}
	c.t.Fatal("there is no session")
	return ""
}

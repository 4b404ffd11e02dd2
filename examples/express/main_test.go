package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// express starts the app, or skips the test with a word. CROSSFADE_EXPRESS=install installs it before.
func express(t *testing.T) (url string) {
	t.Helper()
	if os.Getenv("CROSSFADE_EXPRESS") == "install" {
		npm := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--prefix", "app")
		if out, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	url, stop, err := startExpress(t.Context(), "app")
	if errors.Is(err, errNoNode) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func ask(t *testing.T, base, line string, header http.Header) answer {
	t.Helper()
	method, target, _ := strings.Cut(line, " ")
	req, err := http.NewRequest(method, base+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Date", "Connection", "Keep-Alive"} { // of the connection
		res.Header.Del(name)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func front(t *testing.T, mux http.Handler) string {
	t.Helper()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

var lines = []string{
	"GET /products/1", "GET /products/2", "GET /products/3", "GET /products/99", "GET /search?q=tea", "GET /search", "GET /search?q=Th%C3%A9",
}

// What Express serves is what it serves alone.
func TestAsAlone(t *testing.T) {
	url := express(t)
	mux, err := newMux(url, migrate.Config{Plan: migrate.Plan{Stage: migrate.Old}}, adapt.ToFetch(getProduct))
	if err != nil {
		t.Fatal(err)
	}
	base := front(t, mux)
	for _, line := range append([]string{
		"GET /cart", "GET /shop", "GET /events", "POST /products", "DELETE /api/orders/7", "HEAD /products/1", "PUT /search", "OPTIONS /search", "GET /nowhere", "GET /api/orders/",
	}, lines...) {
		want, got := ask(t, url, line, nil), ask(t, base, line, nil)
		if strings.HasPrefix(line, "GET /search") { // a cookie with a date
			want.Header.Del("Set-Cookie")
			got.Header.Del("Set-Cookie")
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-alone +under the mux)\n%s", line, d)
		}
	}
	host := strings.TrimPrefix(base, "http://")
	if got := ask(t, base, "GET /api/orders/7", nil).Body; got != "order 7 of http://"+host+"/api/orders" {
		t.Errorf("Express sees another address than the client: %s", got)
	}
}

// Both steps of the way: the ports are proved equal in shadow, and then the handler in the fetch shape, with the rules of
// the kind and nothing else, also for clients that take compressed answers.
func TestShadow(t *testing.T) {
	url := express(t)
	for name, product := range map[string]fetch.Handler{"port": adapt.ToFetch(getProduct), "fetch": fetch.ETag(getProductNew)} {
		mux, err := newMux(url, migrate.Config{
			Plan:   migrate.Plan{Stage: migrate.Shadow},
			Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, Control: -1}, // all are compared, on a busy machine too
		}, product)
		if err != nil {
			t.Fatal(err)
		}
		base := front(t, mux)
		for _, accept := range []string{"identity", "gzip", "br, gzip", "gzip;q=0.5, br;q=1", "*"} {
			for _, line := range lines {
				ask(t, base, line, http.Header{"Accept-Encoding": {accept}})
				settle(t, mux)
			}
		}
		if err := mux.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		for pair := range mux.Migrations() {
			s := pair.Snapshot()
			if s.Mismatch > 0 || s.Compared == 0 {
				t.Errorf("%s: %s: %d compared, %d differ, %+v\n%+v", name, s.Name, s.Compared, s.Mismatch, s.Shadows, pair.Mismatches())
			}
		}
	}
}

// settle waits for the shadow of the last request, so that none is shed for want of a slot.
func settle(t *testing.T, mux *adapt.Mux) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for pair := range mux.Migrations() {
		for {
			s := pair.Snapshot()
			if s.Shadows.Started == s.Compared {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d shadows have begun, and %d are compared: %+v", s.Name, s.Shadows.Started, s.Compared, s.Shadows)
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// At Live and New the new sides answer as Express did.
func TestMoved(t *testing.T) {
	url := express(t)
	for _, stage := range []migrate.Stage{migrate.Live, migrate.New} {
		mux, err := newMux(url, migrate.Config{Plan: migrate.Plan{Stage: stage}}, fetch.ETag(getProductNew))
		if err != nil {
			t.Fatal(err)
		}
		base := front(t, mux)
		for _, line := range lines {
			want, got := ask(t, url, line, http.Header{"Accept-Encoding": {"identity"}}), ask(t, base, line, http.Header{"Accept-Encoding": {"identity"}})
			for _, h := range []http.Header{want.Header, got.Header} {
				for _, name := range []string{"X-Powered-By", "Vary", "Set-Cookie"} { // what the kind's rules leave out, and a date
					h.Del(name)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s at %s (-Express +new)\n%s", line, stage, d)
			}
		}
	}
}

// A canary keeps each visitor on one side, what new fails Express answers, and a Kill is in force at once.
func TestCanaryAndKill(t *testing.T) {
	url := express(t)
	var broken atomic.Bool
	mux, err := newMux(url, migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.5}}, func(req *fetch.Request) (*fetch.Response, error) {
		if broken.Load() {
			return nil, errors.New("planted")
		}
		return getProductNew(req)
	})
	if err != nil {
		t.Fatal(err)
	}
	base := front(t, mux)
	// side asks as a visitor, "" for one without a cookie, and says who has answered, which must not matter otherwise.
	side := func(visitor string) string {
		t.Helper()
		header := http.Header{"Accept-Encoding": {"identity"}}
		if visitor != "" {
			header.Set("Cookie", "visitor="+visitor)
		}
		got := ask(t, base, "GET /products/1", header)
		if got.Status != 200 || got.Body != `{"id":"1","name":"Teapot","price":2400}` {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		if got.Header.Get("X-Powered-By") == "Express" {
			return "Express"
		}
		return "new"
	}
	count := map[string]int{}
	var moved string
	for i := range 100 {
		visitor := fmt.Sprint("v", i)
		first := side(visitor)
		if again := side(visitor); again != first {
			t.Errorf("visitor %s is served by %s, and then by %s", visitor, first, again)
		}
		if count[first]++; first == "new" {
			moved = visitor
		}
	}
	if count["new"] < 25 || count["Express"] < 25 || side("") != "Express" {
		t.Errorf("half of the visitors, and nobody without a cookie, belong to new: %v, %s", count, side(""))
	}

	broken.Store(true)
	if got := side(moved); got != "Express" {
		t.Errorf("new fails, and %s answers", got)
	}
	broken.Store(false)
	if got := side(moved); got != "new" {
		t.Errorf("new works again, and %s answers", got)
	}

	pair, _ := mux.Migration("GET /products/:id")
	pair.Kill("a rehearsal", "test")
	if got := side(moved); got != "Express" {
		t.Errorf("after the Kill %s answers", got)
	}
	if err := pair.Set(migrate.Plan{Stage: migrate.Live}, "a script"); !errors.Is(err, migrate.ErrHeld) {
		t.Errorf("a plan lifts the Kill: %v", err)
	}
	if err := pair.Reset("test"); err != nil {
		t.Error(err)
	}
	if got := side(""); got != "new" {
		t.Errorf("after the Reset the plan of the script is in force, at which %s answers", got)
	}
}

// The list in the repository is what the app says.
func TestEndpoints(t *testing.T) {
	express(t)
	node := exec.Command("node", "--require", "./endpoints.cjs", "app.js")
	node.Dir = "app"
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(endpoints, string(out)); d != "" {
		t.Errorf("run node --require ./endpoints.cjs app.js > endpoints.txt (-file +app)\n%s", d)
	}
}

// The script is the one that the documentation of package origin shows.
func TestScriptIsDocumented(t *testing.T) {
	script, err := os.ReadFile("app/endpoints.cjs")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../adapt/origin/origin.go")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(script)), "\n") {
		if i > 0 && line != "" && !strings.Contains(string(doc), "//\t"+line+"\n") {
			t.Errorf("the documentation does not have the line\n%s", line)
		}
	}
}

// The back end that is gone is a 502 of the mux, and what has moved is served without it.
func TestDead(t *testing.T) {
	mux, err := newMux("http://127.0.0.1:1", migrate.Config{Plan: migrate.Plan{Stage: migrate.New}}, getProductNew)
	if err != nil {
		t.Fatal(err)
	}
	base := front(t, mux)
	if got := ask(t, base, "GET /cart", nil); got.Status != 502 || got.Body != `{"error":"Bad Gateway"}` {
		t.Errorf("what is left: %+v", got)
	}
	if got := ask(t, base, "GET /products/1", nil); got.Status != 200 {
		t.Errorf("what has moved: %+v", got)
	}
}

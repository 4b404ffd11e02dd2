package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/ratchet"
	"github.com/crossfade-go/crossfade/contrib/legacygin"
)

func init() { gin.SetMode(gin.ReleaseMode) }

// both starts the service alone and under the mux, each with a shop of its own.
func both(t *testing.T) (alone, moved *httptest.Server, mux *adapt.Mux) {
	t.Helper()
	mux, err := newMux(newShop())
	if err != nil {
		t.Fatal(err)
	}
	alone, moved = httptest.NewServer(engine(newShop())), httptest.NewServer(mux)
	t.Cleanup(alone.Close)
	t.Cleanup(moved.Close)
	return alone, moved, mux
}

type answer struct {
	Status int
	Header http.Header
	Body   string
}

func ask(t *testing.T, base, line, header, body string) answer {
	t.Helper()
	method, path, _ := strings.Cut(line, " ")
	req, err := http.NewRequest(method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for field := range strings.SplitSeq(header, "\n") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			req.Header.Add(name, value)
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Header.Del("Date")
	var v any
	if json.Unmarshal(text, &v) == nil { // gin writes & as \u0026
		text, _ = json.Marshal(v)
		res.Header.Del("Content-Length")
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

const form = "--f\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nTea\r\n--f\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"tea.png\"\r\n\r\nPNG\r\n--f--\r\n"

var requests = []struct{ line, header, body string }{
	{"GET /healthz", "", ""},
	{"GET /products?page=2", "", ""},
	{"GET /products/1", "", ""},
	{"GET /products/2", "", ""},
	{"GET /products/99", "", ""},
	{"HEAD /products/1", "", ""},
	{"DELETE /products/1", "", ""},
	{"POST /products", "Content-Type: application/json", `{"name":"Tray","price":1200}`},
	{"POST /products", "Content-Type: application/json", `{"name":"T"}`},
	{"POST /products", "Content-Type: application/json", `{"name":`},
	{"GET /search?q=tea&tag=a&tag=b", "", ""},
	{"GET /search", "", ""},
	{"POST /search", "", ""},
	{"GET /cart", "", ""},
	{"GET /cart", "Cookie: cart=2", ""},
	{"PUT /cart/2", "", ""},
	{"POST /pictures", "Content-Type: multipart/form-data; boundary=f", form},
	{"POST /pictures", "", ""},
	{"GET /events", "", ""},
	{"GET /shop", "", ""},
	{"GET /assets/shop.css", "", ""},
	{"GET /assets/shop.css", "Range: bytes=0-3", ""},
	{"GET /assets/none.css", "", ""},
	{"GET /admin/stats", "", ""},
	{"GET /admin/stats", "Authorization: Bearer t-ada", ""},
	{"GET /admin/whoami", "Authorization: Bearer t-ada", ""},
	{"GET /nowhere", "", ""},
	{"GET /products/", "", ""},
}

// No client can tell that anything has moved.
func TestAnswersAlike(t *testing.T) {
	alone, moved, _ := both(t)
	for _, q := range requests {
		want, got := ask(t, alone.URL, q.line, q.header, q.body), ask(t, moved.URL, q.line, q.header, q.body)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s %s %s (-gin alone +under the mux)\n%s", q.line, q.header, q.body, d)
		}
	}
}

// The endpoint that is on its way answers the same at each stage, and its shadow has found no difference.
func TestStages(t *testing.T) {
	alone, moved, mux := both(t)
	pair, ok := mux.Migration("GET /products/:id")
	if !ok {
		t.Fatal("no migration of GET /products/:id")
	}
	for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Live, migrate.New} {
		if err := pair.Set(migrate.Plan{Stage: stage}, "test"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/products/1", "/products/2", "/products/99"} {
			if d := cmp.Diff(ask(t, alone.URL, "GET "+path, "", ""), ask(t, moved.URL, "GET "+path, "", "")); d != "" {
				t.Errorf("%s at %s (-gin alone +under the mux)\n%s", path, stage, d)
			}
		}
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := pair.Snapshot(); s.Mismatch != 0 {
		t.Errorf("%d of %d shadows differ: %v", s.Mismatch, s.Compared, pair.Mismatches())
	}
}

func TestChat(t *testing.T) {
	_, moved, _ := both(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, moved.URL+"/chat", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := conn.Write(ctx, websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.Read(ctx); err != nil || string(got) != "you said hello" {
		t.Errorf("%q %v", got, err)
	}
}

// The events arrive one by one.
func TestEvents(t *testing.T) {
	_, moved, _ := both(t)
	res, err := http.Get(moved.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	var got []string
	for lines.Scan() {
		got = append(got, lines.Text())
	}
	if len(got) < 3 || got[0] != "event:sold" {
		t.Errorf("%q", got)
	}
}

func TestProgress(t *testing.T) {
	_, moved, mux := both(t)
	ask(t, moved.URL, "GET /products/1", "", "")
	got := mux.Progress()
	want := adapt.AppCount{Name: "gin", Listed: true, Moved: 3, Migrating: 1, Left: 11, Requests: 1}
	if d := cmp.Diff([]adapt.AppCount{want}, got.Apps); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	var dead []string
	for o := range mux.Overlaps() {
		if o.Dead {
			dead = append(dead, o.Loser.Handler[strings.LastIndexByte(o.Loser.Handler, '.')+1:])
		}
	}
	if d := cmp.Diff([]string{"stats", "cart", "search"}, dead); d != "" {
		t.Errorf("dead (-want +got)\n%s", d)
	}
}

// The list of endpoints that are left may only become shorter.
func TestRatchet(t *testing.T) {
	_, _, mux := both(t)
	ratchet.Check(t, mux, "testdata/legacy.txt")
}

// A typo does not leave an endpoint behind in silence.
func TestTypo(t *testing.T) {
	s := newShop()
	e := engine(s)
	_, err := adapt.New(func(r *adapt.Routes) {
		routes(s, e)(r)
	}, func(r *adapt.Routes) {
		r.Fetch.GET("/product/:id", s.getProduct) // not gin's, so it is simply new
	})
	if err != nil {
		t.Error(err)
	}
	_, err = adapt.New(func(r *adapt.Routes) {
		old := r.Legacy("/", legacygin.App(e))
		old.Moved("GET", "/product/:id", s.getProduct)
	})
	if err == nil || !strings.Contains(fmt.Sprint(err), "GET /products/:id") {
		t.Errorf("New says %v", err)
	}
}

package main

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// browser is a client of the shop with a cookie jar.
type browser struct {
	*http.Client
	t    *testing.T
	base string
}

func visit(t *testing.T) (*adapt.Mux, *browser) {
	t.Helper()
	s := newShop()
	mux, err := adapt.New(s.routes)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	jar, _ := cookiejar.New(nil)
	c := server.Client()
	c.Jar = jar
	return mux, &browser{c, t, server.URL}
}

func (b *browser) text(res *http.Response, err error) (int, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (b *browser) get(path string) (int, string) { return b.text(b.Get(b.base + path)) }

// One session, written in one shape and read in the other.
func TestSessions(t *testing.T) {
	_, b := visit(t)
	for _, id := range []string{"7", "8"} {
		if status, body := b.text(b.Post(b.base+"/cart/"+id, "", nil)); status != 204 {
			t.Fatal(status, body)
		}
	}
	if status, body := b.text(b.PostForm(b.base+"/login", url.Values{"name": {"ada"}, "password": {"lovelace"}})); status != 204 {
		t.Fatal(status, body)
	}
	if _, got := b.get("/cart"); got != `{"items":["7","8"],"name":"ada"}` && got != `{"items":["7","8"],"name":"ada"}`+"\n" {
		t.Errorf("the cart is %s", got)
	}
}

// The limit is on one route: the sixth attempt is refused before it is looked at, and nothing else is.
func TestLimitOfLogins(t *testing.T) {
	_, b := visit(t)
	for n := range 7 {
		want := 401
		if n >= 5 {
			want = 429
		}
		if status, body := b.text(b.PostForm(b.base+"/login", url.Values{"name": {"eve"}})); status != want {
			t.Errorf("attempt %d: %d %s, want %d", n+1, status, body, want)
		}
	}
	if status, _ := b.get("/products/7"); status != 200 {
		t.Errorf("another route answers %d", status)
	}
}

// At every stage of a migration the answer is the same, and each request is one in the metrics of its
// route, however often a shadow runs beside it.
func TestMetricsThroughAMigration(t *testing.T) {
	mux, b := visit(t)
	pair, _ := mux.Migration("GET /products/:id")
	for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Live, migrate.New} {
		if err := pair.Set(migrate.Plan{Stage: stage}, "test"); err != nil {
			t.Fatal(err)
		}
		if status, body := b.get("/products/7"); status != 200 || strings.TrimSpace(body) != `{"id":"7","title":"a product"}` {
			t.Errorf("at %v: %d %s", stage, status, body)
		}
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if s := pair.Snapshot(); s.Mismatch != 0 {
		t.Errorf("%d answers differ", s.Mismatch)
	}
	_, metrics := b.get("/metrics")
	if want := `http_request_duration_seconds_count{code="200",route="GET /products/:id"} 4`; !strings.Contains(metrics, want) {
		t.Errorf("no %s in\n%s", want, metrics)
	}
}

// Compressed, and yet each event comes when it is sent.
func TestCompressionOfAStream(t *testing.T) {
	_, b := visit(t)
	res, err := b.Get(b.base + "/news")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	if line != "data: news 1\n" || err != nil {
		t.Errorf("%q, %v", line, err)
	}
}

// gzhttp compresses what is long, in both shapes, and the client says what it takes.
func TestCompression(t *testing.T) {
	_, b := visit(t)
	for n := range 200 {
		b.text(b.Post(b.base+"/cart/product-"+strings.Repeat("x", n%9), "", nil))
	}
	res, err := b.Get(b.base + "/cart")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !res.Uncompressed {
		t.Errorf("200 products come uncompressed: %v", res.Header)
	}
}

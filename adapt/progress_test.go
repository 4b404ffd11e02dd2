package adapt_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

func halfWay(t testing.TB) (*adapt.Mux, map[string]*migrate.Pair) {
	pairs := map[string]*migrate.Pair{}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Owner: "core", Migration: served.Patient(migrate.Old)}, func(r *adapt.Routes) {
			pairs["live"] = r.Migrate("GET", "/accounts/[id]", served.OldSays("x"), served.Says("x"))
			pairs["killed"] = r.Migrate("POST", "/accounts", served.OldSays("x"), served.Says("x"))
		})
		r.ReqRes.Any("/legacy/*path", served.OldSays("x"))
		r.Fetch.GET("/new", served.Says("x"))
		r.Handle("GET", "/healthz", served.Says("ok"))
	})
	for name, p := range pairs {
		if err := p.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
			t.Fatal(err)
		}
		if name == "killed" {
			p.Kill("test", "test")
		}
	}
	for range 3 {
		served.Ask(t, mux, "GET", "/accounts/1")
	}
	served.Ask(t, mux, "POST", "/accounts")
	return mux, pairs
}

var sourceLine = regexp.MustCompile(`[\w/\\]+\.go:\d+`)

func TestProgress(t *testing.T) {
	mux, _ := halfWay(t)
	p := mux.Progress()
	if d := cmp.Diff(adapt.Count{Fetch: 1, Migrating: 2, ReqRes: 1, HTTP: 1}, p.Routes); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if d := cmp.Diff(adapt.Traffic{Old: 1, New: 3}, p.Traffic); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	text, err := json.Marshal(p)
	if !strings.Contains(string(text), `"routes":{"fetch":1,"migrating":2,"reqres":1,"legacy":0,"http":1}`) {
		t.Errorf("JSON: %s %v", text, err)
	}
	want := `by route: 25 % of the endpoints have moved (1 fetch, 2 migrating, 1 reqres; 1 plain http aside)
by traffic: 75 % of the requests to migrating endpoints were served by new (3 new, 1 old)

OWNER  METHOD  PATTERN         SHAPE      STAGE                OLD  NEW  OLD TOOK  NEW TOOK  DIFFERENT  SOURCE
-      GET     /healthz        http       -                    -    -    -         -         -          FILE
-      ANY     /legacy/*path   reqres     -                    -    -    -         -         -          FILE
-      GET     /new            fetch      -                    -    -    -         -         -          FILE
core   POST    /accounts       migrating  old (killed at new)  1    0    -         -         0 of 0     FILE
core   GET     /accounts/[id]  migrating  new                  0    3    -         -         0 of 0     FILE
`
	if d := cmp.Diff(want, sourceLine.ReplaceAllString(p.String(), "FILE")); d != "" {
		t.Errorf("text (-want +got)\n%s", d)
	}
	if again := mux.Progress().String(); again != p.String() {
		t.Errorf("another report of the same state:\n%s", again)
	}
	want = `- by route: 25 % of the endpoints have moved (1 fetch, 2 migrating, 1 reqres; 1 plain http aside)
- by traffic: 75 % of the requests to migrating endpoints were served by new (3 new, 1 old)

| OWNER | METHOD | PATTERN | SHAPE | STAGE | OLD | NEW | OLD TOOK | NEW TOOK | DIFFERENT | SOURCE |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| - | GET | ` + "`/healthz`" + ` | http | - | - | - | - | - | - | FILE |
`
	if got := sourceLine.ReplaceAllString(p.Markdown(), "FILE"); !strings.HasPrefix(got, want) {
		t.Errorf("Markdown (-want +got)\n%s", cmp.Diff(want, got))
	}
}

// Names are text, whatever is in them, so that a summary shows what it says.
// A method that never gets a shadow does not look like one in which no difference was found.
func TestProgressOfWhatIsNotCompared(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Shadow)}, func(r *adapt.Routes) {
			r.Migrate("POST", "/asked", served.OldSays("x"), served.Says("x"))
			r.Migrate("POST", "/quiet", served.OldSays("x"), served.Says("x"))
		})
	})
	served.Ask(t, mux, "POST", "/asked")
	got := mux.Progress().String()
	if strings.Count(got, "0 of 0: POST has no shadow ") != 1 || !strings.Contains(got, "/asked") || strings.Count(got, "0 of 0") != 2 {
		t.Error(got)
	}
}

func TestProgressMarkdownOfNames(t *testing.T) {
	p := adapt.Progress{Endpoints: []adapt.Row{{Method: "GET", Pattern: "/a|`b", Shape: "legacy", App: "<i>", Owner: "core|*", Source: "x_y.go:1", Reason: "a\n# b"}}}
	want := "| core\\|\\* | GET | `` /a\\|`b `` | legacy \\<i\\> | - | - | - | - | - | - | x\\_y.go:1 (a \\# b) |\n"
	if got := p.Markdown(); !strings.HasSuffix(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestLegacy(t *testing.T) {
	mux, _ := halfWay(t)
	var got []string
	for r := range mux.Legacy() {
		got = append(got, fmt.Sprint(r.Method, " ", r.Pattern))
	}
	if d := cmp.Diff([]string{"ANY /legacy/*path", "GET /accounts/[id]", "POST /accounts"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// A pair is found by its name, which is the route unless the configuration has one.
func TestMuxMigration(t *testing.T) {
	old, next := served.OldSays("x"), served.Says("x")
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/other", next)
		r.Migrate("GET", "/a/:id", old, next)
		r.Scope(adapt.Scope{Prefix: "/shop", Migration: migrate.Config{Name: "shop"}}, func(r *adapt.Routes) {
			r.Migrate("POST", "/b", old, next)
		})
	})
	for p := range mux.Migrations() {
		if found, ok := mux.Migration(p.Name()); !ok || found != p {
			t.Errorf("Migration(%q) = %v, %t", p.Name(), found, ok)
		}
	}
	for name, want := range map[string]bool{"GET /a/:id": true, "shop POST /shop/b": true, "GET /other": false, "shop": false, "": false} {
		if _, ok := mux.Migration(name); ok != want {
			t.Errorf("Migration(%q) is found: %t", name, ok)
		}
	}
}

package ratchet_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/ratchet"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// recorder is a testing.TB that keeps what a test reports.
type recorder struct {
	testing.TB
	errors []string
}

func (*recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func old(*reqres.Request, *reqres.Response) error  { return nil }
func next(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() }
func newMux(t *testing.T, routes func(*adapt.Routes)) *adapt.Mux {
	t.Helper()
	mux, err := adapt.New(routes)
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

func TestCheck(t *testing.T) {
	mux := newMux(t, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Owner: "core"}, func(r *adapt.Routes) { r.ReqRes.GET("/users/:id", old) })
		r.Migrate("GET", "/accounts", old, next)
		r.Fetch.GET("/moved", next)
		r.ReqRes.Any("/legacy/[...path]", old)
	})
	const list = "# what is left\nANY /legacy/[...path]\nGET /accounts\nGET /users/:id\n"
	for name, c := range map[string]struct {
		list   string
		want   []string // parts of the errors
		shrunk string   // the file after a run that may shrink it
	}{
		"exact":     {list, nil, list},
		"a new one": {"ANY /legacy/[...path]\nGET /accounts\n", []string{"GET /users/:id (owner core) is registered at "}, "ANY /legacy/[...path]\nGET /accounts\n"},
		"moved":     {list + "GET /moved\n", []string{":5: GET /moved has moved to fetch: delete this line"}, list},
		"gone":      {list + "GET /gone\n", []string{":5: GET /gone is not an endpoint any more: delete this line"}, list},
		"twice":     {list + "GET  /accounts\n", []string{":5: GET /accounts is listed already in line 3"}, list},
		"renamed": {strings.Replace(list, ":id", ":user", 1), []string{"GET /users/:id (owner core) is registered", ":4: GET /users/:user is not an endpoint any more"},
			"# what is left\nANY /legacy/[...path]\nGET /accounts\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "legacy.txt")
			if err := os.WriteFile(file, []byte(c.list), 0o600); err != nil {
				t.Fatal(err)
			}
			r := &recorder{TB: t}
			ratchet.Check(r, mux, file)
			ok := len(r.errors) == len(c.want)
			for i := range c.want {
				ok = ok && strings.Contains(r.errors[i], c.want[i])
			}
			if !ok {
				t.Errorf("reports\n%s\nwant\n%s", strings.Join(r.errors, "\n"), strings.Join(c.want, "\n"))
			}
			t.Setenv(ratchet.Env, "shrink")
			ratchet.Check(&recorder{TB: t}, mux, file)
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.shrunk, string(got)); d != "" {
				t.Errorf("shrunk (-want +got)\n%s", d)
			}
		})
	}
}

func TestCheckWithoutAList(t *testing.T) {
	mux := newMux(t, func(r *adapt.Routes) { r.ReqRes.GET("/b", old); r.ReqRes.GET("/a", old) })
	file := filepath.Join(t.TempDir(), "testdata", "legacy.txt")
	r := &recorder{TB: t}
	ratchet.Check(r, mux, file)
	if len(r.errors) == 0 || !strings.HasSuffix(r.errors[0], "commit this list:\nGET /a\nGET /b\n") {
		t.Errorf("reports %q", r.errors)
	}
	t.Setenv(ratchet.Env, "shrink")
	ratchet.Check(t, mux, file)
	t.Setenv(ratchet.Env, "")
	ratchet.Check(t, mux, file)
}

// The endpoints of a legacy app stand in the list under its name, until they have moved.
func TestCheckLegacyApp(t *testing.T) {
	mux := newMux(t, func(r *adapt.Routes) {
		gin := r.Legacy("/", adapt.App{Name: "gin", Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{
			{Method: "GET", Pattern: "/users/:id"}, {Method: "POST", Pattern: "/users"}, {Method: "GET", Pattern: "/search"},
			{Method: "GET", Own: "/v{n}", Reason: "it is part of a segment"},
		}})
		gin.Moved("GET", "/search", next)
		gin.Migrate("GET", "/users/[key]", next) // the line keeps the app's words
		r.Legacy("/web", adapt.App{Name: "node", Handler: http.NotFoundHandler()})
	})
	const list = "gin GET /users/:id\ngin GET /v{n}\ngin POST /users\nnode ANY /web/[[...]]\n"
	for name, c := range map[string]struct {
		list string
		want []string
	}{
		"exact":     {list, nil},
		"moved":     {list + "gin GET /search\n", []string{":5: gin GET /search has moved to fetch: delete this line"}},
		"a new one": {strings.Replace(list, "gin POST /users\n", "", 1), []string{"gin POST /users is registered at "}},
	} {
		file := filepath.Join(t.TempDir(), "legacy.txt")
		if err := os.WriteFile(file, []byte(c.list), 0o644); err != nil {
			t.Fatal(err)
		}
		r := &recorder{TB: t}
		ratchet.Check(r, mux, file)
		if len(r.errors) != len(c.want) {
			t.Errorf("%s: %q", name, r.errors)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(r.errors[i], want) {
				t.Errorf("%s: %q, want %q in it", name, r.errors[i], want)
			}
		}
	}
}

// The summary of a job: the same state as Check sees, by owner.
func TestMarkdown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "legacy.txt")
	summary := func(list string, routes func(*adapt.Routes)) string {
		t.Helper()
		if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := ratchet.Markdown(newMux(t, routes), file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(text, strings.ReplaceAll(file, "_", `\_`), "FILE")
	}
	got := summary("GET /accounts\nGET /moved\n", func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Owner: "core|<b>"}, func(r *adapt.Routes) { r.ReqRes.GET("/users/:id", old) })
		r.Migrate("GET", "/accounts", old, next)
		r.ReqRes.POST("/a|b", old)
		r.Fetch.GET("/moved", next)
	})
	got = regexp.MustCompile(`registered at \S+ in`).ReplaceAllString(got, "registered at SOURCE in")
	want := "3 endpoints still need the old shape.\n\n" +
		"- GET /users/:id (owner core\\|\\<b\\>) is registered at SOURCE in the old shape, and is not among those in FILE, which may only become fewer. " +
		"Write it as a fetch.Handler and register it with r.Fetch. If an endpoint of the list was renamed, change its line.\n" +
		"- POST /a\\|b is registered at SOURCE in the old shape, and is not among those in FILE, which may only become fewer. " +
		"Write it as a fetch.Handler and register it with r.Fetch. If an endpoint of the list was renamed, change its line.\n" +
		"- FILE:2: GET /moved has moved to fetch: delete this line (or run the test with CROSSFADE\\_RATCHET=shrink), so that it cannot come back.\n\n" +
		"| OWNER | LEFT | ENDPOINTS |\n| --- | --- | --- |\n" +
		"| - | 2 | `GET /accounts`<br>`POST /a\\|b` |\n" +
		"| core\\|\\<b\\> | 1 | `GET /users/:id` |\n"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if got, want := summary("", func(r *adapt.Routes) { r.Fetch.GET("/moved", next) }), "Nothing needs the old shape any more.\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := ratchet.Markdown(newMux(t, func(*adapt.Routes) {}), file+"x"); err == nil {
		t.Error("a list that is not there is not an error")
	}
}

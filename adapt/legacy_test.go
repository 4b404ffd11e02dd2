package adapt_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// shop is a legacy app that answers with its name and the path that it was asked for; what it does
// not know is a 404 of its own, and a method that it does not know a 405.
func shop(name string, endpoints ...string) adapt.App {
	a := adapt.App{Name: name, Endpoints: []adapt.Endpoint{}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s: %s %s", name, r.Method, r.URL.RequestURI())
	})}
	for i, e := range endpoints {
		method, path, _ := strings.Cut(e, " ")
		a.Endpoints = append(a.Endpoints, adapt.Endpoint{
			Method: method, Pattern: path, Handler: fmt.Sprint(name, ".h", i), Source: fmt.Sprintf("%s.go:%d", name, i+1),
		})
	}
	return a
}

// An endpoint of an app ranks by its pattern as a route does; what the app does not list comes
// last.
func TestLegacyDispatch(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		app := r.Legacy("/", shop("gin", "GET /users/:id", "GET /users/:id/likes", "POST /users", "GET /search", "ANY /any/*rest", "GET /files/*path"))
		app.Moved("GET", "/search", served.Says("moved search"))
		app.Migrate("POST", "/users", served.Says("new users"))
		app.Moved("PUT", "/any/*rest", served.Says("moved any"))
		r.Fetch.GET("/users/me", served.Says("me"))
		r.Fetch.GET("/:collection/:id", served.Says("anything"))
		r.Fetch.GET("/files/readme", served.Says("readme"))
	})
	for request, want := range map[string]string{
		"GET /users/1":       "gin: GET /users/1", // though /:collection/:id matches
		"GET /users/me":      "me",
		"GET /users/me/":     "gin: GET /users/me/",
		"GET /orders/1":      "anything",
		"GET /users/1/likes": "gin: GET /users/1/likes",
		"DELETE /users/1":    "gin: DELETE /users/1", // its own 405
		"OPTIONS /users/1":   "gin: OPTIONS /users/1",
		"GET /search":        "moved search",
		"POST /search":       "gin: POST /search",
		"OPTIONS /search":    "gin: OPTIONS /search",
		"POST /users":        "gin: POST /users", // at Old
		"PUT /any/a/b":       "moved any",
		"PATCH /any/a/b":     "gin: PATCH /any/a/b",
		"GET /files/readme":  "readme",
		"GET /files/x":       "gin: GET /files/x",
		"GET /nowhere":       "gin: GET /nowhere", // its own 404
		"GET /":              "gin: GET /",
		"GET /users/%FF":     "gin: GET /users/%FF", // no parameter of the mux's
		"GET /users/a%2Fb?x": "gin: GET /users/a%2Fb?x",
		"GET //users/1":      "gin: GET //users/1",
	} {
		method, target, _ := strings.Cut(request, " ")
		if got := served.Ask(t, mux, method, target).Body; got != want {
			t.Errorf("%s is answered by %q, want %q", request, got, want)
		}
	}
}

// Under a prefix the app sees paths without it, and lines name paths without it.
func TestLegacyUnderPrefix(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/v1"}, func(r *adapt.Routes) {
			app := r.Legacy("/shop/", shop("gin", "GET /", "GET /users/:id", "GET /search"))
			app.Moved("GET", "/search", search)
			app.Moved("GET", "/", search)
		})
	})
	for target, want := range map[string]string{
		"/v1/shop/users/1": "gin: GET /users/1",
		"/v1/shop/search":  "search",
		"/v1/shop":         "search",
		"/v1/shop/":        "gin: GET /",
		"/v1/shop/x%2Fy":   "gin: GET /x%2Fy",
	} {
		if got := served.Ask(t, mux, "GET", target).Body; got != want {
			t.Errorf("%s is answered by %q, want %q", target, got, want)
		}
	}
	var got []string
	for r := range mux.Routes() {
		got = append(got, fmt.Sprint(r.Shape, " ", r.App, " ", r.Method, " ", r.Pattern, " ", r.Handler))
	}
	want := []string{
		"legacy gin GET /v1/shop/users/:id gin.h1",
		"legacy gin ANY /v1/shop/[[...]] gin",
		"fetch gin GET /v1/shop/search adapt_test.search",
		"fetch gin GET /v1/shop adapt_test.search",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("routes (-want +got)\n%s", d)
	}
}

// What Migrate and Moved name must be there, and New says what is.
func TestLegacyMistakes(t *testing.T) {
	regular := shop("chi", "GET /users/:id", "DELETE /users/:id", "GET /search", "ANY /any/*rest")
	regular.Endpoints = append(regular.Endpoints, adapt.Endpoint{
		Method: "GET", Own: "/items/{id:[0-9]+}", Reason: "{id:[0-9]+} is a regular expression", Handler: "chi.item", Source: "chi.go:9",
	})
	for _, tt := range []struct {
		rule string
		do   func(*adapt.Routes, *adapt.Legacy)
		want []string
	}{
		{"a typo", func(_ *adapt.Routes, l *adapt.Legacy) { l.Moved("GET", "/user/:id", served.Says("x")) },
			[]string{"legacy_test.go:", "Moved GET /user/:id: chi has no such endpoint", "GET /users/:id  chi.h0  chi.go:1"}},
		{"another method", func(_ *adapt.Routes, l *adapt.Legacy) { l.Migrate("PUT", "/users/:id", served.Says("x")) },
			[]string{"Migrate PUT /users/:id: chi has no such endpoint", "GET /users/:id", "DELETE /users/:id"}},
		{"the whole of what has one method", func(_ *adapt.Routes, l *adapt.Legacy) { l.Moved("ANY", "/search", served.Says("x")) },
			[]string{"Moved ANY /search: chi has no such endpoint", "GET /search"}},
		{"a pattern that the mux cannot say", func(_ *adapt.Routes, l *adapt.Legacy) { l.Moved("GET", "/items/{id:[0-9]+}", served.Says("x")) },
			[]string{"chi has this endpoint", "{id:[0-9]+} is a regular expression"}},
		{"the same pattern in the mux's words", func(_ *adapt.Routes, l *adapt.Legacy) { l.Migrate("GET", "/items/:id", served.Says("x")) },
			[]string{"chi has no such endpoint", "GET /items/{id:[0-9]+}"}},
		{"a pattern that breaks a rule", func(r *adapt.Routes, _ *adapt.Legacy) {
			r.Legacy("/x", shop("y", "GET /v:n")).Moved("GET", "/v:n", served.Says("x"))
		}, []string{"Moved GET /v:n: y has this endpoint", "does not begin the segment"}},
		{"a nil handler", func(_ *adapt.Routes, l *adapt.Legacy) { l.Moved("GET", "/search", nil) }, []string{"nil handler"}},
		{"a nil new side", func(_ *adapt.Routes, l *adapt.Legacy) { l.Migrate("GET", "/search", nil) }, []string{"Migrate GET /search", "nil"}},
		{"nil middleware", func(_ *adapt.Routes, l *adapt.Legacy) { l.Use(nil) }, []string{"nil middleware"}},
		{"Use after Moved", func(_ *adapt.Routes, l *adapt.Legacy) {
			l.Moved("GET", "/search", served.Says("x"))
			l.Use(served.PassHTTP)
		}, []string{"comes after a route of its scope"}},
		{"nil middleware of a group", func(_ *adapt.Routes, l *adapt.Legacy) { l.With(nil).Moved("GET", "/search", search) }, []string{"With of a legacy app was given nil"}},
		{"Use after Moved of a group", func(_ *adapt.Routes, l *adapt.Legacy) {
			l.With(served.PassHTTP).Moved("GET", "/search", search)
			l.Use(served.PassHTTP)
		}, []string{"comes after a route of its scope"}},
		{"Use after Migrate", func(_ *adapt.Routes, l *adapt.Legacy) {
			l.Migrate("GET", "/search", served.Says("x"))
			l.Use(served.PassHTTP)
		}, []string{"comes after a route of its scope"}},
		{"a pattern with a mistake", func(_ *adapt.Routes, l *adapt.Legacy) { l.Moved("GET", "/:a/:a", served.Says("x")) }, []string{"two parameters"}},
		{"an app without a handler", func(r *adapt.Routes, _ *adapt.Legacy) {
			r.Legacy("/x", adapt.App{Name: "nothing"}).Moved("GET", "/", served.Says("x"))
		}, []string{"the legacy app nothing has a nil Handler"}},
		{"a prefix without its slash", func(r *adapt.Routes, _ *adapt.Legacy) { r.Legacy("x", shop("y")) }, []string{`the prefix "x" of a legacy app must begin with /`}},
		{"a list with a mistake", func(r *adapt.Routes, _ *adapt.Legacy) { r.Legacy("/x", shop("y", "G@T /b")) },
			[]string{"the app y lists G@T /b", "not an HTTP method"}},
		{"two apps", func(r *adapt.Routes, _ *adapt.Legacy) { r.Legacy("", shop("gin", "GET /users/[key]")) },
			[]string{"2 route collisions", "legacy chi", "legacy gin", "leave the endpoint out of the list of"}},
		{"an endpoint for ANY in another app", func(r *adapt.Routes, _ *adapt.Legacy) {
			r.Scope(adapt.Scope{Prefix: "/any"}, func(r *adapt.Routes) { r.Legacy("", shop("gin", "GET /*more")) })
		}, []string{"2 route collisions", "one path in two shapes", "legacy chi", "legacy gin"}},
		{"a fetch route", func(r *adapt.Routes, _ *adapt.Legacy) { r.Fetch.GET("/search", search) },
			[]string{"GET /search has two handlers", "Has it moved out of chi?", `chi.Moved("GET", "/search", adapt_test.search)`}},
		{"a verb of an endpoint for ANY", func(r *adapt.Routes, _ *adapt.Legacy) { r.Fetch.GET("/any/*rest", search) },
			[]string{"one path in two shapes", `chi.Moved("GET", "/any/*rest", adapt_test.search)`}},
		{"a reqres route", func(r *adapt.Routes, _ *adapt.Legacy) { r.ReqRes.GET("/search", served.OldSays("x")) },
			[]string{"GET /search has two handlers", "Delete one of them"}},
		{"a migration outside", func(r *adapt.Routes, _ *adapt.Legacy) { r.Migrate("GET", "/search", served.OldSays("x"), search) },
			[]string{"GET /search has two handlers", `chi.Migrate("GET", "/search", adapt_test.search)`}},
		{"an endpoint that moves twice", func(_ *adapt.Routes, l *adapt.Legacy) {
			l.Moved("GET", "/search", search)
			l.Moved("GET", "/search", search)
		}, []string{"GET /search has two handlers"}},
	} {
		_, err := adapt.New(func(r *adapt.Routes) {
			l := r.Legacy("/", regular)
			tt.do(r, l)
		})
		if err == nil {
			t.Errorf("%s: New has no complaint", tt.rule)
			continue
		}
		for _, part := range tt.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q is missing in\n%v", tt.rule, part, err)
			}
		}
	}
}

func search(*fetch.Request) (*fetch.Response, error) { return fetch.Text("search") }

// Migrate and Moved take the path as the app writes it, too.
func TestLegacyOwnSyntax(t *testing.T) {
	app := shop("chi")
	app.Endpoints = []adapt.Endpoint{{Method: "GET", Pattern: "/users/:id", Own: "/users/{id}"}, {Method: "GET", Pattern: "/f/[[...rest]]", Own: "/f/*"}}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		l := r.Legacy("/", app)
		l.Moved("GET", "/users/{id}", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Param("id")) })
		l.Moved("GET", "/f/*", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("f " + req.Param("rest")) })
	})
	for target, want := range map[string]string{"/users/7": "7", "/f/a/b": "f a/b", "/f": "f "} {
		if got := served.Ask(t, mux, "GET", target).Body; got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// What the scope uses stands around all; what the app uses only around what has left it.
func TestLegacyUse(t *testing.T) {
	mark := func(s string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set(s, "seen")
				next.ServeHTTP(w, r)
			})
		}
	}
	var pair, grouped *migrate.Pair
	declines := false
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Use(mark("scope"))
		l := r.Legacy("/", shop("gin", "GET /a", "GET /b", "GET /c", "GET /d", "GET /e"))
		l.Use(mark("app"))
		l.With(mark("group")).Moved("GET", "/d", served.Says("new d"))
		grouped = l.With(mark("group")).Migrate("GET", "/e", served.Says("new e"))
		l.Moved("GET", "/a", served.Says("new a"))
		pair = l.Migrate("GET", "/b", func(*fetch.Request) (*fetch.Response, error) {
			if declines {
				return nil, fmt.Errorf("not mine: %w", migrate.ErrDecline)
			}
			return fetch.Text("new b")
		})
	})
	ask := func(path string) string {
		a := served.Ask(t, mux, "GET", path)
		trail := ""
		for _, name := range []string{"Scope", "App", "Group"} {
			if a.Header.Get(name) != "" {
				trail += strings.ToLower(name) + " "
			}
		}
		return strings.TrimSpace(trail) + ": " + a.Body
	}
	check := func(path, want string) {
		t.Helper()
		if got := ask(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	check("/a", "scope app: new a")
	check("/b", "scope: gin: GET /b")
	check("/c", "scope: gin: GET /c")
	check("/none", "scope: gin: GET /none")
	check("/d", "scope app group: new d")
	check("/e", "scope: gin: GET /e")
	if err := grouped.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
		t.Fatal(err)
	}
	check("/e", "scope app group: new e")
	if err := pair.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
		t.Fatal(err)
	}
	check("/b", "scope app: new b")
	if err := pair.Set(migrate.Plan{Stage: migrate.Live}, "test"); err != nil {
		t.Fatal(err)
	}
	check("/b", "scope app: new b")
	declines = true
	check("/b", "scope: gin: GET /b")
}

func TestLegacyProgress(t *testing.T) {
	list := shop("gin", "GET /a", "GET /b", "GET /c", "ANY /d")
	list.Endpoints = append(list.Endpoints, adapt.Endpoint{Method: "GET", Own: "/x{n}", Reason: "{n} is part of a segment", Handler: "gin.x", Source: "gin.go:9"})
	unknown := shop("node")
	unknown.Endpoints = nil
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		l := r.Legacy("/", list)
		l.Moved("GET", "/a", served.Says("x"))
		l.Migrate("GET", "/b", served.Says("x"))
		l.Moved("PUT", "/d", served.Says("x")) // the endpoint for ANY stays
		r.Fetch.GET("/mine", served.Says("x"))
		n := r.Legacy("/web", unknown)
		n.Moved("GET", "/one", served.Says("x"))
	})
	for range 3 {
		served.Ask(t, mux, "GET", "/c")
	}
	served.Ask(t, mux, "GET", "/b")
	served.Ask(t, mux, "GET", "/web/x")
	p := mux.Progress()
	if d := cmp.Diff([]adapt.AppCount{
		{Name: "gin", Listed: true, Moved: 1, Migrating: 1, Left: 3, Requests: 4},
		{Name: "node", Prefix: "/web", Moved: 1, Requests: 1},
	}, p.Apps); d != "" {
		t.Errorf("apps (-want +got)\n%s", d)
	}
	if d := cmp.Diff(adapt.Count{Fetch: 4, Migrating: 1, Legacy: 3}, p.Routes); d != "" {
		t.Errorf("routes (-want +got)\n%s", d)
	}
	want := `by route: 50 % of the endpoints that are known, which those of node under /web are not, have moved (4 fetch, 1 migrating, 0 reqres, 3 legacy; 0 plain http aside)
by traffic: 0 % of the requests to migrating endpoints were served by new (0 new, 1 old)
gin: 1 of 5 endpoints moved, 1 migrating, 3 left (4 requests)
node under /web: its endpoints are not known; 1 moved, 0 migrating (1 requests)

OWNER  METHOD  PATTERN      SHAPE          STAGE  OLD  NEW  OLD TOOK  NEW TOOK  DIFFERENT  SOURCE
-      GET     /a           fetch gin      -      -    -    -         -         -          legacy_test.go
-      GET     /b           migrating gin  old    1    0    -         -         0 of 0     legacy_test.go
-      GET     /c           legacy gin     -      -    -    -         -         -          gin.go:3
-      PUT     /d           fetch gin      -      -    -    -         -         -          legacy_test.go
-      ANY     /d           legacy gin     -      -    -    -         -         -          gin.go:4
-      GET     /mine        fetch          -      -    -    -         -         -          legacy_test.go
-      ANY     /web/[[...]] legacy node    -      -    -    -         -         -          legacy_test.go
-      GET     /web/one     fetch node     -      -    -    -         -         -          legacy_test.go
-      GET     /x{n}        legacy gin     -      -    -    -         -         -          gin.go:9 ({n} is part of a segment)
`
	got := sourceLine.ReplaceAllStringFunc(p.String(), func(s string) string {
		if strings.Contains(s, "legacy_test") {
			return "legacy_test.go"
		}
		return s
	})
	fields := func(s string) (lines []string) {
		for line := range strings.Lines(s) {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
		return lines
	}
	if d := cmp.Diff(fields(want), fields(got)); d != "" {
		t.Errorf("text (-want +got)\n%s", d)
	}
	var left []string
	for r := range mux.Legacy() {
		left = append(left, strings.TrimSpace(r.App+" "+r.Method+" "+r.Pattern))
	}
	if d := cmp.Diff([]string{"gin ANY /d", "node ANY /web/[[...]]", "gin GET /b", "gin GET /c", "gin GET /x{n}"}, left); d != "" {
		t.Errorf("left (-want +got)\n%s", d)
	}
}

// An app of which everything has moved can go; one of which nothing is known never says so.
func TestLegacyAllMoved(t *testing.T) {
	for _, tt := range []struct {
		app  adapt.App
		want string
	}{
		{shop("gin", "GET /a"), "by route: 100 % of the endpoints have moved"},
		{adapt.App{Handler: http.NotFoundHandler()}, "by route: 100 % of the endpoints that are known, which those of legacy are not"},
	} {
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Legacy("/", tt.app).Moved("GET", "/a", search) })
		if got := mux.Progress().String(); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got\n%s", tt.want, got)
		}
	}
}

func TestLegacyOverlaps(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		l := r.Legacy("/", shop("gin", "GET /users/:id", "GET /search", "GET /search/*rest", "ANY /any/*rest"))
		l.Moved("GET", "/search", search)
		l.Moved("PUT", "/any/*rest", search)
		r.Fetch.GET("/users/me", search)
		r.Fetch.GET("/:other/:x", search)
	})
	var got []string
	for o := range mux.Overlaps() {
		got = append(got, sourceLine.ReplaceAllStringFunc(o.String(), func(s string) string {
			if strings.Contains(s, "legacy_test") {
				return "HERE"
			}
			return s
		}))
	}
	want := []string{
		"fetch PUT /any/*rest (HERE) takes PUT /any/x from ANY /any/*rest of gin (gin.h3, gin.go:4)",
		"legacy ANY /any/*rest (gin.go:4) takes GET /any/x from GET /:other/:x (adapt_test.search, HERE)",
		"legacy GET /search/*rest (gin.go:3) takes GET /search/x from GET /:other/:x (adapt_test.search, HERE)",
		"fetch GET /users/me (HERE) takes GET /users/me from GET /users/:id of gin (gin.h0, gin.go:1)",
		"fetch GET /users/me (HERE) takes GET /users/me from GET /:other/:x (adapt_test.search, HERE)",
		"legacy GET /users/:id (gin.go:1) takes GET /users/x from GET /:other/:x (adapt_test.search, HERE)",
		"fetch GET /search (HERE) has replaced GET /search of gin (gin.h1, gin.go:2), which is dead",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// The rules of the app are added to those of the scope; what both say is said once.
func TestLegacyRules(t *testing.T) {
	app := shop("node", "GET /a")
	app.Rules = parity.Rules{Ignore: []string{"header.x-powered-by", "header.x"}}
	scope := adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, Rules: parity.Rules{Ignore: []string{"header.x", "header.y"}}}}
	_, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(scope, func(r *adapt.Routes) { r.Legacy("/", app).Migrate("GET", "/a", search) })
	})
	if err != nil {
		t.Error(err)
	}
}

// What is compared is asked for in codings that a comparison reads.
func TestLegacyAcceptEncoding(t *testing.T) {
	var got []string
	app := shop("node", "GET /a", "GET /b")
	app.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header["Accept-Encoding"] })
	var pair *migrate.Pair
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Old)}, func(r *adapt.Routes) { // whose shadows ask the app nothing
			pair = r.Legacy("/", app).Migrate("GET", "/a", search)
		})
	})
	for _, tt := range []struct {
		stage      migrate.Stage
		sent, want []string
	}{
		{migrate.Old, []string{"br, gzip"}, []string{"br, gzip"}},
		{migrate.Shadow, []string{"br, gzip"}, []string{"gzip"}},
		{migrate.Shadow, []string{"zstd, br;q=1.0", "gzip;q=0.8, deflate"}, []string{"gzip;q=0.8, deflate"}},
		{migrate.Shadow, []string{"br"}, []string{"identity"}},
		{migrate.Shadow, []string{"*"}, []string{"identity"}},
		{migrate.Shadow, nil, nil},
	} {
		if err := pair.Set(migrate.Plan{Stage: tt.stage}, "test"); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string][]string{"/a": tt.want, "/b": tt.sent} {
			r := httptest.NewRequest("GET", path, nil)
			if tt.sent != nil {
				r.Header["Accept-Encoding"] = tt.sent
			}
			mux.ServeHTTP(httptest.NewRecorder(), r)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s at %s (-want +got)\n%s", path, tt.stage, d)
			}
		}
	}
}

// An app that cannot answer is not fallen back to, and nothing is evidence while it is dead.
func TestLegacyDeadApp(t *testing.T) {
	app := shop("node", "GET /a")
	var dead atomic.Bool
	app.Healthy = func() bool { return !dead.Load() }
	var pair *migrate.Pair
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		c := served.Patient(migrate.Live)
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			pair = r.Legacy("/", app).Migrate("GET", "/a", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(503, "later") })
		})
	})
	if got := served.Ask(t, mux, "GET", "/a"); got.Body != "node: GET /a" {
		t.Errorf("a healthy app answers in the place of new: %+v", got)
	}
	dead.Store(true)
	if got := served.Ask(t, mux, "GET", "/a"); got.Status != 503 {
		t.Errorf("a dead app is fallen back to: %+v", got)
	}
	if n := pair.Snapshot().Fallbacks[migrate.FallbackDead]; n != 1 {
		t.Errorf("%d requests are counted as not fallen back to a dead side, want 1", n)
	}
}

// An endpoint that is a catch-all at the root moves too: what it does not match is still the app's.
func TestLegacyRootCatchAll(t *testing.T) {
	for _, tt := range []struct {
		listed, method string
		want           map[string]string
	}{
		{"ANY /*rest", "ANY", map[string]string{"GET /": "app: GET /", "GET /x/y": "search", "PUT /x": "search", "GET /a": "app: GET /a"}},
		{"GET /*rest", "GET", map[string]string{"GET /": "app: GET /", "GET /x/y": "search", "PUT /x": "app: PUT /x"}},
		{"ANY /*rest", "GET", map[string]string{"GET /x/y": "search", "PUT /x": "app: PUT /x"}},
		{"ANY /[[...rest]]", "ANY", map[string]string{"GET /": "search", "GET /x": "search", "GET /a": "app: GET /a"}},
		{"ANY /[[...rest]]", "GET", map[string]string{"GET /": "search", "PUT /x": "app: PUT /x"}},
	} {
		for _, call := range []string{"Moved", "Migrate"} {
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				l := r.Legacy("/", shop("app", "GET /a", tt.listed))
				_, path, _ := strings.Cut(tt.listed, " ")
				if call == "Moved" {
					l.Moved(tt.method, path, search)
					return
				}
				if err := l.Migrate(tt.method, path, search).Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
					t.Fatal(err)
				}
			})
			for request, want := range tt.want {
				method, target, _ := strings.Cut(request, " ")
				if got := served.Ask(t, mux, method, target).Body; got != want {
					t.Errorf("%s of %s of %s: %s is answered by %q, want %q", call, tt.method, tt.listed, request, got, want)
				}
			}
			for range mux.Overlaps() { // none may fail
			}
		}
	}
}

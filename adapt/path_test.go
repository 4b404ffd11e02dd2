package adapt_test

// One path: the table of the documentation, and the rows A3 and B9 to B15 of what was wrong once.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// sees is what a request was to those that it came to.
type sees struct{ Route, Path, App, Answer string }

// send is a request with just this target, as net/http's server reads it.
func send(t testing.TB, h http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " " + target + " HTTP/1.1\r\nHost: here.test\r\n\r\n")))
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The table in the documentation says what happens.
func TestPathsTable(t *testing.T) {
	var got sees
	say := func(route string) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			got.Route = route
			return fetch.NoContent(fetch.Status(200))
		}
	}
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Use(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got.Path = r.URL.Path
				next.ServeHTTP(w, r)
			})
		})
		r.UseFetch(func(next fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) {
				// The same to net/http, but for an app: there it is as it was sent.
				if plain, err := url.PathUnescape(req.Path()); err == nil && plain != got.Path && !strings.HasPrefix(plain, "/app") {
					t.Errorf("net/http middleware sees %q, middleware of ours %q", got.Path, req.Path())
				}
				got.Path = req.Path()
				return next(req)
			}
		})
		r.UseReqRes(func(next reqres.Handler) reqres.Handler {
			return func(req *reqres.Request, res *reqres.Response) error {
				if req.Path() != got.Path {
					t.Errorf("the shapes see %q and %q", got.Path, req.Path())
				}
				return next(req, res)
			}
		})
		for _, route := range []string{"/admin", "/users/@me", "/users/:id", "/files/*rest", "/dir/"} {
			r.Fetch.GET(route, say(route))
		}
		r.Mount("/app", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got.Route, got.App = "/app", r.URL.RawPath
			if r.URL.RawPath == "" {
				got.App = r.URL.EscapedPath()
			}
		}))
	})
	rows := 0
	for line := range strings.Lines(documentation(t)) {
		row := regexp.MustCompile(`^//\t(/\S*)\s+(.*?)((?:200|308 \S+|400|404))$`).FindStringSubmatch(strings.TrimRight(line, "\n"))
		if row == nil {
			continue
		}
		rows++
		got = sees{}
		w := send(t, mux, "GET", row[1])
		got.Answer = strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Header().Get("Location")))
		want := sees{Answer: row[3]}
		fields := strings.Fields(row[2])
		for i, field := range []*string{&want.Route, &want.Path, &want.App} {
			if i < len(fields) {
				*field = fields[i]
			}
		}
		if row[1] == "/app" {
			got.Route = "/app" // what serves it redirects
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-the documentation +here):\n%s", row[1], diff)
		}
	}
	if rows < 30 {
		t.Errorf("the documentation has a table of %d rows", rows)
	}
}

func documentation(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// spellings are ways to write a path below /admin that a guard may not see.
var spellings = []string{
	"/admin/users", "/x/../admin/users", "/./admin/users", "/x/%2e%2e/admin/users", "/x/%2e./admin/users", "/x/.%2E/admin/users",
	"/%2e/admin/users", "/admin/./users", "/admin/x/../users", "/admin/../admin/users", "/../admin/users", "/../../admin/users",
	"/a/b/../../admin/users", "/a/b/%2E%2E/%2e%2e/admin/users", `/x\..\admin\users`, `/x/..\admin/users`, `\admin\users`, `/admin\users`,
	`/\admin/users`, "/admin/users#x", "/admin/users#/../x", "/admin/users?a#b", "/x/../admin/users#", "/%61dmin/users", "/%61%64%6D%69%6E/users",
	"/admin/%75sers", "/admin/users/", "/admin/users/.", "/admin/users/..", "/admin/users/x/..", "/x/../admin/users/", "//admin/users",
	"/x//../admin/users", "/admin//users", "/admin/users//", "/x%5c..%5cadmin%5cusers", "/x%2f..%2fadmin%2fusers", "/admin%2fusers",
	"http://here.test/x/../admin/users", "http://here.test/%61dmin/users", `http://here.test/x\..\admin/users`, "http://here.test/admin/users#x",
}

// A3: a guard that looks at the path protects what the router serves, wherever it stands and
// whatever it compares.
func TestA3GuardsSeeThePathThatIsServed(t *testing.T) {
	secret := func(r *adapt.Routes) {
		r.Fetch.GET("/admin/users", served.Says("secret"))
		r.ReqRes.POST("/admin/users", served.OldSays("secret"))
		r.Handle("PUT", "/admin/users", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "secret") }))
		r.Fetch.GET("/x", served.Says("x"))
	}
	inFetch := func(forbidden func(string) bool) fetch.Middleware {
		return func(next fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) {
				if forbidden(req.Path()) || forbidden(req.URL().Path) {
					return nil, fetch.Errorf(403, "no")
				}
				return next(req)
			}
		}
	}
	inHTTP := func(forbidden func(string) bool) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if forbidden(r.URL.Path) {
					http.Error(w, "no", http.StatusForbidden)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	places := map[string]func(forbidden func(string) bool) http.Handler{
		"r.Use": func(f func(string) bool) http.Handler {
			return served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Use(inHTTP(f)); secret(r) })
		},
		"around the mux": func(f func(string) bool) http.Handler { return inHTTP(f)(served.NewMux(t, adapt.Config{}, secret)) },
		"r.Fetch.Use": func(f func(string) bool) http.Handler {
			return served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.UseFetch(inFetch(f)); secret(r) })
		},
		"r.ReqRes.Use": func(f func(string) bool) http.Handler {
			return served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.UseReqRes(adapt.ToReqResMiddleware(inFetch(f))); secret(r) })
		},
		"beside a Mount of everything": func(f func(string) bool) http.Handler {
			return served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				r.Use(inHTTP(f))
				secret(r)
				r.Mount("/", http.NotFoundHandler())
			})
		},
	}
	for kind, forbidden := range map[string]func(string) bool{
		"a prefix":   func(path string) bool { return strings.HasPrefix(path, "/admin") },
		"exactly it": func(path string) bool { return path == "/admin/users" },
	} {
		for place, build := range places {
			h := build(forbidden)
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"} {
				for _, target := range spellings {
					if strings.HasPrefix(target, `\`) {
						continue // net/http refuses the line
					}
					w := send(t, h, method, target)
					if w.Body.String() == "secret" || w.Code == 200 {
						t.Errorf("%s, %s: %s %s passes: %d %s", place, kind, method, target, w.Code, w.Body)
					}
					if to := w.Header().Get("Location"); w.Code == 308 && !strings.HasPrefix(to, "/admin/users") && !strings.HasPrefix(to, "/x") {
						t.Errorf("%s, %s: %s %s leads to %q", place, kind, method, target, to)
					}
				}
			}
		}
	}
}

// A3: what is redirected arrives, with its query, in one step, and not again.
func TestA3RedirectsArrive(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/admin/users", served.Says("here"))
		r.ReqRes.POST("/admin/users", served.OldSays("here"))
	})
	for _, target := range spellings {
		if strings.HasPrefix(target, `\`) {
			continue
		}
		for _, method := range []string{"GET", "POST", "HEAD", "OPTIONS", "DELETE", "BREW"} {
			if strings.ContainsAny(target, "#?") {
				continue
			}
			w := send(t, mux, method, target+"?q=%41/../b")
			if w.Code != 308 {
				continue
			}
			to := w.Header().Get("Location")
			if again := send(t, mux, method, to); to != "/admin/users?q=%41/../b" || again.Code == 308 || again.Code == 404 {
				t.Errorf("%s %s leads to %q, and that is answered with %d", method, target, to, again.Code)
			}
		}
	}
	if w := send(t, mux, "CONNECT", "/x/../admin/users"); w.Code == 308 {
		t.Errorf("CONNECT is redirected")
	}
}

// B10: what a mounted app is asked for need not be UTF-8.
func TestB10MountsGetPathsThatAreNotUTF8(t *testing.T) {
	var got string
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath() })
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Mount("/app", app)
		r.Legacy("/old", adapt.App{Handler: app, Endpoints: []adapt.Endpoint{{Method: "GET", Pattern: "/users/:id"}}})
	})
	for target, want := range map[string]string{
		"/app/%ff": "/%ff", "/app/users/%c3": "/users/%c3", "/old/%ff/x": "/%ff/x", "/old/users/%ED%A0%80": "/users/%ED%A0%80",
	} {
		if w := send(t, mux, "GET", target); w.Code != 200 || got != want {
			t.Errorf("%s: %d, handed on as %q, want %q", target, w.Code, got, want)
		}
	}
}

// B11: an app sees one path, whether it is reached by a Mount, as the rest of a legacy app, or as
// the old side of a migration.
func TestB11OneViewOfAnApp(t *testing.T) {
	var got sees
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = sees{Path: r.URL.Path, App: r.URL.RawPath, Answer: r.URL.RawQuery}
	})
	endpoints := []adapt.Endpoint{{Method: "GET", Pattern: "/users/:id"}, {Method: "GET", Pattern: "/files/*rest"}}
	ways := map[string]http.Handler{
		"Mount":                 served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/old", app) }),
		"Legacy":                served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Legacy("/old", adapt.App{Handler: app}) }),
		"Legacy with endpoints": served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Legacy("/old", adapt.App{Handler: app, Endpoints: endpoints}) }),
		"Migrate of the app": served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			old := r.Legacy("/old", adapt.App{Handler: app, Endpoints: endpoints})
			old.Migrate("GET", "/users/:id", sure)
			old.Migrate("GET", "/files/*rest", sure)
		}),
	}
	for _, path := range []string{"/users/1?a=b", "/users/a%20b", "/users/a%2Fb", "/users/%41", "/users/caf%c3%a9", "/files/a/b//c", "/files/a%25/b", "/files/x|y"} {
		want := sees{}
		for _, way := range []string{"Mount", "Legacy", "Legacy with endpoints", "Migrate of the app"} {
			got = sees{}
			send(t, ways[way], "GET", "/old"+path)
			if way == "Mount" {
				want = got
			}
			if got != want || got.Path == "" {
				t.Errorf("%s: by %s the app sees %q, by Mount %q", path, way, got, want)
			}
		}
	}
}

// B12: a mounted folder has a slash at its end.
func TestB12MountsAreFolders(t *testing.T) {
	files := http.FileServerFS(fstest.MapFS{"index.html": {Data: []byte("index")}, "a.css": {Data: []byte("css")}})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Mount("/static", files)
		r.Scope(adapt.Scope{Prefix: "/v1"}, func(r *adapt.Routes) { r.Mount("/a b/", files) })
		r.Mount("/api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method, r.URL.Path) }))
		r.Legacy("/old", adapt.App{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })})
	})
	for _, tt := range []struct{ method, target, answer string }{
		{"GET", "/static", "308 /static/"},
		{"HEAD", "/static?v=1", "308 /static/?v=1"},
		{"GET", "/st%61tic", "308 /static/"},
		{"GET", "/static/", "200 index"},
		{"GET", "/static/a.css", "200 css"},
		{"GET", "/v1/a%20b", "308 /v1/a%20b/"},
		{"GET", "/v1/a%20b/", "200 index"},
		{"POST", "/api", "200 POST/"},
		{"GET", "/old", "200 /"},
	} {
		w := send(t, mux, tt.method, tt.target)
		if got := strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Header().Get("Location")+w.Body.String())); got != tt.answer {
			t.Errorf("%s %s: %s, want %s", tt.method, tt.target, got, tt.answer)
		}
	}
	root := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/", files) })
	if w := send(t, root, "GET", "/"); w.Code != 200 {
		t.Errorf("a folder under / is answered with %d", w.Code)
	}
}

// B13: a literal matches each spelling of itself, as it does in http.ServeMux.
func TestB13LiteralsMatchTheirSpellings(t *testing.T) {
	literals := []string{"@me", "café", "a b", "a+b", "x:y", "1,2;3=4", "~me", "a.b", "(x)", "%", "50%off", "日本", "a|b", `a"b`, "[x]", "a/b"}
	std := http.NewServeMux()
	echo := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, name) })
	}
	written := strings.NewReplacer("%", "%25", "/", "%2F", ":", `\:`, "[", `\[`)
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		for _, l := range literals {
			r.Handle("GET", "/users/"+written.Replace(l), echo("literal "+l))
			r.Scope(adapt.Scope{Prefix: "/scope-" + written.Replace(l)}, func(r *adapt.Routes) { r.Handle("GET", "/in", echo("scope "+l)) })
			r.Mount("/mount-"+written.Replace(l), echo("mount "+l))
			std.Handle("GET /users/"+url.PathEscape(l), echo("literal "+l))
		}
		r.Handle("GET", "/users/:id", echo("parameter"))
	})
	std.Handle("GET /users/{id}", echo("parameter"))
	for _, l := range literals {
		for how, spell := range map[string]func(byte) string{
			"all escaped":           func(c byte) string { return fmt.Sprintf("%%%02X", c) },
			"all, in small letters": func(c byte) string { return fmt.Sprintf("%%%02x", c) },
			"as net/url does it":    nil,
		} {
			s := url.PathEscape(l)
			if spell != nil {
				s = ""
				for i := range len(l) {
					s += spell(l[i])
				}
			}
			for target, want := range map[string]string{"/users/" + s: "literal " + l, "/scope-" + s + "/in": "scope " + l, "/mount-" + s + "/x": "mount " + l} {
				if got := send(t, mux, "GET", target).Body.String(); got != want {
					t.Errorf("%s: %s is served by %q, want %q", how, target, got, want)
				}
			}
			if got := send(t, std, "GET", "/users/"+s).Body.String(); got != "literal "+l {
				t.Errorf("%s: http.ServeMux serves %s by %q", how, s, got)
			}
		}
	}
	if _, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/users/@me", sure)
		r.Fetch.GET("/users/%40me", sure)
	}); err == nil {
		t.Error("two spellings of one literal are not a collision")
	}
}

// B14: a path is one and the same, however the request came in.
func TestB14OnePathForAllDoors(t *testing.T) {
	type said struct{ Path, URL, Param, Rest string }
	tell := served.Reads(func(req served.Request) (any, error) {
		return said{req.Path(), req.URL().EscapedPath(), req.Param("id"), req.Param("rest")}, nil
	})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/fetch/:id", tell.Fetch)
		r.ReqRes.GET("/reqres/:id", tell.ReqRes)
		r.Fetch.GET("/fetch/rest/*rest", tell.Fetch)
		r.Fetch.GET("/fetch/a|b", served.Says("literal"))
	})
	var targets []string
	for c := range 256 {
		if c <= ' ' || c == 0x7F || strings.ContainsRune("#?%/\\", rune(c)) {
			targets = append(targets, fmt.Sprintf("x%%%02xy", c))
			continue
		}
		if c < 0x80 {
			targets = append(targets, "x"+string(rune(c))+"y")
		}
		targets = append(targets, fmt.Sprintf("x%%%02xy", c))
	}
	targets = append(targets, "é", "日本", "a|b", "%7C", "a%2fb", "a%2Fb", "a%252Fb", "...", "%2e%2e%2e", "a;b=c,d", "%e2%82%ac", "%")
	for _, segment := range targets {
		for _, target := range []string{"/fetch/" + segment, "/reqres/" + segment, "/fetch/rest/" + segment + "/z"} {
			if _, err := url.ParseRequestURI(target); err != nil {
				if fetch.NewRequest("GET", target).Err() == nil {
					t.Errorf("NewRequest takes %q, which no server would: %v", target, err)
				}
				continue
			}
			wire := send(t, mux, "GET", target)
			res, err := mux.Fetch(fetch.NewRequest("GET", target))
			if err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			body, _ := res.Text()
			if res.Status() != wire.Code || body != wire.Body.String() {
				t.Errorf("%q: on the wire %d %s, in process %d %s", target, wire.Code, wire.Body, res.Status(), body)
			}
			var got said
			if res, err := mux.Fetch(fetch.NewRequest("GET", target)); err == nil && res.Status() == 200 && body != "literal" {
				if err := res.JSON(&got); err != nil || got.Path != got.URL {
					t.Errorf("%q: Path() is %q, and URL() has %q (%v)", target, got.Path, got.URL, err)
				}
			}
		}
	}
	for target, want := range map[string]string{
		"/fetch/x/../a": "/fetch/a", `/fetch\x\..\a`: "/fetch/a", "/fetch/a#frag": "/fetch/a", "/fetch/./%2e/a": "/fetch/a",
		"http://h.test/fetch/x/%2e%2e/a": "/fetch/a", `http://h.test\fetch\a`: "/fetch/a", "/fetch/a\t\n": "/fetch/a",
	} {
		if got := fetch.NewRequest("GET", target).Path(); got != want {
			t.Errorf("NewRequest(%q) has the path %q, want %q", target, got, want)
		}
	}
}

// B15: the redirects of a mux stay below the prefix under which it stands.
func TestB15RedirectsKeepThePrefix(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/a", sure)
		r.Fetch.GET("/dir/", sure)
		r.Mount("/static", http.NotFoundHandler())
	})
	std := http.NewServeMux()
	std.Handle("/api/v1/", http.StripPrefix("/api/v1", mux))
	outer := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { r.Mount("/api/v1", mux) })
	scoped := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/api"}, func(r *adapt.Routes) { r.Legacy("/v1", adapt.App{Handler: mux}) })
	})
	for name, h := range map[string]http.Handler{
		"StripPrefix": http.StripPrefix("/api/v1", mux), "ServeMux": std, "Mount": outer, "Legacy in a scope": scoped,
	} {
		for target, want := range map[string]string{
			"/api/v1/a/?x=1":             "/api/v1/a?x=1",
			"/api/v1/dir":                "/api/v1/dir/",
			"/api/v1/static":             "/api/v1/static/",
			"/api/v1/x/%2e%2e/a":         "/api/v1/a",
			"http://here.test/api/v1/a/": "/api/v1/a",
		} {
			if w := send(t, h, "GET", target); w.Code != 308 || w.Header().Get("Location") != want {
				t.Errorf("%s: %s is answered with %d %q, want %q", name, target, w.Code, w.Header().Get("Location"), want)
			}
		}
	}
	for _, target := range []string{"//evil.test/a/", "//evil.test/x/../a", "/%2Fevil.test/x/../a", `/x/..//evil.test/x/../../../a`, "http://evil.test/a/"} {
		w := send(t, mux, "GET", target)
		if to := w.Header().Get("Location"); to != "" && (strings.HasPrefix(to, "//") || !strings.HasPrefix(to, "/")) {
			t.Errorf("%s leads to %q", target, to)
		}
	}
}

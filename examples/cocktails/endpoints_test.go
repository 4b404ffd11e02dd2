package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The table as a newcomer sees it.
func TestBanner(t *testing.T) {
	s := start(t)
	const text = `cocktails listens on URL

http    GET     /healthz                   healthz
fetch   GET     /                          toPage
http    ANY     /web/[[...]]               fileHandler
http    ANY     /admin/migrations/[[...]]  dashboard
reqres  POST    /api/login                 login
reqres  POST    /api/logout                logout
fetch   GET     /api/cocktails             list
fetch   GET     /api/cocktails/random      random
reqres  GET     /api/cocktails/search      search
both    GET     /api/cocktails/:id         newCocktail  old serves
fetch   GET     /api/likes                 events
fetch   GET     /api/me                    me
SHAPE   POST    /api/cocktails/:id/like    like
fetch   GET     /api/admin/migration       showMigration
fetch   POST    /api/admin/migration       resetMigration
fetch   PUT     /api/admin/migration       setMigration
fetch   DELETE  /api/admin/migration       rollBack

Open it in a browser, or try:

  curl 'URL/api/cocktails/search?ingredient=gin'
  curl -c cookies.txt --json '{"name":"ada","password":"lovelace"}' URL/api/login
  curl -b cookies.txt -X POST URL/api/cocktails/negroni/like

`
	got := strings.ReplaceAll(s.banner, s.url, "URL")
	want := strings.Replace(text, "SHAPE ", fmt.Sprintf("%-6s", likeShape()), 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("banner (-want +got):\n%s", diff)
	}
}

// The three commands of the banner do what they seem to do.
func TestBannerCommands(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl here")
	}
	if out, _ := exec.Command(curl, "--help", "all").Output(); !strings.Contains(string(out), "--json") {
		t.Skip("this curl is too old for --json")
	}
	s := start(t)
	dir := t.TempDir()
	var got []string
	for _, command := range regexp.MustCompile(`(?m)^  curl.*$`).FindAllString(s.banner, -1) {
		sh := exec.Command("sh", "-c", command)
		sh.Dir = dir
		out, err := sh.Output()
		if err != nil {
			t.Errorf("%s: %v", command, err)
		}
		got = append(got, string(out))
	}
	want := []string{listed(t, "Gin"), `{"name":"ada","admin":true}`, `{"id":"negroni","likes":1}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// Every endpoint, in the order of the story: who is not logged in, who is, and
// who may do everything.
func TestEndpoints(t *testing.T) {
	s := start(t)
	visitor, ada, grace := s.visitor(), s.member("ada", "lovelace"), s.member("grace", "hopper")

	const (
		noCocktail = `{"error":"there is no such cocktail"}`
		logIn      = `{"error":"log in first"}`
		status     = `{"pair":"GET /api/cocktails/:id","plan":{"stage":"old"},"wanted":{"stage":"old"},"guard":"off"}`
		page       = "Content-Security-Policy: default-src 'self'"
	)
	tests := []struct {
		rule    string
		as      *client
		route   string
		path    string // "" is the route's
		body    string
		headers []string
		want    answer
	}{
		{rule: "the health check is plain net/http", as: visitor, route: "GET /healthz",
			want: expect(200, "ok\n", "Content-Type: text/plain; charset=utf-8")},
		{rule: "the root leads to the page", as: visitor, route: "GET /",
			want: expect(302, "Found. Redirecting to /web/", "Content-Type: text/plain; charset=utf-8", "Location: /web/", "Vary: Accept")},
		{rule: "the page is served with its policy", as: visitor, route: "ANY /web/[[...]]", path: "GET /web/icon.svg",
			want: expect(200, read(t, "icon.svg"), page, "Content-Type: image/svg+xml", "Accept-Ranges: bytes")},
		{rule: "the page itself", as: visitor, route: "ANY /web/[[...]]", path: "GET /web/",
			want: expect(200, read(t, "index.html"), page, "Content-Type: text/html; charset=utf-8", "Accept-Ranges: bytes")},
		{rule: "the script is a script", as: visitor, route: "ANY /web/[[...]]", path: "GET /web/app.js",
			want: expect(200, read(t, "app.js"), page, "Content-Type: text/javascript; charset=utf-8", "Accept-Ranges: bytes")},
		{rule: "the style is a style", as: visitor, route: "ANY /web/[[...]]", path: "GET /web/style.css",
			want: expect(200, read(t, "style.css"), page, "Content-Type: text/css; charset=utf-8", "Accept-Ranges: bytes")},
		{rule: "a file that is not there is the file server's 404", as: visitor, route: "ANY /web/[[...]]", path: "GET /web/none",
			want: expect(404, "404 page not found\n", page, "Content-Type: text/plain; charset=utf-8")},

		{rule: "the list has all cocktails in order", as: visitor, route: "GET /api/cocktails",
			want: expectJSON(200, listed(t))},
		{rule: "a slash too many is redirected", as: visitor, route: "GET /api/cocktails", path: "GET /api/cocktails/?a=b",
			want: expect(308, "", "Location: /api/cocktails?a=b")},
		{rule: "HEAD is GET without the body", as: visitor, route: "GET /api/cocktails", path: "HEAD /api/cocktails",
			want: expectJSON(200, "")},
		{rule: "search finds an ingredient", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=Campari",
			want: expectJSON(200, listed(t, "Campari"))},
		{rule: "search ignores case and finds words, not letters: no ginger beer", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=GIN",
			want: expectJSON(200, listed(t, "Gin"))},
		{rule: "one word of several is enough", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=vodka",
			want: expectJSON(200, listed(t, "Vodka", "Citrus vodka"))},
		{rule: "several words stand together, whatever is between them", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=+Ginger++beer+",
			want: expectJSON(200, listed(t, "Ginger beer"))},
		{rule: "an ingredient is text, not a pattern", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=%25",
			want: expectJSON(200, `[]`)},
		{rule: "letters beyond ASCII", as: visitor, route: "GET /api/cocktails/search", path: "GET /api/cocktails/search?ingredient=CACHA%C3%87A",
			want: expectJSON(200, listed(t, "Cachaça"))},
		{rule: "search without an ingredient", as: visitor, route: "GET /api/cocktails/search",
			want: expectJSON(400, `{"error":"say which ingredient: ?ingredient=gin"}`)},
		{rule: "one cocktail", as: visitor, route: "GET /api/cocktails/:id", path: "GET /api/cocktails/negroni",
			want: expectJSON(200, negroni, "Cache-Control: no-cache")},
		{rule: "no such cocktail", as: visitor, route: "GET /api/cocktails/:id", path: "GET /api/cocktails/water",
			want: expectJSON(404, noCocktail)},
		{rule: "an id that is not UTF-8", as: visitor, route: "GET /api/cocktails/:id", path: "GET /api/cocktails/%ff",
			want: expectJSON(400, `{"error":"the path parameter \"id\" is not valid percent-encoded UTF-8"}`)},
		{rule: "a method that one path lacks", as: visitor, route: "GET /api/cocktails/:id", path: "DELETE /api/cocktails/negroni",
			want: expectJSON(405, `{"error":"DELETE is not supported here, but GET, HEAD, OPTIONS"}`, "Allow: GET, HEAD, OPTIONS")},
		{rule: "OPTIONS is answered from the table", as: visitor, route: "POST /api/cocktails/:id/like", path: "OPTIONS /api/cocktails/negroni/like",
			want: expect(204, "", "Allow: OPTIONS, POST")},
		{rule: "a path that nobody has", as: visitor, route: "GET /api/cocktails", path: "GET /api/tea",
			want: expectJSON(404, `{"error":"Not Found"}`)},

		{rule: "a wrong password", as: visitor, route: "POST /api/login", body: `{"name":"ada","password":"babbage"}`,
			want: expectJSON(401, `{"error":"wrong name or password"}`)},
		{rule: "a wrong name is answered alike", as: visitor, route: "POST /api/login", body: `{"name":"bob","password":"babbage"}`,
			want: expectJSON(401, `{"error":"wrong name or password"}`)},
		{rule: "what is missing is named", as: visitor, route: "POST /api/login", body: `{"name":"ada"}`,
			want: expectJSON(400, `{"error":"invalid input: password: is missing","fields":{"password":"is missing"}}`)},
		{rule: "a body that is not JSON", as: visitor, route: "POST /api/login", body: `{"name":"ada",}`,
			want: expectJSON(400, `{"error":"invalid JSON at line 1, column 15: expected a key in double quotes, got '}'"}`)},
		{rule: "a body that is too large", as: visitor, route: "POST /api/login", body: `{"name":"` + strings.Repeat("a", 16<<10) + `"}`,
			want: expectJSON(413, `{"error":"the request body is larger than 16384 bytes"}`)},
		{rule: "logging out without a session is not a mistake", as: visitor, route: "POST /api/logout",
			want: expect(204, "", "Set-Cookie: session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")},

		{rule: "the new shape is guarded", as: visitor, route: "GET /api/me", want: expectJSON(401, logIn)},
		{rule: "the old shape is guarded by the same middleware", as: visitor, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/negroni/like",
			want: expectJSON(401, logIn)},
		{rule: "an invented session is none", as: visitor, route: "GET /api/me", headers: []string{"Cookie: session=AAAA"},
			want: expectJSON(401, logIn)},
		{rule: "an administrator has to log in first", as: visitor, route: "GET /api/admin/migration", want: expectJSON(401, logIn)},
		{rule: "who I am", as: ada, route: "GET /api/me", want: expectJSON(200, `{"name":"ada","admin":true}`)},
		{rule: "who somebody else is", as: grace, route: "GET /api/me", want: expectJSON(200, `{"name":"grace","admin":false}`)},

		{rule: "a like counts", as: grace, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/daiquiri/like",
			want: expectJSON(200, `{"id":"daiquiri","likes":1}`)},
		{rule: "a second like of one user does not", as: grace, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/daiquiri/like",
			want: expectJSON(200, `{"id":"daiquiri","likes":1}`)},
		{rule: "that of another user does", as: ada, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/daiquiri/like",
			want: expectJSON(200, `{"id":"daiquiri","likes":2}`)},
		{rule: "what is not there cannot be liked", as: ada, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/water/like",
			want: expectJSON(404, noCocktail)},
		{rule: "another site's page cannot like in my name", as: ada, route: "POST /api/cocktails/:id/like", path: "POST /api/cocktails/mojito/like",
			headers: []string{"Origin: https://evil.example"},
			want: expect(403, "cross-origin request detected, and/or browser is out of date: Sec-Fetch-Site is missing, and Origin does not match Host\n",
				"Content-Type: text/plain; charset=utf-8")},
		{rule: "nor can it log me out", as: ada, route: "POST /api/logout", headers: []string{"Sec-Fetch-Site: cross-site"},
			want: expect(403, "cross-origin request detected from Sec-Fetch-Site header\n", "Content-Type: text/plain; charset=utf-8")},

		{rule: "who is not an administrator cannot look", as: grace, route: "GET /api/admin/migration",
			want: expectJSON(403, `{"error":"only an administrator may do this"}`)},
		{rule: "nor switch", as: grace, route: "PUT /api/admin/migration", body: `{"stage":"new"}`,
			want: expectJSON(403, `{"error":"only an administrator may do this"}`)},
		{rule: "nor roll back", as: grace, route: "DELETE /api/admin/migration",
			want: expectJSON(403, `{"error":"only an administrator may do this"}`)},
		{rule: "nor reset", as: grace, route: "POST /api/admin/migration",
			want: expectJSON(403, `{"error":"only an administrator may do this"}`)},
		{rule: "a reset of what is not held", as: ada, route: "POST /api/admin/migration",
			want: expectJSON(409, `{"error":"migrate: the pair is neither killed nor tripped, so there is nothing to reset (pair \"GET /api/cocktails/:id\")"}`)},
		{rule: "the migration before anybody has touched it", as: ada, route: "GET /api/admin/migration",
			want: expectJSON(200, status)},
		{rule: "a stage that does not exist", as: ada, route: "PUT /api/admin/migration", body: `{"stage":"blue"}`,
			want: expectJSON(400, `{"error":"invalid value: migrate: \"blue\" is not a stage; use old, shadow, canary, live or new"}`)},
		{rule: "a share that makes no sense", as: ada, route: "PUT /api/admin/migration", body: `{"stage":"canary","share":2}`,
			want: expectJSON(400, `{"error":"migrate: share 2 is outside 0 to 1 (5 percent is 0.05)"}`)},
		{rule: "refused plans change nothing", as: ada, route: "GET /api/admin/migration",
			want: expectJSON(200, status)},

		{rule: "logging out ends the session", as: grace, route: "POST /api/logout",
			want: expect(204, "", "Set-Cookie: session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")},
		{rule: "after which one is nobody", as: grace, route: "GET /api/me", want: expectJSON(401, logIn)},
	}

	tested := map[string]bool{
		"GET /api/likes":            true, // TestStream
		"GET /api/cocktails/random": true, // TestRandom

		"ANY /admin/migrations/[[...]]": true, // TestMigrationsPage
	}
	for _, tt := range tests {
		tested[tt.route] = true
		path := tt.path
		if path == "" {
			path = tt.route
		}
		method, path, _ := strings.Cut(path, " ")
		got, _ := tt.as.ask(method, path, tt.body, tt.headers...)
		s.compare(tt.rule+": "+method+" "+path, tt.want, got)
	}
	if diff := cmp.Diff(s.routes(), slices.Sorted(maps.Keys(tested))); diff != "" {
		t.Errorf("routes that no test asks for, or that are gone (-served +tested):\n%s", diff)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := files.ReadFile("web/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The session's cookie: not for scripts, not for other sites, and another one
// each time.
func TestLoginCookie(t *testing.T) {
	c := start(t).visitor()
	cookie := regexp.MustCompile(`^session=([A-Z2-7]{26}); Max-Age=43200; Path=/; Expires=[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT; HttpOnly; SameSite=Lax$`)
	tokens := map[string]bool{}
	for range 2 {
		got, _ := c.ask("POST", "/api/login", `{"name":"ada","password":"lovelace"}`)
		m := cookie.FindStringSubmatch(got.Header["Set-Cookie"])
		if m == nil {
			t.Fatalf("Set-Cookie is %q, want it to match %v", got.Header["Set-Cookie"], cookie)
		}
		tokens[m[1]] = true
		delete(got.Header, "Set-Cookie")
		c.compare("POST /api/login", expectJSON(200, `{"name":"ada","admin":true}`), got)
	}
	if len(tokens) != 2 {
		t.Error("two sessions have the same token")
	}
}

// A random cocktail is one of those that there are, as it is there, and not kept
// by caches.
func TestRandom(t *testing.T) {
	c := start(t).visitor()
	got, _ := c.ask("GET", "/api/cocktails/random", "")
	var drawn struct{ ID string }
	if err := json.Unmarshal([]byte(got.Body), &drawn); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	want, _ := c.ask("GET", "/api/cocktails/"+drawn.ID, "")
	if want.Status != 200 {
		t.Errorf("there is no cocktail %q", drawn.ID)
	}
	want.Header["Cache-Control"] = "no-store"
	c.compare("GET /api/cocktails/random", want, got)
}

// Who has logged in is offered what they do not like yet; everybody else may ask too.
func TestRandomKnowsWhoAsks(t *testing.T) {
	c := start(t).member("ada", "lovelace")
	list, _ := c.ask("GET", "/api/cocktails", "")
	var all []struct{ ID string }
	if err := json.Unmarshal([]byte(list.Body), &all); err != nil {
		t.Fatal(err)
	}
	for _, liked := range all[1:] {
		c.ask("POST", "/api/cocktails/"+liked.ID+"/like", "")
	}
	for range 5 {
		got, _ := c.ask("GET", "/api/cocktails/random", "")
		var drawn struct{ ID string }
		if err := json.Unmarshal([]byte(got.Body), &drawn); err != nil || drawn.ID != all[0].ID {
			t.Errorf("%s is offered, the one that is not liked yet is %s", got.Body, all[0].ID)
		}
	}
}

// reqres tags its answers, and answers 304 to whom has the same one.
func TestSearchRevalidates(t *testing.T) {
	c := start(t).visitor()
	res := c.open("GET", "/api/cocktails/search?ingredient=gin", "")
	res.Body.Close()
	etag := res.Header.Get("ETag")
	if !weakETag.MatchString(etag) {
		t.Fatalf("the ETag is %q", etag)
	}
	got, _ := c.ask("GET", "/api/cocktails/search?ingredient=gin", "", "If-None-Match: "+etag)
	c.compare("304", expect(304, "", "Etag: "+etag), got)
}

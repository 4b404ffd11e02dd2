package crossfade_test

// The porting table of the README. Each row is a JavaScript line and the Go function that does the
// same; the test runs the function, and the Go column of the table is its source, so that the table
// cannot go stale.
//
//	go test -run TestPortingTable -update .

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

var update = flag.Bool("update", false, "write the generated parts of the README")

type user struct {
	Name string `json:"name"`
}

var ada = user{"Ada"}

// express are lines of Express and of Next.js API Routes.
var express = []struct {
	js     string
	golang reqres.Handler
	want   string // status, the header that the row is about, body
}{
	{`res.json(ada)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.JSON(ada)
	}, `200 {"name":"Ada"}`},
	{`res.status(404).json({ error: 'no such user' })`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Status(404).JSON(problem{"no such user"})
	}, `404 {"error":"no such user"}`},
	{`res.send(req.params.id)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Send(req.Param("id"))
	}, `200 7`},
	{`res.send(req.query.page)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Send(req.Query("page"))
	}, `200 2`},
	{`res.json(req.query)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.JSON(req.QueryObject())
	}, `200 {"page":"2","tag":["b","a"]}`},
	{`res.send(req.get('X-Trace'))`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Send(req.Get("X-Trace"))
	}, `200 abc`},
	{`res.send(req.cookies.sid ?? 'none')`, func(req *reqres.Request, res *reqres.Response) error {
		sid, ok := req.Cookie("sid")
		if !ok {
			sid = "none"
		}
		return res.Send(sid)
	}, `200 s 1`},
	{`res.json(req.body)`, func(req *reqres.Request, res *reqres.Response) error {
		body, err := req.Body()
		if err != nil {
			return err
		}
		return res.JSON(body)
	}, `200 {"name":"Grace"}`},
	{`res.status(201).set('Location', '/users/8').json(ada)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Status(201).Set("Location", "/users/8").JSON(ada)
	}, `201 Location: /users/8 {"name":"Ada"}`},
	{`res.sendStatus(403)`, func(req *reqres.Request, res *reqres.Response) error {
		return res.SendStatus(403)
	}, `403 Forbidden`},
	{`res.status(204).end()`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Status(204).End()
	}, `204`},
	{`res.redirect('/login')`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Redirect("/login")
	}, `302 Location: /login Found. Redirecting to /login`},
	{`res.redirect(301, '/new')`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Redirect("/new", 301)
	}, `301 Location: /new Moved Permanently. Redirecting to /new`},
	{`res.cookie('sid', 'x', { httpOnly: true }).end()`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Cookie("sid", "x", reqres.CookieOptions{HTTPOnly: true}).End()
	}, `200 Set-Cookie: sid=x; Path=/; HttpOnly`},
	{`res.clearCookie('sid').end()`, func(req *reqres.Request, res *reqres.Response) error {
		return res.ClearCookie("sid", reqres.CookieOptions{}).End()
	}, `200 Set-Cookie: sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT`},
	{`res.type('txt').send('hi')`, func(req *reqres.Request, res *reqres.Response) error {
		return res.Type("txt").Send("hi")
	}, `200 Content-Type: text/plain; charset=utf-8 hi`},
	{`res.json({ at: new Date(0) })`, func(req *reqres.Request, res *reqres.Response) error {
		const js = "2006-01-02T15:04:05.000Z" // Go's own form has no fraction where it is 0
		return res.JSON(map[string]string{"at": time.Unix(0, 0).UTC().Format(js)})
	}, `200 {"at":"1970-01-01T00:00:00.000Z"}`},
	{`throw createError(409, 'taken')`, func(req *reqres.Request, res *reqres.Response) error {
		return reqres.Errorf(409, "taken")
	}, `409 {"error":"taken"}`},
	{`next(err)`, func(req *reqres.Request, res *reqres.Response) error {
		return errTaken
	}, `409 {"error":"taken"}`},
}

var errTaken = reqres.Errorf(409, "taken")

// service are lines that set up a service.
var service = []struct {
	js     string
	golang func(r *adapt.Routes)
	want   string
}{
	{`app.use((req, res, next) => { res.set('X-Served-By', 'a'); next() })`, func(r *adapt.Routes) {
		r.UseReqRes(func(next reqres.Handler) reqres.Handler {
			return func(req *reqres.Request, res *reqres.Response) error {
				res.Set("X-Served-By", "a")
				return next(req, res)
			}
		})
	}, `200 X-Served-By: a ok`},
	{`app.use((req, res, next) => { req.user = userOf(req); next() })`, func(r *adapt.Routes) {
		r.Guard(func(r *http.Request) (context.Context, error) {
			return context.WithValue(r.Context(), userKey{}, userOf(r)), nil
		})
		r.ReqRes.POST("/users/:id", hello)
	}, `200 hello s 1`},
	{`const router = express.Router(); router.post('/:id', like); app.use('/users', router)`, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/users"}, func(r *adapt.Routes) {
			r.ReqRes.POST("/:id", like)
		})
	}, `200 liked 7`},
	{`app.post('/users/:id', requireAdmin, like)`, func(r *adapt.Routes) {
		r.WithGuard(requireAdmin).ReqRes.POST("/users/:id", like)
	}, `403 {"error":"admins only"}`},
	{`app.use((err, req, res, next) => res.status(err.status).send(err.message))`, func(r *adapt.Routes) {
		r.UseReqRes(reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
			if e, ok := errors.AsType[*reqres.Error](err); ok {
				return res.Status(e.Status).Send(e.Message)
			}
			return err
		}))
		r.ReqRes.POST("/users/:id", taken)
	}, `409 taken`},
	{`app.use(express.json({ limit: '1mb' }))`, func(r *adapt.Routes) {
		r.UseReqRes(reqres.ParseJSON(reqres.JSONOptions{BodyOptions: reqres.BodyOptions{Limit: 1 << 20}}))
	}, `200 ok`},
	{`app.use(morgan('combined'))`, func(r *adapt.Routes) {
		r.OnEnd(adapt.RequestLog(slog.Default()))
	}, `200 ok`},
	{`app.use(helmet())`, func(r *adapt.Routes) {
		r.OnHead(adapt.SecurityHeaders())
	}, `200 X-Content-Type-Options: nosniff ok`},
	{`app.use('/static', express.static('public'))`, func(r *adapt.Routes) {
		r.Mount("/static", http.FileServer(http.Dir("public")))
	}, `200 ok`},
}

type userKey struct{}

func userOf(r *http.Request) string {
	c, err := r.Cookie("sid")
	if err != nil {
		return ""
	}
	name, _ := url.PathUnescape(c.Value)
	return name
}

func hello(req *reqres.Request, res *reqres.Response) error {
	return res.Send("hello " + req.Context().Value(userKey{}).(string))
}

func like(req *reqres.Request, res *reqres.Response) error {
	return res.Send("liked " + req.Param("id"))
}

func taken(*reqres.Request, *reqres.Response) error { return errTaken }

func requireAdmin(*http.Request) (context.Context, error) {
	return nil, crossfade.Errorf(403, "admins only")
}

// route are lines of Next.js Route Handlers.
var route = []struct {
	js     string
	golang fetch.Handler
	want   string
}{
	{`return Response.json(ada)`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(ada)
	}, `200 {"name":"Ada"}`},
	{`return Response.json(ada, { status: 201 })`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(ada, fetch.Status(201))
	}, `201 {"name":"Ada"}`},
	{`return new Response((await params).id)`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text(req.Param("id"))
	}, `200 7`},
	{`return new Response(request.nextUrl.searchParams.get('page'))`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text(req.Query("page"))
	}, `200 2`},
	{`return Response.json(searchParams.getAll('tag'))`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(req.QueryValues("tag"))
	}, `200 ["b","a"]`},
	{`return new Response(request.headers.get('x-trace'))`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text(req.Header("x-trace"))
	}, `200 abc`},
	{`return new Response((await cookies()).get('sid')?.value ?? 'none')`, func(req *fetch.Request) (*fetch.Response, error) {
		sid, ok := req.Cookie("sid")
		if !ok {
			sid = "none"
		}
		return fetch.Text(sid)
	}, `200 s 1`},
	{`return Response.json(userSchema.parse(await request.json()))`, func(req *fetch.Request) (*fetch.Response, error) {
		u, err := fetch.Decode[user](req)
		if err != nil {
			return nil, err
		}
		return fetch.JSON(u)
	}, `200 {"name":"Grace"}`},
	{`return new Response(await request.text())`, func(req *fetch.Request) (*fetch.Response, error) {
		s, err := req.Text()
		if err != nil {
			return nil, err
		}
		return fetch.Text(s)
	}, `200 {"name":"Grace"}`},
	{`return new Response(request.body)`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Stream(req.Reader())
	}, `200 {"name":"Grace"}`},
	{`return new Response(null, { status: 204 })`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.NoContent()
	}, `204`},
	{`return new Response('hi', { headers: { 'Cache-Control': 'no-store' } })`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text("hi", fetch.SetHeader("Cache-Control", "no-store"))
	}, `200 Cache-Control: no-store hi`},
	{`return NextResponse.json(ada, { headers: { 'X-A': '1' } })`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(ada, fetch.SetHeader("X-A", "1"))
	}, `200 X-A: 1 {"name":"Ada"}`},
	{`return NextResponse.redirect(new URL('/login', request.url))`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Redirect("/login", fetch.Status(307))
	}, `307 Location: /login Temporary Redirect. Redirecting to /login`},
	{`return new Response((await headers()).get('x-trace'))`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text(req.Header("x-trace"))
	}, `200 abc`},
	{`after(() => count(params.id)); return new Response()`, func(req *fetch.Request) (*fetch.Response, error) {
		id := req.Param("id")
		if err := adapt.After(req.Context(), func(ctx context.Context) { count(ctx, id) }); err != nil {
			return nil, err
		}
		return fetch.Text("")
	}, `200`},
	{`redirect('/login')`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Redirect("/login", fetch.Status(307))
	}, `307 Location: /login Temporary Redirect. Redirecting to /login`},
	{`notFound()`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.NotFound()
	}, `404 {"error":"Not Found"}`},
	{`(await cookies()).set('sid', 'x', { httpOnly: true }); return new Response()`, func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.Text("", fetch.SetCookie("sid", "x", fetch.CookieOptions{HTTPOnly: true}))
	}, `200 Set-Cookie: sid=x; Path=/; HttpOnly`},
}

func count(context.Context, string) {}

func TestPortingTable(t *testing.T) {
	var table strings.Builder
	source := functions(t)
	row := func(js, want string, register func(r *adapt.Routes)) {
		t.Run(js, func(t *testing.T) {
			mux, err := adapt.New(register)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("POST", "/users/7?page=2&tag=b&tag=a", strings.NewReader(`{"name":"Grace"}`))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Trace", "abc")
			r.Header.Set("Cookie", "sid=s%201")
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, r)
			if diff := cmp.Diff(want, summary(rec, want)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
		fmt.Fprintf(&table, "| `%s` | %s |\n", strings.ReplaceAll(js, "|", `\|`), source[js])
	}
	table.WriteString("| Express, pages/api | `reqres` |\n|---|---|\n")
	for _, tt := range express {
		row(tt.js, tt.want, func(r *adapt.Routes) { r.ReqRes.POST("/users/:id", tt.golang) })
	}
	table.WriteString("\n| an Express app | `adapt` |\n|---|---|\n")
	for _, tt := range service {
		row(tt.js, tt.want, func(r *adapt.Routes) {
			tt.golang(r)
			r.ReqRes.Any("/[[...rest]]", func(_ *reqres.Request, res *reqres.Response) error { return res.Send("ok") })
		})
	}
	table.WriteString("\n| app/api/…/route.ts | `fetch` |\n|---|---|\n")
	for _, tt := range route {
		row(tt.js, tt.want, func(r *adapt.Routes) { r.Fetch.POST("/users/:id", tt.golang) })
	}
	checkReadme(t, "porting table", table.String())
}

// summary is the answer with the header that want names.
func summary(rec *httptest.ResponseRecorder, want string) string {
	s := strconv.Itoa(rec.Code)
	for name := range rec.Header() {
		if strings.Contains(want, " "+name+": ") {
			s += " " + name + ": " + strings.Join(rec.Header()[name], ", ")
		}
	}
	if rec.Body.Len() > 0 {
		s += " " + rec.Body.String()
	}
	return s
}

// functions returns the bodies of the functions in the tables above, by the JavaScript line in
// front of them, as cells of a Markdown table.
func functions(t *testing.T) map[string]string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "porting_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	cells := make(map[string]string)
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || len(lit.Elts) != 3 {
			return true
		}
		js, ok := lit.Elts[0].(*ast.BasicLit)
		f, isFunc := lit.Elts[1].(*ast.FuncLit)
		if !ok || !isFunc {
			return true
		}
		var lines []string
		for _, stmt := range f.Body.List {
			var b bytes.Buffer
			if err := format.Node(&b, fset, stmt); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimRight(line, "\n")
				text := strings.TrimLeft(line, "\t")
				lines = append(lines, strings.Repeat("&nbsp;&nbsp;", len(line)-len(text))+"`"+text+"`")
			}
		}
		text, _ := strconv.Unquote(js.Value)
		cells[text] = strings.Join(lines, "<br>")
		return true
	})
	return cells
}

// checkReadme compares a generated part of the README, or writes it.
func checkReadme(t *testing.T, part, want string) {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+part+": generated -->\n", "<!-- end of "+part+" -->"
	before, rest, ok := strings.Cut(string(readme), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("the README has no part between %q and %q", begin, end)
	}
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the %s of the README is stale; run go test -update . (-want +got):\n%s", part, cmp.Diff(want, got))
	}
	if err := os.WriteFile("README.md", []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

var _ http.Handler = (*adapt.Mux)(nil)

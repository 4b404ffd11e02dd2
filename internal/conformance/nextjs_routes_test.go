package conformance

// The handlers of app/**/route files, in the immutable shape: each described handler as Go has it.

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
)

// routeFiles are the files that cases ask for by their path.
var routeFiles = map[string]fetch.Methods{
	"/api/r/getonly":         {GET: getBody},
	"/api/r/item/exact":      {GET: appFile("app exact", "")},
	"/api/r/item/[id]":       {GET: appItem},
	"/api/r/catch/[...slug]": {GET: appFile("app [...slug]", "...slug")},
	"/api/r/catch/one/[id]":  {GET: appFile("app one/[id]", "id")},
	"/api/r/opt/[[...slug]]": {GET: appFile("app [[...slug]]", "?...slug")},
	"/api/r/grouped": {GET: func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(inOrder("from", "group", "path", req.Path()))
	}},
	"/api/r/_under": {GET: appFile("escaped underscore", "")},
	"/api/r/feed.xml": {GET: func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Text("<x/>", fetch.SetHeader("Content-Type", "application/xml"))
	}},
}

func inOrder(pairs ...any) *object {
	o := new(object)
	for pair := range slices.Chunk(pairs, 2) {
		o.set(pair[0].(string), pair[1])
	}
	return o
}

func getBody(*fetch.Request) (*fetch.Response, error) {
	return fetch.Text("get body", fetch.SetHeader("x-h", "1"))
}

// appFile answers which file it is and its parameter; with "?" in front also whether it is there.
func appFile(from, param string) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		o := inOrder("from", from)
		if param != "" {
			p := params(req, strings.TrimPrefix(param, "?"))
			o.set("params", p)
			if strings.HasPrefix(param, "?") {
				o.set("has", len(p.keys) > 0)
			}
		}
		return fetch.JSON(o)
	}
}

func appItem(req *fetch.Request) (*fetch.Response, error) {
	q := new(object)
	for name, value := range req.QueryParams().All() {
		q.set(name, value)
	}
	return fetch.JSON(inOrder("from", "app [id]", "isPromise", true, "syncId", nil, "params", params(req, "id"), "q", q, "url", req.URL().String()))
}

// emptyError is Config.ErrorResponse for errors as a route handler has them: no body, and 500 also
// for JSON that the handler could not read.
func emptyError(_ *fetch.Request, err error) *fetch.Response {
	status := 500
	var e interface{ StatusCode() int }
	var syntax *json.SyntaxError
	if errors.As(err, &e) && !errors.As(err, &syntax) {
		status = e.StatusCode()
	}
	return fetch.Must(fetch.NewResponse(fetch.RequestOption{}, fetch.Status(status)))
}

func routeHandlers(t *testing.T, c *nextCase) (s served, out string) {
	path, _, _ := strings.Cut(c.Request.Path, "?")
	path, _, _ = strings.Cut(path, "#")
	switch d := c.Handler; {
	case strings.Contains(d, "runtime edge"):
		return s, "edge"
	case strings.HasPrefix(d, "exports only default"), strings.Contains(d, "(lower case)"), d == "exports no method":
		return s, "exports"
	case !slices.Contains([]string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"}, c.Request.Method):
		return s, "unknown methods"
	case strings.Contains(d, "cookies()"), strings.Contains(d, "cookies.set"), strings.HasPrefix(d, "headers()"):
		if !strings.HasPrefix(d, "NextResponse.json") {
			return s, "cookies().set"
		}
	case strings.Contains(d, "generateStaticParams"), strings.Contains(d, "revalidate="),
		strings.Contains(d, `"force-static"`) && !strings.Contains(d, "POST"):
		return s, "caching"
	case strings.Contains(path, `\`), strings.Contains(path, "//"), unwantedSlash(path, routeFiles):
		return s, "path cleaning"
	case strings.HasPrefix(d, "GET streams ticks"):
		return s, "disconnect"
	case d == "Response.error()":
		return s, "js"
	case strings.HasPrefix(d, "NextResponse.rewrite"), strings.HasPrefix(d, "NextResponse.next"):
		return s, "proxy.js"
	case strings.HasSuffix(d, "(relative)"):
		return s, "relative URL"
	case errorText.MatchString(c.Expect.Body):
		return s, "V8"
	}
	m, out := routeMethods(t, c)
	if out != "" {
		return s, out
	}
	s.config.Answers, s.config.ErrorResponse = adapt.Standard, emptyError
	if c.HandlerOutputIsEcho {
		s.norms = []string{"environment", "url regrouped", "server host"}
	}
	s.routes = func(r *adapt.Routes) {
		for pattern, file := range routeFiles {
			r.Fetch.Route(pattern, file)
		}
		if m != nil {
			r.Fetch.Route(strings.TrimSuffix(path, "/"), *m)
		}
	}
	return s, ""
}

var errorText = regexp.MustCompile(`"(?:\w*Error: )`)

func textAnswer(s string, opts ...fetch.ResponseOption) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(s, opts...) }
}

// routeMethods is what the described file exports; nil for one of routeFiles.
func routeMethods(t *testing.T, c *nextCase) (*fetch.Methods, string) {
	d := c.Handler
	switch {
	case d == "json({from, params})", d == `exports GET (Response "get body", x-h:1)`:
		return nil, ""
	case strings.HasPrefix(d, "exports HEAD (202"):
		return &fetch.Methods{HEAD: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.NewResponse(fetch.RequestOption{}, fetch.Status(202), fetch.SetHeader("x-head", "1"))
		}}, ""
	case strings.HasPrefix(d, "exports GET and HEAD"):
		return &fetch.Methods{GET: textAnswer("g"), HEAD: textAnswer("dropped", fetch.Status(203),
			fetch.SetHeader("Content-Type", "text/x"), fetch.SetHeader("x-head", "own"))}, ""
	case strings.HasPrefix(d, "exports OPTIONS only"):
		return &fetch.Methods{OPTIONS: textAnswer("OPTIONS")}, ""
	case strings.HasPrefix(d, "exports "):
		list, _, _ := strings.Cut(strings.TrimPrefix(d, "exports "), " and ")
		names := strings.Split(strings.ReplaceAll(list, " ", ""), ",")
		m := new(fetch.Methods)
		for _, name := range names {
			body := name
			if len(names) < 3 {
				body = strings.ToLower(name[:1])
			}
			switch h := textAnswer(body); name {
			case "GET":
				m.GET = h
			case "HEAD":
				m.HEAD = h
			case "OPTIONS":
				m.OPTIONS = h
			case "POST":
				m.POST = h
			case "PUT":
				m.PUT = h
			case "DELETE":
				m.DELETE = h
			case "PATCH":
				m.PATCH = h
			default:
				t.Fatalf("no handler for %q", d)
			}
		}
		return m, ""
	case strings.HasPrefix(d, "GET/POST/PUT/PATCH/DELETE: json(echo"):
		h := c.fetchEcho()
		return &fetch.Methods{GET: h, POST: h, PUT: h, PATCH: h, DELETE: h}, ""
	case strings.HasPrefix(d, "GET: after("):
		return &fetch.Methods{GET: afterGET, POST: func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(inOrder("ok", true), fetch.SetHeader("x-after", "throws"))
		}}, ""
	case strings.Contains(d, "GET and POST"):
		return &fetch.Methods{GET: jsonAnswer(`{"g":1}`), POST: jsonAnswer(`{"p":1}`)}, ""
	}
	if body := c.Expect.Body; body != "" && (d == "GET without request access, no config" || d == `dynamic="force-dynamic"; GET`) {
		return &fetch.Methods{GET: jsonAnswer(body)}, "" // the description leaves it out
	}
	h, out := routeHandler(t, d)
	if out != "" {
		return nil, out
	}
	m := &fetch.Methods{GET: h}
	if strings.HasPrefix(c.Request.Path, "/api/r/body") || strings.HasPrefix(c.Request.Path, "/api/r/flow") {
		m.POST = h
	}
	return m, ""
}

func jsonAnswer(s string, opts ...fetch.ResponseOption) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(json.RawMessage(s), opts...) }
}

func newAnswer(body fetch.RequestOption, opts ...fetch.ResponseOption) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return fetch.NewResponse(body, opts...) }
}

func streamAnswer(chunks ...string) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) {
		return fetch.StreamSeq(func(yield func([]byte, error) bool) {
			for _, chunk := range chunks {
				if chunk == "error" {
					yield(nil, errors.New("the stream fails"))
					return
				}
				if !yield([]byte(chunk), nil) {
					return
				}
			}
		})
	}
}

// redirectFlow is redirect() of next/navigation: 303 for a form that a page has posted, so that the
// target is fetched with GET.
func redirectFlow(target string, status int) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		status := status
		if t := req.Header("Content-Type"); req.Method() == "POST" &&
			(t == "application/x-www-form-urlencoded" || strings.HasPrefix(t, "multipart/form-data")) {
			status = 303
		}
		return nil, fetch.AsError(fetch.Redirect(target, fetch.Status(status)))
	}
}

// statusFlow is notFound(), forbidden() and unauthorized().
func statusFlow(status int) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) {
		return nil, fetch.AsError(fetch.NewResponse(fetch.RequestOption{}, fetch.Status(status)))
	}
}

func throwing(err error) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) { return nil, err }
}

// caught answers {name: value}, or the error in its place.
func caught(name string, value func(req *fetch.Request) (any, error)) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		v, err := value(req)
		if err != nil {
			v = err.Error()
		}
		return fetch.JSON(inOrder(name, v))
	}
}

func requestJSON(req *fetch.Request) (any, error) {
	var o ordered
	err := req.JSON(&o)
	return o.value, err
}

var afterRuns atomic.Pointer[[]string]

// afterGET records a run once the answer is complete, and tells the earlier ones.
func afterGET(req *fetch.Request) (*fetch.Response, error) {
	before := []string{}
	if runs := afterRuns.Load(); runs != nil {
		before = *runs
	}
	err := adapt.After(req.Context(), func(context.Context) {
		after := append(slices.Clip(before), "ran")
		afterRuns.Store(&after)
	})
	if err != nil {
		return nil, err
	}
	return fetch.JSON(inOrder("before", before))
}

var (
	responseText   = regexp.MustCompile(`^Response\(("(?:[^"\\]|\\.)*"|null)(?:,\{status:(\d+)\})?\)$`)
	responseJSON   = regexp.MustCompile(`^Response\.json\((.*)\)$`)
	redirectCall   = regexp.MustCompile(`^(redirect|permanentRedirect)\("([^"]*)"\)$`)
	staticRedirect = regexp.MustCompile(`^(?:Next)?Response\.redirect\("([^"]*)"(?:,(\d+))?\)(?: \(relative\))?$`)
)

// routeHandler is the one handler of a described file.
func routeHandler(t *testing.T, d string) (fetch.Handler, string) {
	if h := namedRoutes[d]; h != nil {
		return h, ""
	}
	if m := responseText.FindStringSubmatch(d); m != nil {
		var body fetch.RequestOption
		opts := []fetch.ResponseOption{}
		if m[1] != "null" {
			s := ""
			if err := json.Unmarshal([]byte(m[1]), &s); err != nil {
				t.Fatal(err)
			}
			body = textBody(s)
		}
		if m[2] != "" {
			code, _ := strconv.Atoi(m[2])
			opts = append(opts, fetch.Status(code))
		}
		return newAnswer(body, opts...), ""
	}
	if m := responseJSON.FindStringSubmatch(d); m != nil {
		v, out := described(m[1], "json")
		if out != "" {
			return nil, out
		}
		return func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(v()) }, ""
	}
	if m := redirectCall.FindStringSubmatch(d); m != nil {
		return redirectFlow(m[2], map[string]int{"redirect": 307, "permanentRedirect": 308}[m[1]]), ""
	}
	if m := staticRedirect.FindStringSubmatch(d); m != nil {
		opts := []fetch.ResponseOption{}
		if strings.HasPrefix(d, "Next") {
			opts = append(opts, fetch.Status(307))
		}
		if m[2] != "" {
			code, _ := strconv.Atoi(m[2])
			opts = append(opts, fetch.Status(code))
		}
		return func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect(m[1], opts...) }, ""
	}
	if strings.HasPrefix(d, "throw ") {
		return throwing(errThrown), ""
	}
	if call, contentType, ok := strings.Cut(d, " with content-type "); ok {
		h, out := routeHandler(t, call)
		if out != "" {
			return nil, out
		}
		return func(req *fetch.Request) (*fetch.Response, error) {
			res, err := h(req)
			if err != nil {
				return nil, err
			}
			return res.WithHeader("Content-Type", contentType), nil
		}, ""
	}
	if strings.HasPrefix(d, "return ") || strings.Contains(d, "digest") || strings.HasPrefix(d, "try{") {
		return nil, "js"
	}
	t.Fatalf("no handler for %q", d)
	return nil, ""
}

const absolute = "https://example.com/x"

// namedRoutes are the handlers that are described in words of their own.
var namedRoutes = map[string]fetch.Handler{
	"return undefined":                                    func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
	"return null":                                         func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
	"return an Error":                                     throwing(errThrown),
	"Response()":                                          newAnswer(fetch.RequestOption{}),
	`Response("text")`:                                    textAnswer("text"),
	"Response.json({a:1})":                                jsonAnswer(`{"a":1}`),
	`return redirect("/login")`:                           redirectFlow("/login", 307),
	"Response(Blob type text/x-blob)":                     newAnswer(fetch.BlobBody([]byte("blob"), "text/x-blob")),
	"Response(Blob without type)":                         newAnswer(fetch.Body([]byte("blob"))),
	"Response(bytes 1,2,3)":                               func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes([]byte{1, 2, 3}) },
	`Response(Buffer "buf")`:                              func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes([]byte("buf")) },
	`Response(URLSearchParams a=1,b="x y")`:               newAnswer(paramsBody(crossfade.NewParams("a", "1", "b", "x y"))),
	"Response(FormData a=1)":                              newAnswer(fetch.FormBody(crossfade.NewForm(fetch.FormEntry{Name: "a", Value: "1"}))),
	"Response(stream a,b)":                                streamAnswer("a", "b"),
	`Response(stream that enqueues a string chunk "str")`: streamAnswer("str"),
	`Response(stream: "part", then error 30ms later)`:     streamAnswer("part", "error"),
	"Response(stream that errors before the first chunk)": streamAnswer("error"),
	"Response whose body was already read": func(*fetch.Request) (*fetch.Response, error) {
		res, err := fetch.NewResponse(textBody("used"))
		if err == nil {
			_, err = res.Text()
		}
		return res, err
	},
	`Response("gz") with headers content-encoding gzip, content-length 99, transfer-encoding chunked`: textAnswer("gz",
		fetch.SetHeader("content-encoding", "gzip"), fetch.SetHeader("content-length", "99"), fetch.SetHeader("transfer-encoding", "chunked")),
	`Response("12345") with content-length 5`: textAnswer("12345", fetch.SetHeader("content-length", "5")),
	"headers appended twice: x-dup 1,2; set-cookie a,b; vary Origin,Accept; link a,b": textAnswer("x",
		fetch.AddHeader("x-dup", "1"), fetch.AddHeader("x-dup", "2"),
		fetch.AddHeader("set-cookie", "a=1; Path=/"), fetch.AddHeader("set-cookie", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
		fetch.AddHeader("vary", "Origin"), fetch.AddHeader("vary", "Accept"),
		fetch.AddHeader("link", "</a>; rel=preload"), fetch.AddHeader("link", "</b>; rel=preload")),
	"headers connection close, keep-alive timeout=1, date 1970": textAnswer("x", fetch.SetHeader("connection", "close"),
		fetch.SetHeader("keep-alive", "timeout=1"), fetch.SetHeader("date", "Thu, 01 Jan 1970 00:00:00 GMT")),
	"header x-l with U+00E9":                    textAnswer("x", fetch.SetHeader("x-l", "caf\u00e9")),
	`Response("etagged") with etag "abc"`:       textAnswer("etagged", fetch.SetHeader("etag", `"abc"`)),
	`Response("x") with header: setcookiecomma`: textAnswer("x", fetch.AddHeader("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"), fetch.AddHeader("set-cookie", "b=2")),
	`Response("x") with header: hopbyhop`:       textAnswer("x", fetch.SetHeader("te", "trailers"), fetch.SetHeader("upgrade", "h2c")),
	`Response("x") with header: poweredby`:      textAnswer("x", fetch.SetHeader("server", "mine")),

	"NextResponse.json({a:1},{status:201,x-a:1})": jsonAnswer(`{"a":1}`, fetch.Status(201), fetch.SetHeader("x-a", "1")),
	`NextResponse.redirect(new URL("/login", req.url))`: func(req *fetch.Request) (*fetch.Response, error) {
		u := req.URL()
		u.Path, u.RawPath, u.RawQuery = "/login", "", ""
		return fetch.Redirect(u.String(), fetch.Status(307))
	},
	"NextResponse.redirect(abs,302)": func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect(absolute, fetch.Status(302)) },
	"NextResponse.redirect(abs,200)": func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect(absolute, fetch.Status(200)) },
	"NextResponse.redirect(abs,{status:308,headers x-a})": func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Redirect(absolute, fetch.Status(308), fetch.SetHeader("x-a", "1"))
	},
	`NextResponse.json({ok:1}); cookies.set a; set b with all attributes; set c "v w;" expires 0; delete d`: func(*fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(inOrder("ok", 1), fetch.SetCookie("a", "1", fetch.CookieOptions{}),
			fetch.SetCookie("b", "2", fetch.CookieOptions{Path: "/x", MaxAge: time.Minute, Domain: "example.com", Secure: true, HTTPOnly: true, SameSite: http.SameSiteLaxMode}),
			fetch.SetCookie("c", "v w;", fetch.CookieOptions{Expires: time.Unix(0, 0)}),
			fetch.SetCookie("d", "", fetch.CookieOptions{Expires: time.Unix(0, 0)}))
	},

	"notFound()":                             statusFlow(404),
	"forbidden() (authInterrupts on)":        statusFlow(403),
	"unauthorized() (authInterrupts on)":     statusFlow(401),
	"throw Error":                            throwing(errThrown),
	`throw "str"`:                            func(*fetch.Request) (*fetch.Response, error) { panic("str") },
	"throw undefined":                        func(*fetch.Request) (*fetch.Response, error) { panic(struct{}{}) },
	"throw Error with statusCode/status 418": throwing(&teapot{418}),

	"GET without request access, no config":                              jsonAnswer(`{"s":1}`),
	`dynamic="force-dynamic"; GET`:                                       jsonAnswer(`{"d":1}`),
	"GET(request) request unused":                                        textAnswer("no dynamic access, request unused"),
	"documentation example: CORS headers on GET only, no OPTIONS export": textAnswer("Hello, Next.js!", fetch.SetHeader("Access-Control-Allow-Origin", "*")),

	"json({v: await req.json()}) (uncaught)": func(req *fetch.Request) (*fetch.Response, error) {
		v, err := requestJSON(req)
		if err != nil {
			return nil, err
		}
		return fetch.JSON(inOrder("v", v))
	},
	`json({j: req.json() or "Name: message"})`: caught("j", requestJSON),
	"clone() first; text() on both": func(req *fetch.Request) (*fetch.Response, error) {
		clone, err := req.Clone()
		if err != nil {
			return nil, err
		}
		a, err := req.Text()
		b, err2 := clone.Text()
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
		return fetch.JSON(inOrder("a", a, "b", b))
	},
	"formData() entries": caught("f", func(req *fetch.Request) (any, error) {
		f, err := req.Form()
		if err != nil {
			return nil, err
		}
		list := []any{}
		for e := range f.Entries() {
			list = append(list, []any{e.Name, e.Value})
		}
		return list, nil
	}),
	"arrayBuffer() length": caught("n", func(req *fetch.Request) (any, error) {
		b, err := req.Bytes()
		return len(b), err
	}),
	"blob() size,type": caught("n", func(req *fetch.Request) (any, error) {
		b, err := req.Bytes()
		return []any{len(b), strings.ToLower(req.Headers().MediaType())}, err
	}),
	"iterate body; total length": caught("n", func(req *fetch.Request) (any, error) {
		n, err := io.Copy(io.Discard, req.Reader())
		return n, err
	}),
	"text(); Response(length)": func(req *fetch.Request) (*fetch.Response, error) {
		n, err := io.Copy(io.Discard, req.Reader()) // Text is bounded by Limits.Body
		if err != nil {
			return nil, err
		}
		return fetch.Text(strconv.FormatInt(n, 10))
	},
	"event-stream, 3 chunks 20ms apart, Connection: keep-alive": func(*fetch.Request) (*fetch.Response, error) {
		return fetch.SSE(threeEvents())
	},
}

func threeEvents() iter.Seq2[fetch.Event, error] {
	return func(yield func(fetch.Event, error) bool) {
		for i := range 3 {
			if !yield(fetch.Event{Data: strconv.Itoa(i)}, nil) {
				return
			}
		}
	}
}

// fetchEcho answers what the request says, and what the case says of its server.
func (c *nextCase) fetchEcho() fetch.Handler {
	var told ordered
	environment := new(object)
	if told.UnmarshalJSON([]byte(c.Expect.Body)) == nil {
		environment, _ = told.value.(*object)
	}
	return func(req *fetch.Request) (*fetch.Response, error) {
		u := req.URL()
		url := strings.TrimSuffix(u.String(), u.RequestURI()) + regrouped(req.Path(), req.QueryParams())
		_, search, _ := strings.Cut(url, "?")
		if search != "" {
			search = "?" + search
		}
		cookies := []any{}
		for _, pair := range strings.Split(req.Header("Cookie"), "; ") {
			name, _, _ := strings.Cut(pair, "=")
			if value, ok := req.Cookie(name); ok && !slices.ContainsFunc(cookies, func(c any) bool { v, _ := c.(*object).get("name"); return v == name }) {
				cookies = append(cookies, inOrder("name", name, "value", value))
			}
		}
		headers := new(object)
		for name, value := range req.Headers().All() {
			switch name = strings.ToLower(name); {
			case name == "host": // which the recording leaves out of the request
				if told, ok := environment.values["headers"].(*object); ok {
					value, _ = told.values["host"].(string)
				}
			case strings.HasPrefix(name, "x-forwarded-"):
				continue
			}
			headers.set(name, value)
		}
		null := fetch.Internal(door.Key()).Exchange(req).NullBody()
		s, err := req.Text()
		if err != nil {
			return nil, err
		}
		mask := func(s string) string {
			return strings.Replace(s, u.Scheme+"://"+u.Host, "http://<server-host>", 1)
		}
		o := new(object)
		for _, name := range environment.keys {
			v, _ := environment.get(name)
			switch name {
			case "method":
				v = req.Method()
			case "url":
				v = mask(url)
			case "nextUrl":
				v = inOrder("href", mask(url), "pathname", req.Path(), "search", search, "basePath", "", "locale", "",
					"origin", "http://<server-host>", "host", "<server-host>")
			case "cookies":
				v = cookies
			case "headers":
				v = headers
			case "bodyNull":
				v = null
			case "bodyUsed":
				v = req.BodyUsed()
			case "text":
				v = s
			}
			o.set(name, v)
		}
		return fetch.JSON(o)
	}
}

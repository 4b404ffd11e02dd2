package differences_test

// What changes under a handler's feet when it moves from one shape to the other: for each behaviour
// that changes silently in Next.js, when a handler moves from API Routes to Route Handlers, what
// the two shapes do here. Each row runs one endpoint in both shapes, natively and through both
// conversions, and compares whole answers; where the shapes differ on purpose, it shows that what
// the row names makes them equal. DIFFERENCES.md is made of the rows and of the answers:
//
//	go test ./internal/promises/differences -update

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// difference is one row.
type difference struct {
	topic  string
	api    string // API Routes of Next.js
	route  string // its Route Handlers
	here   string
	std    string // what adapt.Standard changes, or ""
	equal  string // what makes the shapes equal where they differ, or ""
	probe  probe
	equals *probe // the probe once they are made equal
}

// probe is an endpoint in both shapes and a request.
type probe struct {
	h       served.Twins
	pattern string // default "/x"
	methods []string
	use     func(http.Handler) http.Handler
	config  adapt.Config
	request string // default "GET /x"; then lines of headers, an empty line, the body
	times   int    // that the request is sent, default 1
}

// ways are how a mux comes to serve an endpoint. The first two are native; each of the other two
// must answer as the native one of its shape.
var ways = []struct {
	name     string
	native   int
	register func(r *adapt.Routes, method, path string, h served.Twins)
}{
	{"reqres", 0, func(r *adapt.Routes, m, p string, h served.Twins) { r.ReqRes.On(m, p, h.ReqRes) }},
	{"fetch", 1, func(r *adapt.Routes, m, p string, h served.Twins) { r.Fetch.On(m, p, h.Fetch) }},
	{"reqres by ToFetch", 0, func(r *adapt.Routes, m, p string, h served.Twins) {
		r.Fetch.On(m, p, served.PassFetch(adapt.ToFetch(h.ReqRes)))
	}},
	{"fetch by ToReqRes", 1, func(r *adapt.Routes, m, p string, h served.Twins) {
		r.ReqRes.On(m, p, served.PassReqRes(adapt.ToReqRes(h.Fetch)))
	}},
}

// answers is what the two shapes answer; conversions must not change it.
func (p probe) answers(t *testing.T) (got [2]string) {
	t.Helper()
	for i, way := range ways {
		mux := served.NewMux(t, p.config, func(r *adapt.Routes) {
			if p.use != nil {
				r.Use(p.use)
			}
			path := "/x"
			if p.pattern != "" {
				path = p.pattern
			}
			for _, method := range append([]string{"GET", "POST"}, p.methods...) {
				way.register(r, method, path, p.h)
			}
		})
		var a []string
		for range max(1, p.times) {
			a = append(a, asked(t, mux, p.request))
		}
		one := strings.Join(a, "\n\n")
		if i < 2 {
			got[i] = one
		} else if diff := cmp.Diff(got[way.native], one); diff != "" {
			t.Errorf("%s answers otherwise than the shape it was written in (-native +converted):\n%s", way.name, diff)
		}
	}
	return got
}

// asked sends a request over a connection of its own and returns the whole answer as text, without
// Date and Connection, its headers sorted, and its framing only where it is a Content-Length.
func asked(t *testing.T, h http.Handler, request string) string {
	t.Helper()
	if request == "" {
		request = "GET /x"
	}
	s := served.Serve(t, h, false)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(30 * time.Second))
	line, rest, _ := strings.Cut(request, "\n")
	head, body, _ := strings.Cut("\n"+rest, "\n\n")
	raw := line + " HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n"
	for _, field := range strings.FieldsFunc(head, func(r rune) bool { return r == '\n' }) {
		raw += field + "\r\n"
	}
	if body != "" {
		raw += "Content-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	go io.WriteString(conn, raw+"\r\n"+body)
	b, _ := io.ReadAll(conn)
	method, _, _ := strings.Cut(line, " ")
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), &http.Request{Method: method})
	if err != nil {
		return fmt.Sprintf("(the connection is cut before the head: %q)", b)
	}
	content, err := io.ReadAll(res.Body)
	var out strings.Builder
	fmt.Fprintf(&out, "%d\n", res.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		if name == "Date" || name == "Connection" {
			continue
		}
		for _, v := range res.Header[name] {
			fmt.Fprintf(&out, "%s: %s\n", name, v)
		}
	}
	if len(content) > 0 {
		if len(content) > 300 {
			content = fmt.Appendf(nil, "(%d bytes)", len(content))
		}
		fmt.Fprintf(&out, "\n%s\n", content)
	}
	if err != nil {
		out.WriteString("(the connection is cut)\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

// answering is an endpoint that answers both shapes with the same text.
func answering(read func(req served.Request) (string, error)) served.Twins {
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			s, err := read(req)
			if err != nil {
				return err
			}
			return res.Set("Content-Type", "text/plain; charset=utf-8").Send(s)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			s, err := read(req)
			if err != nil {
				return nil, err
			}
			return fetch.Text(s, fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"))
		},
	}
}

var noTag = adapt.Config{ReqRes: reqres.Settings{ETag: reqres.NoETag}}

type payload struct {
	A int `json:"a"`
}

var errDetail = errors.New("secret detail")

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errDetail }

// partial is a stream that fails after its first chunk.
func partial() io.Reader { return io.MultiReader(strings.NewReader("part"), failingReader{}) }

func entriesOf(req served.Request) (string, error) {
	f, err := req.Form()
	if err != nil {
		return "", err
	}
	var out []string
	for e := range f.Entries() {
		if e.File != nil {
			e.Value = e.File.Name + ", " + strconv.FormatInt(e.File.Size, 10) + " bytes"
		}
		out = append(out, e.Name+"="+e.Value)
	}
	return strings.Join(out, "\n"), nil
}

func echoHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain")
	w.Write(b)
}

func differences() []difference {
	status := func(code int) served.Twins {
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Status(code).Send("x") },
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Text("x", fetch.Status(code), fetch.SetHeader("Content-Type", "text/html; charset=utf-8"))
			},
		}
	}
	stream := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send(partial()) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(partial(), fetch.SetHeader("Content-Type", "application/octet-stream"))
		},
	}
	redirect := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/login") },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/login") },
	}
	ok := answering(func(served.Request) (string, error) { return "ok", nil })
	read := answering(func(req served.Request) (string, error) { return req.Text() })
	readJSON := answering(func(req served.Request) (string, error) {
		var v payload
		err := req.JSON(&v)
		return fmt.Sprint(v), err
	})
	twice := func(req served.Request) (string, error) {
		if _, err := req.Text(); err != nil {
			return "", err
		}
		return req.Text()
	}
	var calls [4]atomic.Int64
	return []difference{
		{
			topic: "JSON content type", api: "`application/json; charset=utf-8`, forced", route: "`application/json`",
			here: "Equal: `application/json; charset=utf-8`, also of the body of an error below 500. A Content-Type that is set stays; with the Flavor NextJS `reqres` forces it.",
			std:  "`fetch`: `application/json`; errors too, in both shapes.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.JSON(payload{1}) },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(payload{1}) },
			}},
		},
		{
			topic: "JSON of a refusal", api: "what res.json says", route: "what Response.json says",
			here: "Equal: an error returned from a handler answers as `res.Status(404).JSON` does.",
			std:  "Errors: `application/json`, no ETag, in both shapes.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
					return res.Status(404).JSON(map[string]string{"error": "no such account"})
				},
				Fetch: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(404, "no such account") },
			}},
		},
		{
			topic: "Text content type", api: "none", route: "`text/plain;charset=UTF-8`",
			here:  "`text/html; charset=utf-8` from Send of `reqres` (Express; none with the Flavor NextJS), `text/plain; charset=utf-8` from `fetch.Text`.",
			std:   "`fetch`: `text/plain;charset=UTF-8`, `text/html;charset=UTF-8`.",
			equal: "`fetch.HTML`, or `res.Type(\"txt\")`",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send("x") },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("x") },
			}},
			equals: &probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send("x") },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.HTML("x") },
			}},
		},
		{
			topic: "Bytes", api: "`application/octet-stream`", route: "no content type",
			here: "Equal: `application/octet-stream`.",
			std:  "`fetch`: no content type.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send([]byte("x")) },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes([]byte("x")) },
			}},
		},
		{
			topic: "Framing", api: "Content-Length, chunks for streams and errors", route: "always chunks",
			here:  "Equal: Content-Length where the body is in memory, chunks for streams. A Content-Length that is set and wrong is replaced.",
			probe: probe{config: noTag, h: answering(func(served.Request) (string, error) { return strings.Repeat("x", 3000), nil })},
		},
		{
			topic: "ETag and 304", api: "strong ETag and 304, automatic", route: "none",
			here:  "Equal: a tag on every body that is in memory (weak, as in Express; Settings.ETag), and 304 for GET and HEAD of a 2xx answer.",
			std:   "`fetch`: none; `fetch.ETag` adds them.",
			probe: probe{h: ok, request: "GET /x\nIf-None-Match: W/\"2-eoX0dku9ba8cNUXvu/DyeabcC+s\""},
		},
		{
			topic: "Redirect", api: "307, the target as body, relative targets kept", route: "redirect() 307, no body; Response.redirect() refuses relative targets",
			here: "Equal: 302 unless a status is given, relative targets, Express's body as the client accepts it. An empty target, which leads nowhere, is refused by `fetch`: a 500. With the Flavor NextJS 307 and the target as body.",
			std:  "`fetch`: 302, no body.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/login") },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/login") },
			}},
		},
		{
			topic: "Redirect of a posted form", api: "307", route: "303",
			here:  "Equal: the status is the handler's to choose, whatever was posted.",
			std:   "`fetch`: no body.",
			probe: probe{h: redirect, request: "POST /x\nContent-Type: application/x-www-form-urlencoded\n\na=1"},
		},
		{
			topic: "No content", api: "no tag", route: "no tag",
			here:  "`SendStatus(204)` of `reqres` has the tag of the phrase that it does not send, as in Express; `fetch.NoContent` has none.",
			equal: "`res.Status(204).End()`",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(204) },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() },
			}},
			equals: &probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Status(204).End() },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() },
			}},
		},
		{
			topic: "Uncaught error", api: "500, `Internal Server Error` as text", route: "500, empty",
			here:  "Equal: 500 with `{\"error\":…}`, or what Config.ErrorResponse says. With the Flavor NextJS `reqres` answers a failure as text; a refusal (below 500) is JSON in both.",
			probe: probe{h: answering(func(served.Request) (string, error) { return "", errDetail })},
		},
		{
			topic: "Headers set before an error", api: "stay, all of them (Express drops Content-Encoding, -Language and -Range)", route: "are gone with the response",
			here: "Equal: what says something of the page that is not sent goes, Cache-Control too, so that an error is not kept as the page; the others and cookies stay (`reqres`), or come with the error (crossfade.WithHeader, in both).",
			std:  "The type of the body, and no tag, as of any error.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
					res.Set("Retry-After", "3").Set("Cache-Control", "max-age=60").Set("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
					return reqres.Errorf(429, "slow down")
				},
				Fetch: func(*fetch.Request) (*fetch.Response, error) {
					return nil, crossfade.WithHeader(fetch.Errorf(429, "slow down"), "Retry-After", "3")
				},
			}},
		},
		{
			topic: "Error after the first byte", api: "its text is appended, the answer ends cleanly", route: "the connection is cut",
			here:  "Equal: the connection is cut.",
			probe: probe{h: stream},
		},
		{
			topic: "Source of a stream fails at once", api: "the client hangs", route: "the connection is closed without an answer",
			here: "Equal: nothing was sent yet, so it is a 500.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send(io.Reader(failingReader{})) },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Stream(failingReader{}) },
			}},
		},
		{
			topic: "No answer given", api: "hangs", route: "500, empty",
			here: "Equal: 500, and a line in the log that names the route.",
			probe: probe{h: served.Twins{
				ReqRes: func(*reqres.Request, *reqres.Response) error { return nil },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
			}},
		},
		{
			topic: "Empty JSON body", api: "`req.body` is `{}`", route: "req.json() throws, 500",
			here:  "Equal: JSON is a 400. `{}` is what Body of `reqres` returns.",
			std:   "Errors: `application/json`, no ETag, in both shapes.",
			probe: probe{h: readJSON, request: "POST /x\nContent-Type: application/json"},
		},
		{
			topic: "Malformed JSON", api: "400 `Invalid JSON`, the handler does not run", route: "500",
			here:  "Equal: 400 that says where. With reqres.ParseFirst the `reqres` handler does not run; with the Flavor NextJS the text is Next.js's.",
			std:   "Errors: `application/json`, no ETag, in both shapes.",
			probe: probe{h: readJSON, request: "POST /x\nContent-Type: application/json\n\n{\"a\":1} x"},
		},
		{
			topic: "Size of a body", api: "1 MB, 413", route: "no limit",
			here:  "Equal: Limits.Body, 1 MiB unless said otherwise, 413.",
			std:   "Errors: `application/json`, no ETag, in both shapes.",
			probe: probe{h: read, config: adapt.Config{Limits: adapt.Limits{Body: 10}}, request: "POST /x\n\n0123456789a"},
		},
		{
			topic: "Body without a content type", api: "a string", route: "the caller decides",
			here:  "Equal: the caller decides.",
			probe: probe{config: noTag, h: readJSON, request: "POST /x\n\n{\"a\":1}"},
		},
		{
			topic: "No body", api: "`\"\"`", route: "an empty stream, null for GET",
			here:  "Equal: the empty text. Body of `reqres` returns nil (`\"\"` with the Flavor NextJS).",
			probe: probe{config: noTag, request: "POST /x", h: answering(func(req served.Request) (string, error) { s, err := req.Text(); return fmt.Sprintf("%q", s), err })},
		},
		{
			topic: "Body of a GET", api: "parsed", route: "discarded",
			here:   "As there: `reqres` reads it, `fetch` has none (Fetch Standard).",
			equal:  "an `http.Handler` with `FromHTTP`, in either shape",
			probe:  probe{h: read, config: noTag, request: "GET /x\n\nbody"},
			equals: &probe{h: served.Twins{ReqRes: reqres.FromHTTP(http.HandlerFunc(echoHTTP)), Fetch: fetch.FromHTTP(http.HandlerFunc(echoHTTP))}, request: "GET /x\n\nbody"},
		},
		{
			topic: "Charset of a body", api: "honoured", route: "always UTF-8",
			here:  "Equal: Text and JSON are UTF-8. Body of `reqres` honours UTF-16 and Latin-1.",
			probe: probe{h: read, config: noTag, request: "POST /x\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9"},
		},
		{
			topic: "Fields of a form", api: "an object", route: "entries in order",
			here:  "Equal: Form has the entries in order. Body of `reqres` makes an object.",
			probe: probe{h: answering(entriesOf), config: noTag, request: "POST /x\nContent-Type: application/x-www-form-urlencoded\n\na=1&b=x+y&a=%zz"},
		},
		{
			topic: "Multipart", api: "raw text", route: "parsed",
			here: "Equal: parsed by Form, or one by one by Parts.",
			probe: probe{h: answering(entriesOf), config: noTag, request: "POST /x\nContent-Type: multipart/form-data; boundary=B\n\n" +
				"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\nfile\r\n--B--\r\n"},
		},
		{
			topic: "Query and path parameters", api: "merged, the path wins", route: "apart",
			here: "Equal: Query and Param are apart. QueryObject of `reqres` merges them with the Flavor NextJS.",
			probe: probe{config: noTag, pattern: "/item/[id]", request: "GET /item/7?id=9&x=1",
				h: answering(func(req served.Request) (string, error) { return req.Param("id") + " " + req.Query("id"), nil })},
		},
		{
			topic: "URL that is seen", api: "path and query, written anew", route: "absolute, the server's own host, written anew",
			here:  "Equal: absolute, with the Host that was asked for (or that a trusted proxy reports), the query as it was sent.",
			probe: probe{config: noTag, request: "GET /x?a=1&b=%20x&a=2", h: answering(func(req served.Request) (string, error) { return req.URL().String(), nil })},
		},
		{
			topic: "Path parameters", api: "in req.query", route: "a Promise",
			here: "Equal: Param and Params, decoded segment by segment.",
			probe: probe{config: noTag, pattern: "/files/[...path]", request: "GET /files/a%2Fb/c",
				h: answering(func(req served.Request) (string, error) {
					return fmt.Sprintf("%q %q", req.Param("path"), req.Params("path")), nil
				})},
		},
		{
			topic: "Cookies of one name", api: "the first wins, quotes go", route: "the last wins, quotes stay",
			here: "Equal: the first wins, quotes go.",
			probe: probe{config: noTag, request: "GET /x\nCookie: a=1; b=\"q\"; a=2",
				h: answering(func(req served.Request) (string, error) {
					a, _ := req.Cookie("a")
					b, _ := req.Cookie("b")
					return a + " " + b, nil
				})},
		},
		{
			topic: "Setting cookies", api: "raw lines", route: "cookies().set, one line a name",
			here: "Equal: the same options make the same line; nothing is replaced.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
					return res.Cookie("a", "x y", reqres.CookieOptions{Path: "/", HTTPOnly: true}).Cookie("a", "2", reqres.CookieOptions{}).Status(204).End()
				},
				Fetch: func(*fetch.Request) (*fetch.Response, error) {
					return fetch.NoContent(fetch.SetCookie("a", "x y", fetch.CookieOptions{Path: "/", HTTPOnly: true}), fetch.SetCookie("a", "2", fetch.CookieOptions{}))
				},
			}},
		},
		{
			topic: "Repeated headers of an answer", api: "lines", route: "joined",
			here: "Equal: lines.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
					return res.Append("X-Multi", "1", "2").Status(204).End()
				},
				Fetch: func(*fetch.Request) (*fetch.Response, error) {
					return fetch.NoContent(fetch.AddHeader("X-Multi", "1"), fetch.AddHeader("X-Multi", "2"))
				},
			}},
		},
		{
			topic: "Header that something around it has set too", api: "the handler wins", route: "the configuration wins",
			here: "Equal: the handler wins.",
			probe: probe{
				use: func(next http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("X-Own", "middleware")
						next.ServeHTTP(w, r)
					})
				},
				h: served.Twins{
					ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
						return res.Set("X-Own", "handler").Status(204).End()
					},
					Fetch: func(*fetch.Request) (*fetch.Response, error) {
						return fetch.NoContent(fetch.SetHeader("X-Own", "handler"))
					},
				},
			},
		},
		{
			topic: "Methods", api: "all that Node knows", route: "seven; others 400, TRACE 500",
			here:  "Equal: any method that a route is registered for.",
			probe: probe{config: noTag, methods: []string{"PROPFIND"}, request: "PROPFIND /x", h: answering(func(req served.Request) (string, error) { return req.Method(), nil })},
		},
		{
			topic: "HEAD", api: "the handler runs, with Content-Length", route: "made from GET, no Content-Length",
			here:  "Equal: made from GET, with Content-Length.",
			probe: probe{config: noTag, h: ok, request: "HEAD /x"},
		},
		{
			topic: "OPTIONS", api: "the handler runs", route: "204 and Allow, no CORS headers",
			here:  "Equal: 204 and Allow, of the routes of both shapes; preflights are answered by the CORS policy.",
			probe: probe{h: ok, request: "OPTIONS /x"},
		},
		{
			topic: "Wrong method", api: "the handler's business", route: "405 without Allow",
			here:  "Equal: 405 with Allow. Any registers a handler for every method.",
			probe: probe{h: ok, request: "DELETE /x"},
		},
		{
			topic: "Status codes", api: "100 to 999", route: "200 to 599; 204, 205 and 304 refuse a body",
			here:   "As there: `reqres` takes 100 to 999 and drops a body that the status has not; `fetch` takes 200 to 599 and refuses the rest, which is a 500.",
			equal:  "a status from 200 to 599",
			probe:  probe{config: noTag, h: status(700)},
			equals: &probe{config: noTag, h: status(599)},
		},
		{
			topic: "Caching", api: "never", route: "on request",
			here: "Equal: never; the handler runs for each request.",
			probe: probe{config: noTag, times: 2, h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
					return res.Set("Content-Type", "text/plain; charset=utf-8").Send(strconv.FormatInt(1+(calls[0].Add(1)-1)%2, 10))
				},
				Fetch: func(*fetch.Request) (*fetch.Response, error) {
					return fetch.Text(strconv.FormatInt(1+(calls[1].Add(1)-1)%2, 10), fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"))
				},
			}},
		},
		{
			topic: "Large body behind middleware", api: "cut at 10 MB, with 200", route: "cut at 10 MB, with 200",
			here: "Equal: whole, or 413; never cut.",
			probe: probe{config: noTag, use: served.PassHTTP, request: "POST /x\n\n" + strings.Repeat("x", 12<<20),
				h: answering(func(req served.Request) (string, error) {
					n, err := io.Copy(io.Discard, req.Reader())
					return strconv.FormatInt(n, 10), err
				})},
		},
		{
			topic: "Compression", api: "from 1 KB on", route: "always",
			here:  "Equal: none; it is middleware's or a proxy's.",
			probe: probe{config: noTag, h: ok, request: "GET /x\nAccept-Encoding: gzip"},
		},
		{
			topic: "Address of the client", api: "`req.socket.remoteAddress`", route: "none",
			here:  "Equal: `req.IP()`, the nearest address that is not a trusted proxy's.",
			probe: probe{config: noTag, h: answering(func(req served.Request) (string, error) { return req.IP(), nil })},
		},
		{
			topic: "Headers that nobody has set", api: "`Vary: Accept-Encoding`", route: "and four names more in Vary",
			here: "Equal: none.",
			probe: probe{h: served.Twins{
				ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Status(204).End() },
				Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() },
			}},
		},
		{
			topic: "Reading a body twice", api: "`req.body` stays", route: "throws",
			here:  "As there: `reqres` keeps the bytes, `fetch` returns ErrBodyUsed (Fetch Standard).",
			equal: "`req.Buffer()`",
			probe: probe{config: noTag, h: answering(twice), request: "POST /x\n\nbody"},
			equals: &probe{config: noTag, request: "POST /x\n\nbody", h: served.Twins{ReqRes: answering(twice).ReqRes, Fetch: func(req *fetch.Request) (*fetch.Response, error) {
				if err := req.Buffer(); err != nil {
					return nil, err
				}
				return answering(twice).Fetch(req)
			}}},
		},
	}
}

var update = flag.Bool("update", false, "rewrite adapt/DIFFERENCES.md")

func TestDifferences(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("# What changes when a handler moves\n\nGenerated by `go test ./internal/promises/differences -update`. For each behaviour that changes silently when a handler moves from\n" +
		"API Routes to Route Handlers of Next.js: what `reqres` and `fetch` do. Each row is a test that runs one endpoint in both shapes,\n" +
		"natively and through `ToFetch` and `ToReqRes`, by default and with `adapt.Standard`, and compares whole answers. The answers are\n" +
		"below, without Date and Connection.\n\n" +
		"| # | behaviour | API Routes | Route Handlers | here | with adapt.Standard | made equal by |\n|--:|---|---|---|---|---|---|\n")
	rows := differences()
	for i, d := range rows {
		fmt.Fprintf(&doc, "| %d | %s | %s | %s | %s | %s | %s |\n", i+1, d.topic, d.api, d.route, d.here, d.std, d.equal)
	}
	fmt.Fprintf(&doc, "| %d | Client gone | `close` of req and res | `request.signal` | Equal: the context ends with the cause ErrClientGone. | | |\n", len(rows)+1)
	doc.WriteString("\nA shadow runs without the chain around its route. A header that the old handler sets itself, and that middleware or a head hook\n" +
		"would also give to the new one, is therefore reported as missing until the new side serves, but for the tag of `fetch.ETag`. Take\n" +
		"the line from the old handler: then the chain gives it to both (`TestD5WhatTheChainGivesBothSides` in\n" +
		"`internal/promises/migrations`).\n")
	for i, d := range rows {
		t.Run(d.topic, func(t *testing.T) {
			got := d.probe.answers(t)
			request := d.probe.request
			if request == "" {
				request = "GET /x"
			}
			if len(request) > 400 {
				request = request[:20] + "…"
			}
			fmt.Fprintf(&doc, "\n## %d. %s\n\n    %s\n", i+1, d.topic, indent(request))
			standard := d.probe
			standard.config.Answers = adapt.Standard
			std := standard.answers(t)
			if changes := std != got; changes != (d.std != "") {
				t.Errorf("Standard changes the answers: %v, and the row says %q (-default +Standard):\n%s", changes, d.std, cmp.Diff(got, std))
			}
			defer func() {
				for i, shape := range []string{"reqres", "fetch"} {
					if std[i] != got[i] {
						fmt.Fprintf(&doc, "\n`%s`, with adapt.Standard:\n\n    %s\n", shape, indent(std[i]))
					}
				}
			}()
			if d.equals == nil {
				if diff := cmp.Diff(got[0], got[1]); diff != "" {
					t.Errorf("the shapes differ (-reqres +fetch):\n%s", diff)
				}
				fmt.Fprintf(&doc, "\nBoth:\n\n    %s\n", indent(got[0]))
				return
			}
			if got[0] == got[1] {
				t.Errorf("the shapes are equal without %s: the row is out of date\n%s", d.equal, got[0])
			}
			same := d.equals.answers(t)
			if diff := cmp.Diff(same[0], same[1]); diff != "" {
				t.Errorf("the shapes differ with %s (-reqres +fetch):\n%s", d.equal, diff)
			}
			fmt.Fprintf(&doc, "\n`reqres`:\n\n    %s\n\n`fetch`:\n\n    %s\n\nBoth, with %s:\n\n    %s\n", indent(got[0]), indent(got[1]), d.equal, indent(same[0]))
		})
	}
	if t.Failed() || strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		return // not all rows were run
	}
	const file = "../../../adapt/DIFFERENCES.md"
	got, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	switch {
	case string(got) == doc.String():
	case *update:
		if err := os.WriteFile(file, []byte(doc.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale; run go test ./internal/promises/differences -update (-want +got):\n%s", file, cmp.Diff(doc.String(), string(got)))
	}
}

// indent makes the lines of s a block of code.
func indent(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r", ""), "\uFFFD")
	lines := strings.Split(s, "\n")
	for i := range lines[1:] {
		if lines[i+1] != "" {
			lines[i+1] = "    " + lines[i+1]
		}
	}
	return strings.Join(lines, "\n")
}

// The client's leaving ends the context with one cause in both shapes: the row whose answer nobody
// reads.
func TestDifferences_clientGone(t *testing.T) {
	causes := make(chan error, 1)
	wait := func(ctx context.Context) error {
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return ctx.Err()
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, _ *reqres.Response) error { return wait(req.Context()) },
		Fetch:  func(req *fetch.Request) (*fetch.Response, error) { return nil, wait(req.Context()) },
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { way.register(r, "GET", "/x", h) })
			s := served.Serve(t, mux, false)
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n")
			conn.Close()
			if cause := <-causes; !errors.Is(cause, fetch.ErrClientGone) {
				t.Errorf("the cause is %v, want ErrClientGone", cause)
			}
		})
	}
}

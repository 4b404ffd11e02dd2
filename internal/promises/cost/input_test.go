package cost_test

// What a client sends costs what it measures: nothing that reads it takes more than linear time or
// memory.

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// pieces are what a hostile header, query or path is made of.
var pieces = []string{
	"a,", ",", ";", "=", "a=b;", "a=b&", "a;q=0.1,", "*/*,", "text/html;a=b;", `"`, `\"`, `"a,`, `W/"a",`, "%", "%41", "%ff", " ", "\t", "é",
	"0-1,", "bytes=0-", "en-US,", "[a]", "..", "a.", ":", "(", "<", "s:a.", "j:{",
}

// headers are those that accessors, conditions and policies read.
var headers = []string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "If-None-Match", "If-Modified-Since", "If-Match",
	"If-Range", "Range", "Cache-Control", "Connection", "Origin", "Access-Control-Request-Headers", "X-Forwarded-For", "X-Forwarded-Host",
	"X-Forwarded-Proto", "X-Requested-With", "Content-Encoding",
}

func service(t *testing.T) http.Handler {
	policy, err := cors.New(cors.Config{Origins: []string{"https://*.example.com"}, RequestHeaders: []string{"X-A", "X-B"}})
	if err != nil {
		t.Fatal(err)
	}
	mux := served.NewMux(t, adapt.Config{
		CORS: policy, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")},
		ReqRes: reqres.Settings{CookieSecrets: []string{"s"}},
		Limits: crossfade.Limits{Body: -1, Form: -1, Parts: -1, FormMemory: -1, PartHeader: -1},
	}, func(r *adapt.Routes) {
		r.ReqRes.Any("/reqres/[[...rest]]", readsAll)
		r.Fetch.With(fetch.ETag).Any("/fetch/[[...rest]]", func(req *fetch.Request) (*fetch.Response, error) {
			shared(req)
			req.Buffer()
			req.Form()
			req.JSON(new(any))
			for part, err := range req.Parts() {
				if err == nil {
					io.Copy(io.Discard, part)
				}
			}
			return fetch.Text("x", fetch.SetHeader("ETag", `"x"`))
		})
	})
	return mux
}

// shared reads what both requests have.
func shared(req served.Request) {
	req.Path()
	req.URL()
	req.Param("rest")
	req.Params("rest")
	req.Query("b")
	req.QueryValues("a")
	for _, name := range headers {
		req.Header(name)
		req.HeaderValues(name)
	}
	req.Cookie("b")
}

func readsAll(req *reqres.Request, res *reqres.Response) error {
	shared(req)
	req.QueryObject()
	req.QueryParams()
	for range req.Cookies() {
	}
	req.SignedCookie("a")
	req.CookieJSON("a", new(any))
	req.Accepts("html", "json", "text/*", "image/png")
	req.AcceptsCharsets("utf-8", "latin1")
	req.AcceptsEncodings("gzip", "br")
	req.AcceptsLanguages("de", "en")
	for _, name := range []string{"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language"} {
		req.Accepted(name)
	}
	req.Is("json", "multipart/*", "+json")
	req.Fresh()
	req.Range(1000, true)
	req.IPs()
	req.Hostname()
	req.Subdomains()
	req.Secure()
	req.XHR()
	req.Headers()
	req.Body()
	req.Form()
	req.JSON(new(any))
	return res.Set("ETag", `"x"`).Vary("Accept").Send("x")
}

func serve(h http.Handler, r *http.Request) { h.ServeHTTP(httptest.NewRecorder(), r) }

func TestA17Headers(t *testing.T) {
	h := service(t)
	for _, name := range headers {
		t.Run(name, func(t *testing.T) {
			for _, piece := range pieces {
				for _, target := range []string{"/reqres/", "/fetch/"} {
					for _, method := range []string{"GET", "OPTIONS"} {
						linear.Check(t, 1000, func(n int) func() {
							return func() {
								r := httptest.NewRequest(method, target, nil)
								r.Header.Set("Origin", "https://a.example.com")
								r.Header.Set("Access-Control-Request-Method", "GET")
								value := strings.Repeat(piece, n)
								if name == "Range" {
									value = "bytes=" + value
								}
								r.Header.Set(name, value)
								serve(h, r)
							}
						})
						if t.Failed() {
							t.Fatalf("%s of many %q, %s %s", name, piece, method, target)
						}
					}
				}
			}
		})
	}
}

// The same as so many lines of one header.
func TestA17HeaderLines(t *testing.T) {
	h := service(t)
	for _, name := range headers {
		for _, piece := range []string{"a", "a=b", "a,b", `"a"`} {
			linear.Check(t, 1000, func(n int) func() {
				return func() {
					r := httptest.NewRequest("GET", "/reqres/", nil)
					for range n {
						r.Header.Add(name, piece)
					}
					serve(h, r)
				}
			})
			if t.Failed() {
				t.Fatalf("many lines of %s: %s", name, piece)
			}
		}
	}
}

func TestA17PathsAndQueries(t *testing.T) {
	h := service(t)
	for _, piece := range append(pieces, "/", "a/", "../", "./", "a/../", "%2e%2e/", "%2F", "%5C", "//", `a\`) {
		for _, target := range []string{"/reqres/", "/fetch/", "/missing/"} {
			for _, before := range []string{"", "?"} {
				linear.Check(t, 1000, func(n int) func() {
					r := httptest.NewRequest("GET", target, nil)
					if before == "" {
						r.URL.Path, r.URL.RawPath = target+strings.Repeat(piece, n), ""
					} else {
						r.URL.RawQuery = strings.Repeat(piece, n)
					}
					return func() { serve(h, r.Clone(r.Context())) }
				})
				if t.Failed() {
					t.Fatalf("%s%s and many %q", target, before, piece)
				}
			}
		}
	}
}

func TestA17Bodies(t *testing.T) {
	h := service(t)
	for name, tt := range map[string]struct {
		contentType string
		body        func(n int) string
	}{
		"deep lists":      {"application/json", func(n int) string { return strings.Repeat("[", n) }},
		"deep and closed": {"application/json", func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }},
		"deep objects":    {"application/json", func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }},
		"wide list":       {"application/json", func(n int) string { return "[0" + strings.Repeat(",0", n) + "]" }},
		"wide object":     {"application/json", func(n int) string { return `{"a":0` + strings.Repeat(`,"a":0`, n) + "}" }},
		"open list":       {"application/json", func(n int) string { return "[" + strings.Repeat("0,", n) }},
		"long number":     {"application/json", func(n int) string { return strings.Repeat("1", n) }},
		"escapes":         {"application/json", func(n int) string { return `"` + strings.Repeat(`\ud800`, n) + `"` }},
		"no UTF-8":        {"application/json", func(n int) string { return `"` + strings.Repeat("\xff", n) + `"` }},
		"lines":           {"application/json", func(n int) string { return strings.Repeat("\n", n) + "x" }},
		"pairs":           {"application/x-www-form-urlencoded", func(n int) string { return strings.Repeat("a=1&", n) }},
		"brackets":        {"application/x-www-form-urlencoded", func(n int) string { return strings.Repeat("a[b][]=1&", n) }},
		"parts": {"multipart/form-data; boundary=b", func(n int) string {
			return strings.Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n", n) + "--b--"
		}},
		"files": {"multipart/form-data; boundary=b", func(n int) string {
			return strings.Repeat("--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nx\r\n", n) + "--b--"
		}},
		"fields of a part": {"multipart/form-data; boundary=b", func(n int) string { return "--b\r\n" + strings.Repeat("X: y\r\n", n) + "\r\nx\r\n--b--" }},
		"line breaks":      {"multipart/form-data; boundary=b", func(n int) string { return strings.Repeat("\r\n", n) }},
		"text":             {"text/plain; charset=utf-16", func(n int) string { return strings.Repeat("\xd8\x00", n) }},
	} {
		for _, target := range []string{"/reqres/", "/fetch/"} {
			linear.Check(t, 1500, func(n int) func() {
				body := tt.body(n)
				return func() {
					r := httptest.NewRequest("POST", target, strings.NewReader(body))
					r.Header.Set("Content-Type", tt.contentType)
					serve(h, r)
				}
			})
			if t.Failed() {
				t.Fatalf("%s to %s", name, target)
			}
		}
	}
}

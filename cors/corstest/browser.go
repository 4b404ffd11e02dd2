// Package corstest models the browser's side of the CORS protocol, as the Fetch Standard
// (https://fetch.spec.whatwg.org) has it, so that a test can ask what a policy is for: may
// https://app.example send PUT /users/7 with a JSON body and cookies? The answer is yes, or what
// the console of a browser would say.
//
//	browser := corstest.Browser{Origin: "https://app.example"}
//	verdict := browser.May(server, corstest.Request{
//		Method:      "PUT",
//		URL:         "https://api.example/users/7",
//		Header:      http.Header{"Content-Type": {"application/json"}},
//		Credentials: true,
//	})
//	if !verdict.OK {
//		t.Error(verdict.Console)
//	}
//
// The model covers requests in mode "cors", which is what fetch and XMLHttpRequest make:
// preflights, redirects, credentials and the headers that a script may read. It has no cache of
// preflights and no network: the server is an [http.Handler] that is called, so it has to return,
// and what intermediaries do to headers does not happen. A page that is not allowed to read a
// response may still have sent the request; [Verdict.Sent] tells.
//
// The sentences are those of Chromium 156, which was asked: the tests of this package make some
// sixty requests in a real one, where CROSSFADE_CHROMIUM names it, and compare what its servers
// see, what its scripts get and what its console says. The model is stricter in one point: to
// Chromium, "*" in Access-Control-Allow-Headers still covers Authorization, which the standard and
// other browsers refuse.
package corstest

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// Browser is a page in a browser. It holds no state and may be used from any goroutine.
type Browser struct {
	// Origin is the page's origin as scripts see it in location.origin: "https://app.example", or
	// "null" for a sandboxed frame.
	Origin string
}

// Request is what a script asks for.
type Request struct {
	Method string // "" means GET
	URL    string // relative URLs are resolved against https://server.test/
	// Header holds what the script sets. Names that scripts cannot set are ignored, as browsers do;
	// Cookie stands for the cookies that the browser has for the URL, and is sent only with
	// Credentials or to the same origin.
	Header http.Header
	Body   string // "" is none
	// Credentials is fetch's credentials: "include", or withCredentials of XMLHttpRequest.
	Credentials bool
	// Upload marks a request that is preflighted whatever its method and headers: an XMLHttpRequest
	// with a listener on its upload object, or a fetch with a ReadableStream as body.
	Upload bool
}

// Verdict is what came of a request.
type Verdict struct {
	OK        bool   // the script gets the response
	Console   string // what the console says if it does not
	Preflight bool   // a preflight was sent
	Sent      bool   // the request itself reached the server, whether or not the script may know the outcome

	Status int         // of the response that the script gets
	Header http.Header // those headers of it that the script can read
	Body   []byte      // what the script can read
}

const (
	maxRedirects = 20
	base         = "https://server.test/"
)

// What fails in the network stack of Chromium, before it comes to CORS. Its console has the request
// beside it.
const (
	netError         = "Failed to load resource: net::"
	tooManyRedirects = netError + "ERR_TOO_MANY_REDIRECTS"
	invalidRedirect  = netError + "ERR_INVALID_REDIRECT"
	unsafeRedirect   = netError + "ERR_UNSAFE_REDIRECT"
)

// May sends what b would send for req to the server, and judges the answers. The server is asked
// for every hop of a redirect, whatever its host.
func (b Browser) May(server http.Handler, req Request) Verdict {
	f, problem := b.start(req)
	if problem != "" {
		return Verdict{Console: problem}
	}
	f.server = server
	for range maxRedirects + 1 {
		res, problem := f.hop()
		if problem != "" {
			return f.blocked(problem)
		}
		redirected, problem := f.follow(res)
		if problem != "" {
			return f.blocked(problem)
		}
		if !redirected {
			return f.deliver(res)
		}
	}
	return f.blocked(tooManyRedirects)
}

// Preflight returns the preflight that b sends before req, or false if req needs none.
func (b Browser) Preflight(req Request) (*http.Request, bool) {
	f, problem := b.start(req)
	if problem != "" || !f.crossOrigin() || !f.needsPreflight() {
		return nil, false
	}
	return f.preflightRequest(), true
}

// fetch is the state of one request: the concept "request" of the standard, reduced to mode "cors".
type fetch struct {
	server  http.Handler
	page    string // origin of the page
	first   *url.URL
	url     *url.URL
	method  string
	header  http.Header
	cookie  []string
	body    string
	include bool
	upload  bool
	cors    bool // response tainting "cors": once across origins, always
	tainted bool // redirect-tainted origin
	verdict Verdict
}

func (b Browser) start(req Request) (f *fetch, problem string) {
	if b.Origin == "" {
		return nil, "corstest: Browser.Origin is empty"
	}
	ref, err := weburl.Read(req.URL)
	if err != nil {
		return nil, "corstest: Request.URL: " + err.Error()
	}
	home, _ := url.Parse(base)
	target := home.ResolveReference(ref)
	method := header.NormalMethod(cmp.Or(req.Method, "GET"))
	if !header.ValidName(method) {
		return nil, fmt.Sprintf("Failed to execute 'fetch' on 'Window': '%s' is not a valid HTTP method.", req.Method)
	}
	if header.ForbiddenMethod(method) {
		return nil, fmt.Sprintf("Failed to execute 'fetch' on 'Window': '%s' HTTP method is unsupported.", req.Method)
	}
	f = &fetch{
		page: b.Origin, first: target, url: target,
		method: method, header: make(http.Header), cookie: req.Header["Cookie"], body: req.Body,
		include: req.Credentials, upload: req.Upload,
	}
	for name, values := range req.Header {
		for _, value := range values {
			if !forbidden(name, value) {
				f.header.Add(name, strings.Trim(value, whitespace))
			}
		}
	}
	return f, ""
}

// crossOrigin is the part of "main fetch" that decides between the same origin and the CORS
// protocol.
func (f *fetch) crossOrigin() bool {
	f.cors = f.cors || f.tainted || originOf(f.url) != f.page
	return f.cors
}

// hop sends the request to its current URL, with a preflight if it needs one ("HTTP fetch").
func (f *fetch) hop() (res *http.Response, problem string) {
	if f.crossOrigin() && f.needsPreflight() {
		f.verdict.Preflight = true
		if problem := f.checkPreflight(f.send(f.preflightRequest())); problem != "" {
			return nil, problem
		}
	}
	res = f.send(f.request())
	f.verdict.Sent = true
	if f.cors {
		problem = f.corsCheck(res.Header)
	}
	return res, problem
}

func (f *fetch) send(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	f.server.ServeHTTP(w, r)
	return w.Result()
}

func (f *fetch) request() *http.Request {
	r := httptest.NewRequest("GET", f.url.String(), strings.NewReader(f.body))
	r.Method = f.method // NewRequest refuses methods that a browser may send
	r.Header = f.header.Clone()
	// Origin goes along across origins, and with everything but GET and HEAD ("append a request
	// Origin header").
	if f.cors || f.method != "GET" && f.method != "HEAD" {
		r.Header.Set("Origin", f.origin())
	}
	if f.cookie != nil && (f.include || !f.cors) {
		r.Header["Cookie"] = f.cookie
	}
	return r
}

// origin is "serializing a request origin".
func (f *fetch) origin() string {
	if f.tainted {
		return "null"
	}
	return f.page
}

// follow is "HTTP-redirect fetch". It reports whether there is another hop.
func (f *fetch) follow(res *http.Response) (redirected bool, problem string) {
	location := res.Header.Get("Location")
	if location == "" || !status.Redirect(res.StatusCode) {
		return false, ""
	}
	next, err := f.url.Parse(location)
	switch {
	case err != nil:
		return false, invalidRedirect
	case next.Scheme != "http" && next.Scheme != "https":
		return false, unsafeRedirect
	}
	from, to := originOf(f.url), originOf(next)
	if next.User != nil && (f.cors || to != f.page) {
		// The quotes are empty in Chromium: its console shows no user names.
		return false, "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
	}
	if res.StatusCode <= 302 && f.method == "POST" || res.StatusCode == 303 && f.method != "GET" && f.method != "HEAD" {
		f.method, f.body = "GET", ""
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
			f.header.Del(name)
		}
	}
	if from != to {
		f.header.Del("Authorization")
		f.tainted = f.tainted || from != f.page
	}
	f.url = next
	return true, ""
}

func (f *fetch) blocked(problem string) Verdict {
	if strings.HasPrefix(problem, netError) {
		f.verdict.Console = problem
		return f.verdict
	}
	at := "'" + f.url.String() + "'"
	if f.url != f.first {
		at += " (redirected from '" + f.first.String() + "')"
	}
	f.verdict.Console = "Access to fetch at " + at + " from origin '" + f.page + "' has been blocked by CORS policy: " + problem
	return f.verdict
}

// deliver makes the filtered response that the script gets.
func (f *fetch) deliver(res *http.Response) Verdict {
	var body bytes.Buffer
	if f.method != "HEAD" {
		_, _ = body.ReadFrom(res.Body) // a recorder's body cannot fail
	}
	f.verdict.OK, f.verdict.Status, f.verdict.Body = true, res.StatusCode, body.Bytes()
	f.verdict.Header = f.readable(res.Header)
	return f.verdict
}

func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}

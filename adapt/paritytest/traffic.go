package paritytest

// Requests of real traffic: which entries of a recording are asked again, and what becomes of the
// others. How a file is read is in har.go, accesslog.go and curl.go.
//
// A recording is input from outside. Each reader holds one entry at a time, at most maxEntry of it,
// and goes on behind an entry that it cannot read.

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

const (
	maxEntry  = 2 << 20 // bytes of a request in a file
	maxLine   = 64 << 10
	maxBody   = 1 << 20 // what both sides collect by default
	mostTaken = 1000    // requests in a test, unless Most says otherwise
	maxTold   = 20      // lines about entries that were left out
)

// Traffic says which requests of a recording are asked again. The zero value takes the safe ones,
// to whatever host and endpoint. It is a value, and safe for use by several goroutines.
type Traffic struct {
	// Only are the endpoints to take, such as "GET /accounts/:id" as in r.Migrate; GET takes HEAD
	// too, and ANY or a pattern alone takes all methods. nil: all endpoints.
	Only []string
	// Hosts are the hosts to take: a browser's recording names many. An entry that names none, as
	// in most logs, is taken. nil: all.
	Hosts []string
	// Unsafe takes other methods than GET, HEAD and OPTIONS too. Their effects happen on both
	// sides.
	Unsafe bool
	// IDs are the identifiers of the recording and what they are in the data under test. A segment
	// of a path or a value of a query that is one is replaced. If IDs is not nil, a request with an
	// identifier (see Identifiers) that is not in it is left out, because both sides would only say
	// that they do not know it. nil: all stay as they are.
	IDs map[string]string
	// Edit makes the request that is asked, such as one with the credentials of a test user:
	// recordings are seldom exported with theirs. A result of nil leaves the request out. nil: as
	// recorded.
	Edit func(*fetch.Request) *fetch.Request
	// Most is how many requests are taken. 0: 1000 by HAR, AccessLog and Curl, all by Read.
	Most int
}

// HAR returns the requests in a file of the HTTP Archive format 1.2, as browsers, proxies and API
// clients export it. A body that is not in the file makes its entry unreadable. Entries that were
// left out are logged; a file that ends early, or of which nothing is left, is an error of t.
//
// From all readers, requests go without what belongs to the connection that they came on, without
// Host and without Accept-Encoding, so that answers can be compared as they are meant.
func HAR(t testing.TB, file string, traffic Traffic) []*fetch.Request {
	t.Helper()
	return traffic.load(t, file, "har")
}

// AccessLog returns the requests in the access log of a server, which has neither headers nor
// bodies but for what its format names. The format is "combined" (Apache, nginx, Traefik), "json"
// (an object a line with nginx's names of variables, escape=json: request, or request_method and
// request_uri; host; http_accept and other http_…; or with those of Caddy, Traefik or Envoy), or a
// regular expression with groups that are named request ("GET /x HTTP/1.1"), or method and target,
// and perhaps host, referer, user_agent, and http_… for other headers. See HAR for the rest.
func AccessLog(t testing.TB, file, format string, traffic Traffic) []*fetch.Request {
	t.Helper()
	return traffic.load(t, file, format)
}

// Curl returns the requests of a file of curl commands, one after the other, as browsers copy them
// and as a failed test prints them. An option that changes the request in a way that is not known
// here, and what a shell or curl would have to fill in, makes a command unreadable. See HAR for the
// rest.
func Curl(t testing.TB, file string, traffic Traffic) []*fetch.Request {
	t.Helper()
	return traffic.load(t, file, "curl")
}

// EntryError says why an entry of a recording is not among its requests.
type EntryError struct {
	Line    int   // in which the entry begins, from 1
	Entry   int   // of a HAR, whose lines may be long: the number of the entry, from 1
	Skipped bool  // it was left out because Traffic says so; else it cannot be read
	Err     error // why
}

// Error names the line.
func (e *EntryError) Error() string {
	if e.Entry > 0 {
		return fmt.Sprintf("line %d, entry %d: %v", e.Line, e.Entry, e.Err)
	}
	return fmt.Sprintf("line %d: %v", e.Line, e.Err)
}

// Unwrap returns Err.
func (e *EntryError) Unwrap() error { return e.Err }

// Read reads a recording as it arrives: "har", "curl", or a format of AccessLog. With each request
// that is taken the error is nil. An entry that is not taken is an *EntryError, after which reading
// goes on. Any other error is the last: a mistake in the Traffic or the format, or a file that does
// not go on as it should.
func (c Traffic) Read(r io.Reader, format string) iter.Seq2[*fetch.Request, error] {
	return func(yield func(*fetch.Request, error) bool) {
		only, err := c.endpoints()
		read := map[string]reader{"har": readHAR, "curl": readCurl, "combined": readLines(combined), "json": readLines(jsonLine)}[format]
		if read == nil && err == nil {
			var parse lineParser
			parse, err = expression(format)
			read = readLines(parse)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		taken, more := 0, true
		err = read(r, func(e entry) bool {
			req, err := c.request(e, only)
			if err == nil {
				taken++
			}
			more = yield(req, err) && (c.Most <= 0 || taken < c.Most)
			return more
		})
		if err != nil && more {
			yield(nil, err)
		}
	}
}

// entry is one request as a recording has it, or what is wrong with it.
type entry struct {
	line, n     int // n counts the entries of a HAR
	method, url string
	header      [][2]string
	body        []byte
	err         error
}

// reader reads entries until found returns false. The error is the end of all reading.
type reader func(r io.Reader, found func(entry) bool) error

// endpoint is one of Traffic.Only.
type endpoint struct {
	method  string
	pattern pattern.Pattern
}

func (c Traffic) endpoints() (list []endpoint, err error) {
	for _, text := range c.Only {
		method, path, both := strings.Cut(text, " ")
		if !both {
			method, path = "ANY", text
		}
		p, e := pattern.Parse(strings.TrimSpace(path))
		if e != nil {
			err = errors.Join(err, fmt.Errorf("paritytest: Traffic.Only: %q is not a method and a pattern, such as \"GET /accounts/:id\": %w", text, e))
		}
		list = append(list, endpoint{method, p})
	}
	return list, err
}

func (e endpoint) takes(method, path string) bool {
	_, ok := e.pattern.Match(path)
	return ok && (e.method == "ANY" || e.method == method || e.method == http.MethodGet && method == http.MethodHead)
}

// request makes the request of an entry. Its error is an *EntryError.
func (c Traffic) request(e entry, only []endpoint) (*fetch.Request, error) {
	skip := func(format string, args ...any) (*fetch.Request, error) {
		return nil, &EntryError{e.line, e.n, true, fmt.Errorf(format, args...)}
	}
	unreadable := func(err error) (*fetch.Request, error) { return nil, &EntryError{e.line, e.n, false, err} }
	if e.err != nil {
		return unreadable(e.err)
	}
	if scheme, _, ok := strings.Cut(e.url, ":"); ok && slices.Contains([]string{"ws", "wss", "data", "blob", "about", "chrome-extension", "moz-extension"}, scheme) {
		return skip("%s: is not a request of HTTP", scheme)
	}
	if !utf8.ValidString(e.url) {
		return unreadable(errors.New("its URL is not UTF-8"))
	}
	opts, upgrade := e.options()
	if upgrade {
		return skip("it asks for another protocol")
	}
	if len(e.body) > 0 {
		opts = append(opts, fetch.Body(e.body))
	}
	req := fetch.NewRequest(e.method, e.url, opts...)
	if err := req.Err(); err != nil {
		return unreadable(err)
	}
	if len(e.body) > maxBody {
		return unreadable(fmt.Errorf("its body is longer than %d bytes", maxBody))
	}
	u, method := req.URL(), req.Method()
	if len(c.Hosts) > 0 && u.Host != "" && !slices.ContainsFunc(c.Hosts, func(h string) bool {
		return strings.EqualFold(h, u.Host) || strings.EqualFold(h, u.Hostname())
	}) {
		return skip("the host %q is not among Hosts", u.Host)
	}
	if path, _ := pathname.Normalize(u); len(only) > 0 && !slices.ContainsFunc(only, func(o endpoint) bool { return o.takes(method, path) }) {
		return skip("%s %s is not an endpoint of Only", method, path)
	}
	if safe := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions; !safe && !c.Unsafe {
		return skip("%s is not a safe method", method)
	}
	var unknown []string
	replaceIdentifiers(u, func(value string, is bool) string {
		to, ok := c.IDs[value]
		switch {
		case ok:
			return to
		case is && c.IDs != nil:
			unknown = append(unknown, value)
		}
		return value
	})
	if unknown != nil {
		return skip("IDs does not say what %q is in the data under test", unknown)
	}
	// The host of the recording is not the host that is asked.
	if req = fetch.NewRequest(method, u.RequestURI(), opts...); c.Edit != nil {
		if req = c.Edit(req); req == nil {
			return skip("Edit leaves it out")
		}
	}
	if err := req.Err(); err != nil {
		return unreadable(err)
	}
	return req, nil
}

// dropped are the headers that belong to the connection, and what makes answers hard to compare.
var dropped = []string{"host", "connection", "proxy-connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect",
	"content-length", "accept-encoding", "http2-settings"}

// options returns the headers of the request.
func (e entry) options() (opts []fetch.RequestOption, upgrade bool) {
	for _, h := range e.header {
		name := strings.ToLower(h[0])
		upgrade = upgrade || name == "upgrade" && strings.EqualFold(h[1], "websocket")
		if !strings.HasPrefix(name, ":") && !slices.Contains(dropped, name) {
			opts = append(opts, fetch.RequestHeader(h[0], h[1]))
		}
	}
	return opts, upgrade
}

// load is Read for a test.
func (c Traffic) load(t testing.TB, file, format string) []*fetch.Request {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatalf("paritytest: %v", err)
		return nil
	}
	defer f.Close()
	if c.Most == 0 {
		c.Most = mostTaken
	}
	var requests []*fetch.Request
	var skipped, unreadable int
	for req, err := range c.Read(f, format) {
		var e *EntryError
		switch {
		case err == nil:
			requests = append(requests, req)
			continue
		case !errors.As(err, &e):
			t.Errorf("paritytest: %s: %v", file, err)
			continue
		case e.Skipped:
			skipped++
		default:
			unreadable++
		}
		if skipped+unreadable <= maxTold {
			t.Logf("paritytest: %s: left out: %v", file, e)
		}
	}
	t.Logf("paritytest: %s: %d requests, %d left out, %d unreadable", file, len(requests), skipped, unreadable)
	if len(requests) == c.Most {
		t.Logf("paritytest: %s: what follows the first %d requests was not read; see Traffic.Most", file, c.Most)
	}
	if len(requests) == 0 {
		t.Errorf("paritytest: %s: nothing in it can be asked again: %d entries were left out, %d are unreadable", file, skipped, unreadable)
	}
	if c.IDs == nil {
		c.name(t, file, requests)
	}
	return requests
}

// name says which identifiers the requests carry.
func (Traffic) name(t testing.TB, file string, requests []*fetch.Request) {
	t.Helper()
	var all []string
	for _, req := range requests {
		for _, id := range Identifiers(req) {
			if !slices.Contains(all, id) && len(all) < maxTold {
				all = append(all, id)
			}
		}
	}
	if all != nil {
		t.Logf("paritytest: %s: identifiers such as %q are those of the recording; Traffic.IDs says what they are in the data under test", file, all)
	}
}

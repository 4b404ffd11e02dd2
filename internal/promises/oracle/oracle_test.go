// Package oracle holds one promise: whatever stands around a handler, its answer is the same. Each
// idiom of net/http, and of both shapes, is served in each place, over each protocol. What a client
// sees is what it sees of the handler itself in net/http's server; the context of the request ends
// when it does there, and no file is left open, no temporary one behind.
package oracle_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// seen is what a client sees of an answer, and what the handler's context has seen.
type seen struct {
	Informational []string
	Continued     bool // the client was told to go on
	Status        int
	Header        http.Header
	Length        int64 // -1: of none is said
	Body          string
	Trailer       http.Header
	Broken        bool
	Context       string // what is wrong with it; "" where it ends after the handler has returned
}

func ask(c *http.Client, url string, i idiom) (got seen) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		got.Informational = append(got.Informational, fmt.Sprint(code, " ", h.Get("Link")))
		return nil
	}, Got100Continue: func() { got.Continued = true }})
	method := i.method
	if method == "" {
		method = "GET"
	}
	var body io.Reader = strings.NewReader(i.body)
	answered := func() {}
	if i.stalls {
		rest, end := io.Pipe()
		answered = func() { end.Close() }
		defer context.AfterFunc(ctx, answered)()
		body = io.MultiReader(body, rest)
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, body)
	if err != nil {
		panic(err)
	}
	for name, values := range i.header {
		req.Header[name] = values
	}
	if req.Trailer = i.trailer; i.trailer != nil {
		req.ContentLength = -1
	}
	req.Host = "a.test"
	res, err := c.Do(req)
	answered()
	if err != nil {
		got.Broken = true
		return got
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	res.Header.Del("Date")
	got.Status, got.Header, got.Length, got.Body, got.Broken = res.StatusCode, res.Header, res.ContentLength, short(b), err != nil
	if len(res.Trailer) > 0 && !got.Broken {
		got.Trailer = res.Trailer
	}
	return got
}

// short is b, or where that is long its length and a sum of it.
func short(b []byte) string {
	if len(b) <= 200 {
		return string(b)
	}
	return fmt.Sprintf("%d bytes, CRC %x", len(b), crc32.ChecksumIEEE(b))
}

// excuses are the cells that differ, each with the reason: one idiom, its HEAD included, at one
// place. Where the place is *, all places give one answer, which differs from that of the handler
// itself.
var excuses = map[[2]string]string{
	{"a length that is none", "*"}:     "net/http drops such a length when it is too late to count (HTTP/1.1); here it is dropped in time",
	{"an echo", "*"}:                   "net/http cuts off a body that is read on while it answers (golang/go#15527, HTTP/1.1); here it is whole",
	{"a length that is exceeded", "*"}: "of HEAD, net/http guesses a type of bytes that it refuses (HTTP/2)",
	{"a panic", "*"}:                   "net/http cuts the connection; here it is a 500 (RFC 9110, 15.6.1)",

	{"a panic after the head", "behind middleware that reads"}:         "nothing has gone out: it is a 500 (RFC 9110, 15.6.1)",
	{"an error after the head", "behind middleware that reads"}:        "nothing has gone out: it is a 500",
	{"a source that fails", "behind middleware that reads"}:            "nothing has gone out: it is a 500",
	{"events that break off", "behind middleware that reads"}:          "nothing has gone out: it is a 500",
	{"ErrAbortHandler after the head", "behind middleware that reads"}: "of HEAD, no head has gone out when the connection is cut",

	{"declared trailers", "mux.Fetch"}:        "of HEAD, a value has no trailers; HEAD may omit what only the content decides (RFC 9110, 9.3.2)",
	{"trailers before the head", "mux.Fetch"}: "of HEAD, a value has no trailers; HEAD may omit what only the content decides (RFC 9110, 9.3.2)",

	endsEarly: "of HEAD, whoever asks has all of it when the head goes out (RFC 9110, 9.3.2): a handler that goes on is told by its context",
}

// endsEarly is a context that ends before its handler returns; flushing are the idioms whose does.
var (
	endsEarly = [2]string{"HEAD, after a flush", "*"}
	flushing  = []string{"a flush before and after", "a flush alone", "undeclared trailers", "a panic after the head", "ErrAbortHandler after the head",
		"writes and flushes", "an error after the head"}
)

// mayEndEarly reports whether a context may end before its handler or not: net/http ends it some time
// after a deadline of the connection, on HTTP/2 the client may end the stream of a HEAD, and in
// process nobody takes the body of one.
func mayEndEarly(i idiom, p place, protocol string) bool {
	name, head := strings.CutSuffix(i.name, ", HEAD")
	return head && (protocol != "HTTP/1.1" || p.name == "mux.Fetch" || slices.Contains(flushing, name)) ||
		strings.HasSuffix(name, "after its deadline")
}

// excuse returns the cell that excuses an idiom at a place, if there is one.
func excuse(idiom, place string) (cell [2]string, ok bool) {
	name, _ := strings.CutSuffix(idiom, ", HEAD")
	for _, cell := range [...][2]string{{name, place}, {name, "*"}} {
		if _, ok := excuses[cell]; ok {
			return cell, true
		}
	}
	return cell, false
}

// differs is how got, of an idiom at a place, differs from what is wanted.
func differs(want, got seen, i idiom, p place) string {
	switch {
	case want.Broken && got.Broken:
		return "" // of which more or less has arrived
	case p.valued && i.valued != "":
		want = seen{Status: 200, Header: got.Header, Length: got.Length, Body: i.valued}
		if i.name == "hijack" {
			want.Status = http.StatusNotImplemented
		}
		if i.method == http.MethodHead {
			want.Body = ""
		}
	}
	return cmp.Diff(want, got)
}

func TestOneAnswerWhateverIsAround(t *testing.T) {
	behind = httptest.NewServer(http.HandlerFunc(serveBehind))
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		behind.Close()
	})
	if len(excuses) > 12 {
		t.Errorf("%d cells are excused", len(excuses))
	}
	var used sync.Map // what excuses has made good for
	defer func() {
		for cell, why := range excuses {
			if _, ok := used.Load(cell); !ok && !t.Failed() {
				t.Errorf("%q needs no excuse: %s", cell, why)
			}
		}
	}()
	files = makeFiles(t)
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.DiscardHandler)) // of those without a mux
	for kind, corpus := range map[string][]idiom{"net/http": idioms(), "reqres": reqresIdioms(), "fetch": fetchIdioms()} {
		for _, protocol := range full.Size(served.Protocols[:2], served.Protocols) {
			t.Run(kind+" over "+protocol, func(t *testing.T) {
				want, ours := make(map[string]seen), make(map[string]seen)
				for _, p := range places {
					t.Run(p.name, func(t *testing.T) {
						stage := &stage{}
						s := served.ServeOver(t, p.handler(t, stage.subject(kind)), protocol, func(*http.Server) {})
						s.Client().Transport.(*http.Transport).DisableCompression = true
						s.Client().Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
						if c := s.Client().Transport.(*http.Transport).TLSClientConfig; c != nil {
							c.ServerName = "example.com" // whatever Host is asked for
						}
						for _, i := range corpus {
							i.stalls = i.stalls && !p.valued // without a deadline nothing ends the wait
							if i.trailer != nil && p.name == "called as a function" {
								continue // a request that is made by hand has none
							}
							stage.now.Store(&i)
							got := ask(s.Client(), s.URL, i)
							if got.Context = stage.context(); got.Context == early && mayEndEarly(i, p, protocol) {
								used.Store(endsEarly, true)
								got.Context = ""
							}
							if left := files.left(); left != "" {
								t.Errorf("%s leaves %s", i.name, left)
							}
							if p.name == places[0].name {
								want[i.name] = got
								continue
							}
							cell, excused := excuse(i.name, p.name)
							if excused && cell[1] == "*" {
								if first, ok := ours[i.name]; ok {
									want[i.name] = first
								} else {
									ours[i.name] = got
									used.Store(cell, true)
									continue
								}
							}
							switch diff := differs(want[i.name], got, i, p); {
							case diff == "":
							case excused && cell[1] != "*":
								used.Store(cell, true)
							default:
								t.Errorf("%s (-native +here)\n%s", i.name, diff)
							}
						}
					})
				}
			})
		}
	}
}

// stage is where one idiom after the other is played, and their contexts are watched.
type stage struct {
	now atomic.Pointer[idiom]
	run atomic.Pointer[playing] // the last one
}

type playing struct {
	ctx      context.Context
	returned chan struct{}
	early    bool // ctx had ended when the handler returned
}

func (s *stage) watch(ctx context.Context) (returned func()) {
	p := &playing{ctx: ctx, returned: make(chan struct{})}
	s.run.Store(p)
	return func() {
		p.early = ctx.Err() != nil
		close(p.returned)
	}
}

const early = "had ended before the handler"

// context says what is wrong with the context of the last one.
func (s *stage) context() string {
	p := s.run.Load()
	<-p.returned
	select {
	case <-p.ctx.Done():
	case <-time.After(30 * time.Second):
		return "never ends"
	}
	if p.early {
		return early
	}
	return ""
}

// subject is a handler of a kind that plays what is on now.
func (s *stage) subject(kind string) subject {
	switch kind {
	case "reqres":
		return subject{reqres: func(req *reqres.Request, res *reqres.Response) error {
			defer s.watch(req.Context())()
			return s.now.Load().reqres(req, res)
		}}
	case "fetch":
		return subject{fetch: func(req *fetch.Request) (*fetch.Response, error) {
			defer s.watch(req.Context())()
			return s.now.Load().fetch(req)
		}}
	}
	return subject{http: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.watch(r.Context())()
		s.now.Load().h(w, r)
	})}
}

// folder has the files that handlers send, and takes the temporary ones.
type folder struct{ dir, temporary string }

func makeFiles(t *testing.T) folder {
	f := folder{t.TempDir(), t.TempDir()}
	t.Setenv("TMPDIR", f.temporary)
	for name, content := range map[string]string{"page.html": "<html>page", "big.txt": strings.Repeat("0123456789", 2000)} {
		file := filepath.Join(f.dir, name)
		if err := errors.Join(os.WriteFile(file, []byte(content), 0o600), os.Chtimes(file, time.Time{}, time.Unix(1e9, 0))); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// left says what is still there, or open, a while after the answer.
func (f folder) left() (what string) {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		what = ""
		if temporary, _ := os.ReadDir(f.temporary); len(temporary) > 0 {
			what = temporary[0].Name()
		}
		open, _ := os.ReadDir("/proc/self/fd") // where there is none, nothing is known
		for _, fd := range open {
			if name, _ := os.Readlink("/proc/self/fd/" + fd.Name()); strings.HasPrefix(name, f.dir) || strings.HasPrefix(name, f.temporary) {
				what = name + " open"
			}
		}
		if what == "" || time.Now().After(deadline) {
			return what
		}
	}
}

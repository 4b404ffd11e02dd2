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
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	Status        int
	Header        http.Header
	Length        int64 // -1: of none is said
	Body          string
	Trailer       http.Header
	Broken        bool
	Context       string // what is wrong with it; "" where it ends after the handler has returned
}

func ask(c *http.Client, url string, i idiom) (got seen) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		got.Informational = append(got.Informational, fmt.Sprint(code, " ", h.Get("Link")))
		return nil
	}})
	method := i.method
	if method == "" {
		method = "GET"
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, strings.NewReader(i.body))
	if err != nil {
		panic(err)
	}
	for name, values := range i.header {
		req.Header[name] = values
	}
	req.Host = "a.test"
	res, err := c.Do(req)
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

// excuses are the cells that differ, each with the reason. The key is "idioms | places | protocol",
// of which a part may be *; the idiom HEAD is that of every idiom.
var excuses = map[string]string{
	"a length that is none | * | *":                       "net/http drops such a length when it is too late to count; here it is dropped in time",
	"an echo | * | HTTP/1.1":                              "net/http cuts off a body that is read on while it answers (golang/go#15527); here it is whole",
	"a length that is exceeded | * | *":                   "of a HEAD, net/http guesses a type of bytes that it refuses, on HTTP/2",
	"declared trailers, trailers before the head | * | *": "of a HEAD, net/http counts a body that is too small to be chunked, on HTTP/2",
	"HEAD | behind middleware that reads | *":             "what has been read is a value, and has a length",

	"declared trailers, undeclared trailers, trailers before the head, ReverseProxy | behind middleware that reads | *":              "a value has no trailers",
	"a panic after the head, an error after the head, a source that fails, events that break off | behind middleware that reads | *": "nothing has gone out: it is an error, and answered as one",

	"103, hijack, deadlines and full duplex, a write after its deadline, optional interfaces | mux.Fetch, called as a function | *": "what a value is made of has no connection: http.ErrNotSupported",
	"the request | called as a function | *": "a request that nobody sent has the absolute form of its target (RFC 9112, 3.2.2), and the version 1.1",
}

func excused(idiom, place, protocol string) bool {
	name, head := strings.CutSuffix(idiom, ", HEAD")
	among := func(list, one string) bool { return list == "*" || slices.Contains(strings.Split(list, ", "), one) }
	for key, why := range excuses {
		of := strings.Split(key, " | ")
		ofHEAD := strings.HasPrefix(why, "of a HEAD")
		switch {
		case of[0] == "HEAD" && !head, of[0] != "HEAD" && !among(of[0], name), ofHEAD && !head:
		case !among(of[1], place), of[2] != "*" && of[2] != protocol:
		default:
			return true
		}
	}
	return false
}

func TestOneAnswerWhateverIsAround(t *testing.T) {
	behind.Start()
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		behind.Close()
	})
	if len(excuses) > 12 {
		t.Errorf("%d cells are excused", len(excuses))
	}
	files = makeFiles(t)
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.DiscardHandler)) // of those without a mux
	for kind, corpus := range map[string][]idiom{"net/http": idioms(), "reqres": reqresIdioms(), "fetch": fetchIdioms()} {
		for _, protocol := range full.Size(served.Protocols[:2], served.Protocols) {
			t.Run(kind+" over "+protocol, func(t *testing.T) {
				want := make(map[string]seen)
				for _, p := range places {
					t.Run(p.name, func(t *testing.T) {
						stage := &stage{}
						s := served.ServeOver(t, p.handler(t, stage.subject(kind)), protocol, func(*http.Server) {})
						s.Client().Transport.(*http.Transport).DisableCompression = true
						if c := s.Client().Transport.(*http.Transport).TLSClientConfig; c != nil {
							c.ServerName = "example.com" // whatever Host is asked for
						}
						for _, i := range corpus {
							stage.now.Store(&i)
							got := ask(s.Client(), s.URL, i)
							got.Context = stage.context(i)
							if left := files.left(); left != "" {
								t.Errorf("%s leaves %s", i.name, left)
							}
							if p.name == places[0].name {
								want[i.name] = got
								continue
							}
							if want[i.name].Broken && got.Broken {
								continue // of which more or less has arrived
							}
							if diff := cmp.Diff(want[i.name], got); diff != "" && !excused(i.name, p.name, protocol) {
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

// context says what is wrong with the context of i. Who asks for a head has it when it goes out, so
// a handler that writes on may be told then; and net/http ends a context some time after a deadline
// of the connection.
func (s *stage) context(i idiom) string {
	p := s.run.Load()
	<-p.returned
	select {
	case <-p.ctx.Done():
	case <-time.After(5 * time.Second):
		return "never ends"
	}
	if p.early && i.method != "HEAD" && !i.expires {
		return "had ended before the handler"
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
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(time.Millisecond) {
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

package deadlines_test

// How long a write may take, with servers and clients of net/http in a bubble of package synctest:
// they talk through pipes, and time passes only while all of them wait. So it does not matter how
// busy the machine is, a limit can be held to the second, and an hour costs nothing.

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// pipes is a listener whose connections have no buffers: a write ends when it has been read.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	close  sync.Once

	dialed atomic.Int64
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.close.Do(func() { close(p.closed) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(_ context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		p.dialed.Add(1)
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// register registers an endpoint in one of the forms.
type register func(r *adapt.Routes, path string, h served.Twins)

// inMemory runs a test of what routes registers, by on, in every form over every protocol, in
// bubbles. server is the time that the server has for an answer.
func inMemory(t *testing.T, server time.Duration, routes func(r *adapt.Routes, on register), test func(t *testing.T, s *httptest.Server, p *pipes, protocol string)) {
	t.Helper()
	for _, form := range served.Forms {
		for _, protocol := range served.Protocols {
			t.Run(form.Name+"/"+protocol, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
						routes(r, func(r *adapt.Routes, path string, h served.Twins) { form.Register(r, "GET", path, h) })
					})
					p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
					s := httptest.NewUnstartedServer(mux)
					s.Listener.Close()
					s.Listener = p
					served.Start(t, s, protocol, withWriteTimeout(server))
					s.Client().Transport.(*http.Transport).DialContext = p.dial
					test(t, s, p, protocol)
				})
			})
		}
	}
}

// limit is what a write may take in these tests.
const limit = time.Second

// writeLimits are the ways to say so.
var writeLimits = map[string]struct {
	limits adapt.Limits
	server time.Duration
}{
	"of the server":                        {adapt.Limits{}, limit},
	"of the route":                         {adapt.Limits{WriteTimeout: limit}, 0},
	"of the route, the server's is longer": {adapt.Limits{WriteTimeout: limit}, time.Minute},
}

// paced makes n chunks behind a first one that is small, with a pause before each of them and
// before the end. A conversion hands over its sink in the first pause: to wait for that later would
// be to wait for a mutex, which no bubble takes for waiting.
type paced struct {
	n     int
	chunk []byte
	pause time.Duration
	made  func()
	begun bool
	rest  []byte
}

func (p *paced) next() ([]byte, error) {
	time.Sleep(max(p.pause, time.Millisecond))
	if p.made != nil {
		p.made()
	}
	if !p.begun {
		p.begun = true
		return p.chunk[:1], nil
	}
	if p.n == 0 {
		return nil, io.EOF
	}
	p.n--
	return p.chunk, nil
}

func (p *paced) Read(b []byte) (n int, err error) {
	if len(p.rest) == 0 {
		if p.rest, err = p.next(); err != nil {
			return 0, err
		}
	}
	n = copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *paced) events(yield func(fetch.Event, error) bool) {
	for {
		b, err := p.next()
		if err != nil || !yield(fetch.Event{Data: string(b)}, nil) {
			return
		}
	}
}

func (p *paced) write(w io.Writer, flush func() error) error {
	if err := flush(); err != nil { // until the first flush it is not a stream
		return err
	}
	for {
		b, err := p.next()
		if err != nil {
			return nil
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
}

// streams is an endpoint that streams, in the way that the query says, what pace makes.
func streams(pace func() *paced) served.Twins {
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			switch req.Query("kind") {
			case "reader":
				return res.Send(io.Reader(pace()))
			case "events":
				return res.SSE(pace().events)
			default:
				return pace().write(res, res.Flush)
			}
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			switch req.Query("kind") {
			case "reader":
				return fetch.Stream(pace())
			case "events":
				return fetch.SSE(pace().events)
			default:
				return fetch.StreamFunc(func(w *fetch.Writer) error { return pace().write(w, w.Flush) })
			}
		},
	}
}

var kinds = []string{"reader", "events", "function"}

// readSlowly is a client that takes a pause after each read of size bytes.
func readSlowly(s *httptest.Server, target string, size int, pause time.Duration) (n int64, err error) {
	res, err := s.Client().Get(s.URL + target)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		return 0, errors.New(res.Status)
	}
	for {
		got, err := io.CopyN(io.Discard, res.Body, int64(size))
		n += got
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		time.Sleep(pause)
	}
}

// within registers an endpoint with a limit, and beside it a slow one without.
func within(l adapt.Limits, h served.Twins) func(r *adapt.Routes, on register) {
	return func(r *adapt.Routes, on register) {
		r.Scope(adapt.Scope{Limits: l}, func(r *adapt.Routes) { on(r, "/", h) })
		on(r, "/unlimited", unhurried)
	}
}

// unhurried answers as a whole, after a time that is longer than the limits of others, in the ways
// that a query says.
var unhurried = served.Twins{
	ReqRes: func(req *reqres.Request, res *reqres.Response) error {
		time.Sleep(10 * limit)
		switch req.Query("how") {
		case "by writes":
			for range 2 {
				if _, err := io.WriteString(res, "four"); err != nil {
					return err
				}
				time.Sleep(10 * limit)
			}
			return nil
		case "after a hint":
			res.WriteHeader(http.StatusEarlyHints)
			time.Sleep(10 * limit)
		case "before the handler ends":
			defer time.Sleep(10 * limit)
		case "with a head alone":
			return res.SendStatus(http.StatusNoContent)
		}
		return res.Send("fourfour")
	},
	Fetch: func(req *fetch.Request) (*fetch.Response, error) {
		time.Sleep(10 * limit)
		if req.Query("how") == "with a head alone" {
			return fetch.NoContent()
		}
		return fetch.Text("fourfour")
	},
}

// A limit on the writes of a route is none on the time that its handler takes, and replaces the
// server's.
func TestHandlersMayBeSlow(t *testing.T) {
	for by, tt := range map[string]struct {
		limits adapt.Limits
		server time.Duration
	}{
		"the route":                          {adapt.Limits{WriteTimeout: limit}, 0},
		"the route, the server's is longer":  {adapt.Limits{WriteTimeout: limit}, time.Minute},
		"the route, the server's is shorter": {adapt.Limits{WriteTimeout: limit}, limit / 2},
		"the server, lifted by the route":    {adapt.Limits{WriteTimeout: -1}, limit},
	} {
		t.Run("limit of "+by, func(t *testing.T) {
			inMemory(t, tt.server, within(tt.limits, unhurried), func(t *testing.T, s *httptest.Server, p *pipes, protocol string) {
				for how, want := range map[string]int64{"at once": 8, "by writes": 8, "after a hint": 8, "before the handler ends": 8, "with a head alone": 0} {
					n, err := readSlowly(s, "/?how="+url.QueryEscape(how), 1<<10, 0)
					if err != nil || n != want {
						t.Errorf("an answer %s has %d bytes, want %d, and then %v", how, n, want, err)
					}
				}
				if n := p.dialed.Load(); n != 1 {
					t.Errorf("%d connections, want 1", n)
				}
			})
		})
	}
}

// A stream whose every write ends in time is never cut: how long its producer pauses does not
// matter, nor how slowly its client reads, nor how long it takes in all.
func TestWritesInTimeAreNeverCut(t *testing.T) {
	for name, tt := range map[string]struct {
		producer, client time.Duration
		size, chunks     int
	}{
		"the producer is slow": {producer: 100 * limit, size: 1 << 10, chunks: 50},
		"the client is slow":   {client: limit * 9 / 10, size: 64 << 10, chunks: 80}, // more than the windows of HTTP/2
	} {
		for by, l := range writeLimits {
			if tt.size*tt.chunks > 1<<20 && by != "of the server" && !full.On {
				continue // takes its time under the race detector
			}
			t.Run(name+"/limit "+by, func(t *testing.T) {
				chunk := bytes.Repeat([]byte("x"), tt.size)
				h := streams(func() *paced { return &paced{n: tt.chunks, chunk: chunk, pause: tt.producer} })
				inMemory(t, l.server, within(l.limits, h), func(t *testing.T, s *httptest.Server, p *pipes, protocol string) {
					for _, kind := range kinds {
						n, err := readSlowly(s, "/?kind="+kind, tt.size, tt.client)
						if want := tt.size * tt.chunks; err != nil || n < int64(want) {
							t.Errorf("%s: %d bytes of %d, and then %v", kind, n, want, err)
						}
					}
				})
			})
		}
	}
}

// A client that stops reading is cut off when the limit of a write is over, and not before.
func TestReadersThatStopAreCutOff(t *testing.T) {
	for by, l := range writeLimits {
		t.Run("limit "+by, func(t *testing.T) {
			var last atomic.Int64 // when the last chunk was made
			ended := make(chan time.Duration)
			endless := func() *paced {
				return &paced{n: math.MaxInt, chunk: make([]byte, 64<<10), made: func() { last.Store(time.Now().UnixNano()) }}
			}
			h := streams(endless)
			ends := func(ctx context.Context) {
				context.AfterFunc(ctx, func() { ended <- time.Duration(time.Now().UnixNano() - last.Load()) })
			}
			old, next := h.ReqRes, h.Fetch
			h.ReqRes = func(req *reqres.Request, res *reqres.Response) error { ends(req.Context()); return old(req, res) }
			h.Fetch = func(req *fetch.Request) (*fetch.Response, error) { ends(req.Context()); return next(req) }
			inMemory(t, l.server, within(l.limits, h), func(t *testing.T, s *httptest.Server, p *pipes, protocol string) {
				for _, kind := range full.Size(kinds[2:], kinds) {
					ended = make(chan time.Duration)
					res, err := s.Client().Get(s.URL + "/?kind=" + kind)
					if err != nil {
						t.Fatal(err)
					}
					io.CopyN(io.Discard, res.Body, 100)
					if took := <-ended; took != limit {
						t.Errorf("%s: cut off after %v, want %v", kind, took, limit)
					}
					if _, err := io.Copy(io.Discard, res.Body); err == nil {
						t.Errorf("%s: an endless answer looks complete", kind)
					}
					res.Body.Close()
				}
			})
		})
	}
}

// What is left of a limit harms neither the next request of a connection nor another stream of it.
func TestLimitsEndWithTheirAnswer(t *testing.T) {
	chunk := make([]byte, 1<<10)
	h := streams(func() *paced { return &paced{n: 3, chunk: chunk, pause: limit / 10} })
	inMemory(t, 0, within(adapt.Limits{WriteTimeout: limit}, h), func(t *testing.T, s *httptest.Server, p *pipes, protocol string) {
		ask := func(target string, want int64) {
			t.Helper()
			if n, err := readSlowly(s, target, 64<<10, 0); err != nil || n < want {
				t.Errorf("%s: %d bytes, want %d, and then %v", target, n, want, err)
			}
		}
		ask("/unlimited", 8)
		var wg sync.WaitGroup
		if protocol != "HTTP/1.1" {
			wg.Go(func() { ask("/unlimited?how=by+writes", 8) })
		}
		for _, kind := range kinds {
			ask("/?kind="+kind, 3<<10)
			ask("/unlimited", 8)
			time.Sleep(10 * limit)
			ask("/?kind="+kind, 3<<10)
		}
		wg.Wait()
		if n := p.dialed.Load(); n != 1 {
			t.Errorf("%d connections, want 1", n)
		}
	})
}

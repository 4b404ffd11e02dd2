package streams_test

// Streams, disconnects and broken answers over real servers, in every form of a handler.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// An echo of any size is whole: net/http alone cuts one to 512 bytes, with a clean end.
func TestEcho(t *testing.T) {
	sizes := []int{0, 1, 512, 513, 4 << 10, 1 << 20}
	if full.On {
		sizes = append(sizes, 64<<20)
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error { return res.Send(req.Reader()) },
		Fetch:  func(req *fetch.Request) (*fetch.Response, error) { return fetch.Stream(req.Reader()) },
	}
	served.Everywhere(t, "POST", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		for _, size := range sizes {
			body := make([]byte, size)
			rand.NewChaCha8([32]byte{byte(size)}).Read(body)
			for _, known := range []bool{true, false} {
				var src io.Reader = bytes.NewReader(body)
				if !known {
					src = io.MultiReader(src) // hides the length: chunked
				}
				req, _ := http.NewRequest("POST", s.URL, src)
				res, err := s.Client().Do(req)
				if err != nil {
					t.Fatalf("%d bytes: %v", size, err)
				}
				hash := sha256.New()
				n, err := io.Copy(hash, res.Body)
				res.Body.Close()
				if err != nil || n != int64(size) || !bytes.Equal(hash.Sum(nil), sum(body)) {
					t.Fatalf("%d bytes, length known %v: %d came back, err %v", size, known, n, err)
				}
			}
		}
	})
}

func sum(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

// A producer learns that its client has left, and ends.
func TestClientLeaves(t *testing.T) {
	step := func(int) error { time.Sleep(time.Millisecond); return nil }
	for name := range served.Producers(nil, nil) {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 16)
			h := served.Producers(step, ended)[name]
			served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
				served.LeaveAfter(t, s, 6)
				served.Soon(t, "the end of the producer", ended)
			})
		})
	}
}

// A head goes out at the first flush, not when the handler ends.
func TestHeadAtTheFirstFlush(t *testing.T) {
	release := make(chan struct{})
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			if err := res.Status(202).Flush(); err != nil {
				return err
			}
			<-release
			_, err := io.WriteString(res, "body")
			return err
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				if err := w.Flush(); err != nil {
					return err
				}
				<-release
				_, err := w.WriteString("body")
				return err
			}, fetch.Status(202))
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		release = make(chan struct{})
		head := make(chan *http.Response, 1)
		go func() {
			res, err := s.Client().Get(s.URL)
			if err != nil {
				t.Error(err)
			}
			head <- res
		}()
		res := served.Soon(t, "the head", head)
		close(release)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 202 || string(body) != "body" || err != nil {
			t.Errorf("%d %q %v", res.StatusCode, body, err)
		}
	})
}

// A source that fails before the first byte is an error response; one that fails later, a panicking
// one too, is a broken answer, never a complete one.
func TestFailingSources(t *testing.T) {
	boom := errors.New("boom")
	fails := map[string]func() error{
		"error":  func() error { return boom },
		"panic":  func() error { panic(boom) },
		"abort":  func() error { panic(http.ErrAbortHandler) },
		"client": func() error { return fetch.Errorf(409, "taken") },
	}
	type failure struct {
		name, kind string
		at         int
	}
	cases, ended := map[string]failure{}, make(chan error, 1<<14)
	twins := map[string]served.Twins{}
	for name := range served.Producers(nil, nil) {
		for kind, fail := range fails {
			for _, at := range []int{0, 1, 100} {
				id := fmt.Sprintf("%s/%s at chunk %d", name, kind, at)
				cases[id] = failure{name, kind, at}
				twins[id] = served.Producers(func(i int) error {
					if i == at {
						return fail()
					}
					return nil
				}, ended)[name]
			}
		}
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			return twins[req.Query("case")].ReqRes(req, res)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) { return twins[req.Query("case")].Fetch(req) },
	}
	served.Matrix(t, full.Size(served.Protocols[:1], served.Protocols), "GET", "/", h, adapt.Config{}, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for id, c := range cases {
			res, err := s.Client().Get(s.URL + "/?case=" + url.QueryEscape(id))
			if err != nil {
				if c.at == 0 && c.kind != "abort" {
					t.Errorf("%s: no answer: %v", id, err)
				}
				continue // visibly broken
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			switch early := c.at == 0 && c.name != "events" && !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream"); {
			case early && c.kind == "abort":
				t.Errorf("%s: an aborted answer was answered", id)
			case early && c.kind == "client":
				if res.StatusCode != 409 || string(body) != `{"error":"taken"}` {
					t.Errorf("%s: %d %s, want the error's answer", id, res.StatusCode, body)
				}
			case early:
				if res.StatusCode != 500 || string(body) != `{"error":"Internal Server Error"}` {
					t.Errorf("%s: %d %s, want a clean 500", id, res.StatusCode, body)
				}
			case err == nil:
				t.Errorf("%s: %d bytes look like a complete answer", id, len(body))
			}
			if strings.Contains(string(body), "boom") {
				t.Errorf("%s: the client reads the error", id)
			}
		}
		for len(ended) > 0 {
			<-ended
		}
	})
}

// What a slow client does not read is not buffered: the producer waits. In the end the client has
// every byte, and at no time has the heap grown.
func TestBackPressure(t *testing.T) {
	offered := full.Size[int64](10<<20, 1<<30)
	stops := full.Size(2, 8)
	var written atomic.Int64
	write := func(w io.Writer) error {
		chunk := make([]byte, 32<<10)
		for at := int64(0); at < offered; at += int64(len(chunk)) {
			binary.BigEndian.PutUint64(chunk, uint64(at)) // so that none is like another
			n, err := w.Write(chunk)
			written.Add(int64(n))
			if err != nil {
				return err
			}
		}
		return nil
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return write(res) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error { return write(w) })
		},
	}
	all := sha256.New()
	write(all)
	want := all.Sum(nil)
	small := func(c net.Conn) {
		if over, ok := c.(*tls.Conn); ok {
			c = over.NetConn()
		}
		c.(*net.TCPConn).SetReadBuffer(64 << 10)
		c.(*net.TCPConn).SetWriteBuffer(64 << 10)
	}
	sockets := func(s *http.Server) {
		s.ConnContext = func(ctx context.Context, c net.Conn) context.Context { small(c); return ctx }
	}
	before := served.Heap()
	served.Matrix(t, served.Protocols, "GET", "/", h, adapt.Config{}, sockets, func(t *testing.T, s *httptest.Server) {
		written.Store(0)
		s.Client().Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				small(c)
			}
			return c, err
		}
		res, err := s.Client().Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		read, hash := int64(0), sha256.New()
		for stop := range stops {
			// The producer comes to rest when the sockets are full, and the window of HTTP/2, which
			// is 4 MiB.
			rest := int64(-1)
			for now := written.Load(); now != rest; now = written.Load() {
				rest = now
				time.Sleep(5 * time.Millisecond)
			}
			if ahead := rest - read; ahead > 6<<20 {
				t.Errorf("the producer is %d bytes ahead of a client that does not read", ahead)
			}
			if grown := served.Heap() - before; grown > 8<<20 {
				t.Errorf("after %d bytes the heap has grown by %d", read, grown)
			}
			part := offered / int64(stops)
			if stop == stops-1 {
				part = math.MaxInt64 // to the end
			}
			n, err := io.Copy(hash, io.LimitReader(res.Body, part))
			if read += n; err != nil {
				t.Fatalf("after %d bytes: %v", read, err)
			}
		}
		if read != offered || !bytes.Equal(hash.Sum(nil), want) {
			t.Errorf("%d of %d bytes have arrived; they are the right ones: %v", read, offered, bytes.Equal(hash.Sum(nil), want))
		}
	})
}

// HEAD and the statuses without a body never start a stream, and always close its source.
func TestHEADDoesNotStartAStream(t *testing.T) {
	ended := make(chan error, 1)
	step := func(int) error { t.Error("the source was read"); return io.EOF }
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Send(served.NewSource(step, nil, ended))
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(served.NewSource(step, nil, ended))
		},
	}
	served.Everywhere(t, "HEAD", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		req, _ := http.NewRequest("HEAD", s.URL, nil)
		if got := served.Do(t, s.Client(), req); got.Status != 200 {
			t.Errorf("%+v", got)
		}
		served.Soon(t, "the close of the source", ended)
	})
}

// Writes after the handler has returned, or after the function of a stream has, are refused, and
// harm nobody.
func TestWritesAfterTheHandlerReturned(t *testing.T) {
	var kept interface {
		io.Writer
		Flush() error
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			kept = res
			return res.Send("done")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				kept = w
				_, err := w.WriteString("done")
				return err
			})
		},
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		late := make(chan error, 2)
		for range 3 {
			req, _ := http.NewRequest("GET", s.URL, nil)
			if got := served.Do(t, s.Client(), req); got.Body != "done" {
				t.Fatalf("%+v", got)
			}
			go func() {
				_, err := kept.Write([]byte("late"))
				late <- err
				late <- kept.Flush()
			}()
			for range 2 {
				if err := served.Soon(t, "the late call", late); err == nil {
					t.Error("a call after the handler's return succeeded")
				}
			}
		}
	})
}

// The context tells why a request has ended.
func TestContextCauses(t *testing.T) {
	causes := make(chan error, 4)
	watch := func(ctx context.Context) {
		go func() {
			<-ctx.Done()
			causes <- context.Cause(ctx)
		}()
	}
	h := func(wait bool) served.Twins {
		return served.Twins{
			ReqRes: func(req *reqres.Request, res *reqres.Response) error {
				watch(req.Context())
				if wait {
					res.Flush()
					<-req.Context().Done()
				}
				return res.End()
			},
			Fetch: func(req *fetch.Request) (*fetch.Response, error) {
				watch(req.Context())
				if !wait {
					return fetch.NoContent()
				}
				return fetch.StreamFunc(func(w *fetch.Writer) error {
					w.Flush()
					<-req.Context().Done()
					return nil
				})
			},
		}
	}
	t.Run("the answer is complete", func(t *testing.T) {
		served.Everywhere(t, "POST", "/", h(false), adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			req, _ := http.NewRequest("POST", s.URL, strings.NewReader("unread"))
			served.Do(t, s.Client(), req)
			if cause := served.Soon(t, "the end of the context", causes); !errors.Is(cause, fetch.ErrAnswerComplete) {
				t.Errorf("the cause is %v", cause)
			}
		})
	})
	t.Run("the client has left, although its body was never asked for", func(t *testing.T) {
		served.Everywhere(t, "POST", "/", h(true), adapt.Config{}, func(t *testing.T, s *httptest.Server) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, "POST", s.URL, strings.NewReader("unread"))
			res, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			cancel()
			res.Body.Close()
			if cause := served.Soon(t, "the end of the context", causes); !errors.Is(cause, fetch.ErrClientGone) {
				t.Errorf("the cause is %v", cause)
			}
		})
	})
}

package migrations_test

// The body of a request that two sides get, over real servers: the side that serves reads it as if
// it were alone, whatever the client does.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// reading is an endpoint that answers with what f makes of the request.
func reading(f func(req served.Request) (string, error)) served.Twins {
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			text, err := f(req)
			if err != nil {
				return err
			}
			return res.Send(text)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			text, err := f(req)
			if err != nil {
				return nil, err
			}
			return fetch.Text(text)
		},
	}
}

// notes are what candidates were given.
type notes struct {
	mu   sync.Mutex
	what []string
}

func (n *notes) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.what = append(n.what, text)
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.what
}

// candidate notes the body that it gets.
func (n *notes) candidate() served.Twins {
	return reading(func(req served.Request) (string, error) {
		body, err := req.Text()
		n.add(fmt.Sprint(body, " ", err))
		return body, err
	})
}

func TestBodiesOfShadowedRequests(t *testing.T) {
	const limit = 1000 // of what is kept for the candidate
	text := reading(func(req served.Request) (string, error) { return req.Text() })
	counted := reading(func(req served.Request) (string, error) {
		b, err := req.Bytes()
		return fmt.Sprint(len(b)), err
	})
	streamed := reading(func(req served.Request) (string, error) {
		b, err := io.ReadAll(req.Reader())
		return fmt.Sprint(len(b), string(b[:min(3, len(b))])), err
	})
	half := reading(func(req served.Request) (string, error) {
		b := make([]byte, 2)
		_, err := io.ReadFull(req.Reader(), b)
		return string(b), err
	})
	none := reading(func(served.Request) (string, error) { return "not read", nil })
	twice := reading(func(req served.Request) (string, error) {
		b, err := io.ReadAll(req.Reader())
		again, _ := io.ReadAll(req.Reader())
		return string(b) + "|" + string(again), err
	})
	head := func(method, more string) string {
		return method + " /p/1 HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nConnection: close\r\n" + more + "\r\n\r\n"
	}
	sized := func(body string) string {
		return head("POST", fmt.Sprint("Content-Length: ", len(body))) + body
	}
	chunked := func(bodies ...string) string {
		r := head("POST", "Transfer-Encoding: chunked")
		for _, b := range bodies {
			r += fmt.Sprintf("%x\r\n%s\r\n", len(b), b)
		}
		return r + "0\r\n\r\n"
	}
	full, over := strings.Repeat("x", limit), strings.Repeat("x", limit+1)
	for _, c := range []struct {
		rule    string
		live    served.Twins
		request string
		want    string // what the candidate is given, "" for the reason why it does not run
		skip    migrate.Skip
	}{
		{rule: "a body of known length", live: text, request: sized("abc"), want: "abc <nil>"},
		{rule: "one that is read as a stream", live: streamed, request: sized("abc"), want: "abc <nil>"},
		{rule: "in chunks, of unknown length", live: streamed, request: chunked("ab", "c"), want: "abc <nil>"},
		{rule: "empty", live: text, request: sized(""), want: " <nil>"},
		{rule: "empty, in chunks", live: text, request: chunked(), want: " <nil>"},
		{rule: "empty, in chunks, as a stream", live: streamed, request: chunked(), want: " <nil>"},
		{rule: "read beyond its end", live: twice, request: sized("abc"), want: "abc <nil>"},
		{rule: "as large as may be kept", live: streamed, request: sized(full), want: full + " <nil>"},
		{rule: "as large as may be kept, in chunks", live: streamed, request: chunked(full), want: full + " <nil>"},
		{rule: "a byte more", live: streamed, request: sized(over), skip: migrate.SkipBodySize},
		{rule: "a byte more, in chunks", live: streamed, request: chunked(full, "x"), skip: migrate.SkipBodySize},
		{rule: "a byte more, collected", live: counted, request: chunked(over), skip: migrate.SkipBodySize},
		{rule: "half read", live: half, request: sized("abcdef"), skip: migrate.SkipBodyUnread},
		{rule: "half read, in chunks", live: half, request: chunked("ab", "cdef"), skip: migrate.SkipBodyUnread},
		{rule: "not read", live: none, request: sized("abc"), skip: migrate.SkipBodyUnread},
		{rule: "not read, in chunks", live: none, request: chunked("abc"), skip: migrate.SkipBodyUnread},
		{rule: "not a body at all", live: none, request: head("GET", "X-A: b"), want: " <nil>"},
		{rule: "the client waits to be asked for it", live: text, skip: migrate.SkipStream,
			request: head("POST", "Expect: 100-continue\r\nContent-Length: 3") + "abc"},
		{rule: "the client waits, and is not asked", live: none, skip: migrate.SkipStream,
			request: head("POST", "Expect: 100-continue\r\nContent-Length: 3")},
		{rule: "malformed chunks", live: text, request: head("POST", "Transfer-Encoding: chunked") + "3\r\nabcdef", skip: migrate.SkipBodyUnread},
	} {
		for _, stage := range watched {
			for _, a := range around {
				t.Run(fmt.Sprint(c.rule, "/", stage, " behind ", a.name), func(t *testing.T) {
					conf := served.Patient(stage)
					conf.Shadow.AllowUnsafe, conf.Shadow.MaxBody, conf.Fallback = "a test", limit, migrate.FallbackOff
					var given notes
					d := newDuel(t, "HTTP/1.1", conf, a.use, c.live, given.candidate())
					if diff := cmp.Diff(wire(t, d.without, c.request), wire(t, d.with, c.request)); diff != "" {
						t.Errorf("answered (-without the pair +with it)\n%s", diff)
					}
					s := drained(t, d.pair)
					var want []string
					if c.skip == "" {
						want = []string{c.want}
					} else if s.Shadows.Skipped[c.skip] != 1 {
						t.Errorf("skipped for %v, want %v", s.Shadows.Skipped, c.skip)
					}
					if diff := cmp.Diff(want, given.all()); diff != "" {
						t.Errorf("the candidate is given (-want +got)\n%s", diff)
					}
				})
			}
		}
	}
}

// A body of a GET reaches the side that reads it, and does the other one no harm.
func TestBodyOfAGET(t *testing.T) {
	const raw = "GET /p/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
	for _, stage := range watched {
		for _, a := range around {
			var given notes
			d := newDuel(t, "HTTP/1.1", served.Patient(stage), a.use, reading(func(req served.Request) (string, error) { return req.Text() }), given.candidate())
			if diff := cmp.Diff(wire(t, d.without, raw), wire(t, d.with, raw)); diff != "" {
				t.Errorf("%v behind %s: answered (-without the pair +with it)\n%s", stage, a.name, diff)
			}
			drained(t, d.pair)
		}
	}
}

// What HTTP/2 sends without saying how long it is, is kept all the same.
func TestBodyOfUnknownLengthOverHTTP2(t *testing.T) {
	for i, stage := range watched {
		for _, protocol := range served.Protocols[1:] {
			a := around[i]
			t.Run(fmt.Sprint(stage, "/", protocol, " behind ", a.name), func(t *testing.T) {
				c := served.Patient(stage)
				c.Shadow.AllowUnsafe = "a test"
				var given notes
				d := newDuel(t, protocol, c, a.use, reading(func(req served.Request) (string, error) { return req.Text() }), given.candidate())
				r, w := io.Pipe()
				go func() {
					io.WriteString(w, "ab")
					io.WriteString(w, "c")
					w.Close()
				}()
				req, err := http.NewRequest("POST", d.with.URL+"/p/1", r)
				if err != nil {
					t.Fatal(err)
				}
				if got := served.Do(t, d.with.Client(), req); got.Body != "abc" {
					t.Errorf("answered %+v", got)
				}
				drained(t, d.pair)
				if diff := cmp.Diff([]string{"abc <nil>"}, given.all()); diff != "" {
					t.Errorf("the candidate is given (-want +got)\n%s", diff)
				}
			})
		}
	}
}

// A slow upload is not read ahead: each byte is with the side that serves before the client sends
// the next one. A pair that collected first would never end.
func TestSlowUploadIsNotReadAhead(t *testing.T) {
	for _, stage := range watched {
		for _, a := range around {
			for _, expect := range []bool{false, true} {
				t.Run(fmt.Sprint(stage, " behind ", a.name, ", asked for: ", expect), func(t *testing.T) {
					const length = 5
					got := make(chan byte)
					live := reading(func(req served.Request) (string, error) {
						var b [1]byte
						body := req.Reader()
						for range length {
							if _, err := io.ReadFull(body, b[:]); err != nil {
								return "", err
							}
							got <- b[0]
						}
						_, err := body.Read(b[:])
						return fmt.Sprint("the end: ", err == io.EOF), nil
					})
					c := served.Patient(stage)
					c.Shadow.AllowUnsafe = "a test"
					var given notes
					d := newDuel(t, "HTTP/1.1", c, a.use, live, given.candidate())
					conn, err := net.Dial("tcp", d.with.Listener.Addr().String())
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					header := ""
					if expect {
						header = "Expect: 100-continue\r\n"
					}
					fmt.Fprintf(conn, "POST /p/1 HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n%s\r\n", length, header)
					answers := bufio.NewReader(conn)
					if expect {
						if line, err := answers.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 100") {
							t.Fatalf("the server says %q (%v), and does not ask for the body", line, err)
						}
						_, _ = answers.ReadString('\n')
					}
					for i := range byte(length) {
						if _, err := conn.Write([]byte{'a' + i}); err != nil {
							t.Fatal(err)
						}
						if b := served.Soon(t, "the byte", got); b != 'a'+i {
							t.Errorf("byte %d is %q", i, b)
						}
					}
					res, err := http.ReadResponse(answers, nil)
					if err != nil {
						t.Fatal(err)
					}
					defer res.Body.Close()
					if body, err := io.ReadAll(res.Body); string(body) != "the end: true" || err != nil {
						t.Errorf("answered %q %v", body, err)
					}
					drained(t, d.pair)
					want := []string{"abcde <nil>"}
					if expect {
						want = nil
					}
					if diff := cmp.Diff(want, given.all()); diff != "" {
						t.Errorf("the candidate is given (-want +got)\n%s", diff)
					}
				})
			}
		}
	}
}

// A client that leaves in the middle of its body: the side that serves sees the broken body, and no
// candidate runs.
func TestClientLeavesInTheMiddleOfItsBody(t *testing.T) {
	for i, stage := range watched {
		for _, protocol := range served.Protocols {
			for _, collected := range []bool{false, true} {
				a := around[(i+1)%len(around)]
				t.Run(fmt.Sprint(stage, "/", protocol, " behind ", a.name, ", collected: ", collected), func(t *testing.T) {
					half, ended := make(chan struct{}, 1), make(chan error, 1)
					live := reading(func(req served.Request) (string, error) {
						var err error
						if collected {
							half <- struct{}{}
							_, err = req.Bytes()
						} else {
							body := req.Reader()
							if _, err = io.ReadFull(body, make([]byte, 3)); err == nil {
								half <- struct{}{}
								_, err = io.ReadAll(body)
							}
						}
						ended <- err
						return "", err
					})
					c := served.Patient(stage)
					c.Shadow.AllowUnsafe = "a test"
					var given notes
					d := newDuel(t, protocol, c, a.use, live, given.candidate())
					ctx, leave := context.WithCancel(t.Context())
					r, w := io.Pipe()
					req, err := http.NewRequestWithContext(ctx, "POST", d.with.URL+"/p/1", r)
					if err != nil {
						t.Fatal(err)
					}
					answered := make(chan error, 1)
					go func() {
						res, err := d.with.Client().Do(req)
						if err == nil {
							res.Body.Close()
						}
						answered <- err
					}()
					if _, err := io.WriteString(w, "abc"); err != nil {
						t.Fatal(err)
					}
					served.Soon(t, "half of the body", half)
					leave()
					w.CloseWithError(context.Canceled) // net/http's client waits for whoever writes its body
					if err := served.Soon(t, "the end of the body", ended); err == nil {
						t.Error("a body that broke off was read to its end without an error")
					}
					if err := served.Soon(t, "the end of the request", answered); err == nil {
						t.Error("a request that was given up got an answer")
					}
					await(t, d.pair, func(s migrate.Snapshot) bool { return s.Shadows.Reserved == 0 && s.Shadows.Offered == 1 })
					s := drained(t, d.pair)
					if s.Shadows.Started != 0 || len(given.all()) > 0 {
						t.Errorf("a candidate ran: %+v, given %q", s.Shadows, given.all())
					}
				})
			}
		}
	}
}

// await waits until what the pair has counted is as it should be.
func await(t testing.TB, p *migrate.Pair, as func(migrate.Snapshot) bool) migrate.Snapshot {
	t.Helper()
	end := make(chan migrate.Snapshot, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for ; ctx.Err() == nil; time.Sleep(100 * time.Microsecond) {
			if s := p.Snapshot(); as(s) {
				end <- s
				return
			}
		}
	}()
	return served.Soon(t, "what the pair should have counted", end)
}

// A limit of http.MaxBytesReader around the pair holds as it does without it.
func TestBodyWithinMaxBytesReader(t *testing.T) {
	limits := func(r *adapt.Routes) {
		r.Use(func(next http.Handler) http.Handler { return http.MaxBytesHandler(next, 10) })
	}
	text := reading(func(req served.Request) (string, error) { return req.Text() })
	streamed := reading(func(req served.Request) (string, error) {
		b, err := io.ReadAll(req.Reader())
		return string(b), err
	})
	for i, live := range []served.Twins{text, streamed} {
		for _, stage := range watched {
			for _, a := range around {
				for n, runs := range map[int]bool{10: true, 11: false} {
					t.Run(fmt.Sprint(i, "/", stage, " behind ", a.name, "/", n), func(t *testing.T) {
						c := served.Patient(stage)
						c.Shadow.AllowUnsafe, c.Fallback = "a test", migrate.FallbackOff
						var given notes
						use := func(r *adapt.Routes) { limits(r); a.use(r) }
						d := newDuel(t, "HTTP/1.1", c, use, live, given.candidate())
						request := post("/p/1", strings.Repeat("x", n))
						if diff := cmp.Diff(wire(t, d.without, request), wire(t, d.with, request)); diff != "" {
							t.Errorf("answered (-without the pair +with it)\n%s", diff)
						}
						drained(t, d.pair)
						if ran := len(given.all()) == 1; ran != runs {
							t.Errorf("the candidate ran: %v", ran)
						}
					})
				}
			}
		}
	}
}

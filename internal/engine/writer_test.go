package engine_test

// What a handler on the engine has of the connection around it: deadlines, pushes, upgrades.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// connection is the writer of a request with a connection of HTTP/1; log is what was asked of it.
type connection struct {
	*httptest.ResponseRecorder
	log    []string
	server net.Conn
}

func (c *connection) SetReadDeadline(time.Time) error  { return c.note("read") }
func (c *connection) SetWriteDeadline(time.Time) error { return c.note("write") }
func (c *connection) EnableFullDuplex() error          { return c.note("duplex") }
func (c *connection) note(s string) error              { c.log = append(c.log, s); return nil }

func (c *connection) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return c.server, bufio.NewReadWriter(bufio.NewReader(c.server), bufio.NewWriter(c.server)), c.note("hijack")
}

// stream2 is the writer of a stream of HTTP/2.
type stream2 struct {
	*httptest.ResponseRecorder
	pushed string
}

func (s *stream2) Push(target string, _ *http.PushOptions) error { s.pushed = target; return nil }

// around is an exchange around the handler that is to run.
func around(w http.ResponseWriter) *exchange.Exchange {
	x := new(exchange.Exchange)
	x.Start(w, httptest.NewRequest("GET", "/", nil))
	return x
}

// entered runs h as a conversion does: with an exchange of its own.
func entered(x *exchange.Exchange, h func(w http.ResponseWriter, r *http.Request)) (engine.Answer, error) {
	return new(engine.Body).Run(x.Context(), x, func(b *engine.Body) error {
		inner := new(exchange.Exchange)
		b.Enter(inner)
		h(exchange.HTTPWriter(inner), inner.HTTP())
		return b.Leave(inner, inner.EndHTTP())
	})
}

func TestHandlerHasTheConnection(t *testing.T) {
	c := &connection{ResponseRecorder: httptest.NewRecorder()}
	_, err := entered(around(c), func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		for _, err := range []error{rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Time{}), rc.EnableFullDuplex()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"read", "write", "duplex"}, c.log); diff != "" {
		t.Errorf("asked of the connection (-want +got):\n%s", diff)
	}
	s := &stream2{ResponseRecorder: httptest.NewRecorder()}
	if _, err := entered(around(s), func(w http.ResponseWriter, _ *http.Request) {
		if err := w.(http.Pusher).Push("/a.css", nil); err != nil {
			t.Error(err)
		}
		if _, ok := w.(http.Hijacker); ok {
			t.Error("a stream of HTTP/2 can be taken over")
		}
	}); err != nil || s.pushed != "/a.css" {
		t.Errorf("pushed %q, %v", s.pushed, err)
	}
}

// The head that a handler has set goes with its error, and an answer shorter than it promised is
// one.
func TestLeave(t *testing.T) {
	broken := errors.New("broken")
	_, err := new(engine.Body).Run(t.Context(), around(httptest.NewRecorder()), func(b *engine.Body) error {
		x := new(exchange.Exchange)
		b.Enter(x)
		x.W.Header().Set("X-A", "1")
		return b.Leave(x, broken)
	})
	if head, ok := errors.AsType[*exchange.HeadError](err); !ok || !errors.Is(err, broken) || head.Header.Get("X-A") != "1" {
		t.Errorf("error %v", err)
	}
	_, err = entered(around(httptest.NewRecorder()), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		io.WriteString(w, "hal")
	})
	if !errors.Is(err, http.ErrAbortHandler) {
		t.Errorf("a short answer is %v", err)
	}
}

// Trailers, announced or by the prefix of net/http, are there when the handler has returned, and
// only then.
func TestTrailers(t *testing.T) {
	set := make(chan struct{})
	a, err := new(engine.Body).Run(t.Context(), nil, func(b *engine.Body) error {
		w := b.Writer()
		w.Header().Set("Trailer", "X-Sum, X-Absent")
		if _, err := w.Write([]byte("x")); err != nil {
			return err
		}
		<-set
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-Late", "2")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Body.Trailers(); got != nil {
		t.Errorf("before the end: %v", got)
	}
	close(set)
	if body, err := io.ReadAll(a.Body); string(body) != "x" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	if diff := cmp.Diff(http.Header{"X-Sum": {"1"}, http.TrailerPrefix + "X-Late": {"2"}}, a.Body.Trailers()); diff != "" {
		t.Errorf("trailers (-want +got):\n%s", diff)
	}
}

// A handler that takes the connection gets it when its head has passed what is around it.
func TestUpgrade(t *testing.T) {
	for _, bare := range []bool{false, true} {
		t.Run(fmt.Sprint("writes the head itself: ", bare), func(t *testing.T) {
			server, client := net.Pipe()
			x := around(&connection{ResponseRecorder: httptest.NewRecorder(), server: server})
			said := make(chan error, 1)
			a, err := new(engine.Body).Run(t.Context(), x, func(b *engine.Body) error {
				w := b.Writer()
				if !bare {
					w.Header().Set("Upgrade", "echo")
					w.WriteHeader(101)
				}
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					said <- err
					return nil
				}
				defer conn.Close()
				if _, _, err := w.(http.Hijacker).Hijack(); !errors.Is(err, http.ErrHijacked) {
					said <- fmt.Errorf("a second Hijack: %v", err)
					return nil
				}
				_, err = conn.Write([]byte("mine" + w.Header().Get("X-Around")))
				said <- err
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if a.Status != 101 || a.Body == nil || !a.Body.Upgrades() {
				t.Fatalf("status %d, upgrades %v", a.Status, a.Body != nil && a.Body.Upgrades())
			}
			want := "mine"
			if x.W.Header().Set("X-Around", "!"); bare {
				want = "mine!" // its own head begins with what is around it
			} else {
				x.W.Header().Set("Upgrade", "echo")
			}
			read := make(chan string)
			go func() {
				p, _ := io.ReadAll(client)
				read <- string(p)
			}()
			if err := a.Body.Grant(x); err != nil {
				t.Error(err)
			}
			if got := <-read; got != want {
				t.Errorf("the client reads %q, want %q", got, want)
			}
			if err := <-said; err != nil {
				t.Error(err)
			}
		})
	}
}

// Middleware that does not let the upgrade pass, or drops the response, is told to the handler.
func TestUpgradeRefused(t *testing.T) {
	x := around(&connection{ResponseRecorder: httptest.NewRecorder()})
	said := make(chan error, 2)
	hijacks := func(b *engine.Body) error {
		_, _, err := b.Writer().(http.Hijacker).Hijack()
		said <- err
		return nil
	}
	a, err := new(engine.Body).Run(t.Context(), x, hijacks)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if err := <-said; !errors.Is(err, engine.ErrUpgradeRefused) {
		t.Errorf("refused: %v", err)
	}
	if err := a.Body.Grant(x); !errors.Is(err, engine.ErrUpgradeRefused) {
		t.Errorf("granted later: %v", err)
	}
	_, err = new(engine.Body).Run(t.Context(), x, func(b *engine.Body) error {
		if _, err := b.Writer().(io.StringWriter).WriteString("x"); err != nil {
			return err
		}
		return hijacks(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-said; !errors.Is(err, outbound.ErrAlreadySent) {
		t.Errorf("after a write: %v", err)
	}
}

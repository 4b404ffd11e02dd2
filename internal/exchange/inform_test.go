package exchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// wire is the writer of a connection, with all that one can do.
type wire struct {
	header http.Header
	log    []string
}

func (w *wire) Header() http.Header { return w.header }

func (w *wire) WriteHeader(code int) {
	w.log = append(w.log, fmt.Sprint(code, " ", w.header.Get("Link"), w.header.Get("Upgrade")))
}

func (w *wire) Write(p []byte) (int, error)      { w.log = append(w.log, string(p)); return len(p), nil }
func (w *wire) SetReadDeadline(time.Time) error  { w.log = append(w.log, "read"); return nil }
func (w *wire) SetWriteDeadline(time.Time) error { w.log = append(w.log, "write"); return nil }
func (w *wire) Push(string, *http.PushOptions) error {
	w.log = append(w.log, "push")
	return nil
}

func (w *wire) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.log = append(w.log, "hijack")
	return nil, nil, nil
}

// What a forked exchange needs of the connection it gets from the first one, as long as the request
// is not answered.
func TestConnection(t *testing.T) {
	w := &wire{header: http.Header{"X": {"1"}}}
	outer := started(w, "GET")
	x := new(Exchange)
	x.Fork(outer, Inner, httptest.NewRecorder(), outer.R)
	deadline := func(c *http.ResponseController) error { return c.SetReadDeadline(time.Time{}) }
	if !x.Connected() || x.Pusher() == nil {
		t.Error("there is a connection")
	}
	outer.Inform(103, http.Header{"Link": {"a"}})
	if err := x.Control(deadline); err != nil {
		t.Error(err)
	}
	if _, _, err := outer.HijackAs(false); err != nil {
		t.Error(err)
	}
	outer.Inform(103, http.Header{"Link": {"late"}})
	outer.Release()
	if err := x.Control(deadline); err != outbound.ErrHandlerReturned {
		t.Errorf("after the end: %v", err)
	}
	if diff := cmp.Diff([]string{"103 a", "read", "101 ", "hijack"}, w.log); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(http.Header{"X": {"1"}}, w.header); diff != "" {
		t.Errorf("the head after an informational one (-want +got)\n%s", diff)
	}
	bare := started(&wire{header: make(http.Header)}, "GET")
	if _, _, err := bare.HijackAs(true); err != nil || bare.Status() != 101 {
		t.Errorf("without a head: %v, %d", err, bare.Status())
	}
	none := new(Exchange)
	none.Begin(nil, httptest.NewRequest("GET", "/", nil), newEnv())
	if none.Connected() || none.Control(deadline) != http.ErrNotSupported {
		t.Error("a request in process has a connection")
	}
}

// The writer of an http.Handler has what the connection has, and no more.
func TestWriterHasWhatTheConnectionHas(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	for name, tt := range map[string]struct {
		w              http.ResponseWriter
		hijacks, pushs bool
	}{
		"all": {&wire{header: make(http.Header)}, true, false}, // HTTP/1 comes first
		"push": {struct {
			http.ResponseWriter
			http.Pusher
		}{httptest.NewRecorder(), &wire{}}, false, true},
		"none": {httptest.NewRecorder(), false, false},
	} {
		x := started(tt.w, "GET")
		x.R = x.R.WithContext(ctx)
		w := HTTPWriter(x)
		_, hijacks := w.(http.Hijacker)
		p, pushes := w.(http.Pusher)
		if hijacks != tt.hijacks || pushes != tt.pushs {
			t.Errorf("%s: hijacks %v, pushes %v", name, hijacks, pushes)
		}
		if pushes && p.Push("/", nil) != nil {
			t.Errorf("%s: Push fails", name)
		}
		//lint:ignore SA1019 what is written against the old interface asks for it
		gone := w.(http.CloseNotifier).CloseNotify()
		if name == "none" {
			leave()
			if !<-gone {
				t.Error("the client's leaving is not told")
			}
			w.WriteHeader(101)
			if err := x.EndHTTP(); StatusOf(err) != 501 {
				t.Errorf("a 101 without a connection: %v", err)
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Error("a status that HTTP does not have does not panic")
					}
				}()
				HTTPWriter(started(httptest.NewRecorder(), "GET")).WriteHeader(42)
			}()
		}
		if name == "all" {
			w.WriteHeader(101)
			if err := x.EndHTTP(); err != errUnkept {
				t.Errorf("a 101 that nobody acts on: %v", err)
			}
		}
	}
}

// What a handler had set goes with its error: replaced, added to for cookies and Vary, and cleared
// of what describes the lost body.
func TestHeadError(t *testing.T) {
	hooks := 0
	x, w := first(&hooks)
	w.Header().Set("Vary", "A")
	w.Header().Set("X", "0")
	inner := &HeadError{io.EOF, http.Header{"Vary": {"B"}, "X": {"1"}, "Set-Cookie": {"a=1"}}}
	err := error(&HeadError{fmt.Errorf("x: %w", inner), http.Header{"X": {"2"}, "Etag": {"e"}, "Y": {"2"}}})
	if !errors.Is(err, io.EOF) || err.Error() != "x: EOF" {
		t.Errorf("%v", err)
	}
	x.Fail(err)
	want := http.Header{"Vary": {"A", "B"}, "X": {"2"}, "Y": {"2"}, "Set-Cookie": {"a=1"}, "Content-Type": {"application/json"}}
	if diff := cmp.Diff(want, w.Header()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	x, w = first(&hooks)
	w.Header().Set("Set-Cookie", "a=1")
	x.Fail(&crossfade.Error{Status: 429, Header: http.Header{"Retry-After": {"9"}, "Set-Cookie": {"b=2"}}})
	if diff := cmp.Diff([]string{"a=1", "b=2"}, w.Header()["Set-Cookie"]); diff != "" || w.Header().Get("Retry-After") != "9" {
		t.Errorf("of the error itself (-want +got)\n%s", diff)
	}
}

// An answer that is shorter than its head has promised is an abort for whoever is not to finish it.
func TestWhole(t *testing.T) {
	hooks := 0
	x, w := first(&hooks)
	w.Header().Set("Content-Length", "9")
	_, _ = x.WriteString("body")
	if err := x.Whole(); !errors.Is(err, http.ErrAbortHandler) || !strings.Contains(err.Error(), "said 9") {
		t.Errorf("%v", err)
	}
	_, _ = x.WriteString(" more")
	if err := x.Whole(); err != nil {
		t.Errorf("%v", err)
	}
}

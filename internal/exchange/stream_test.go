package exchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/route"
)

// pieces notes each write and flush; with copies it copies by itself.
type pieces struct {
	header http.Header
	log    []string
	err    error
}

func (p *pieces) Header() http.Header { return p.header }
func (p *pieces) WriteHeader(int)     { p.log = append(p.log, "head") }
func (p *pieces) Flush()              { p.log = append(p.log, "flush") }

func (p *pieces) Write(b []byte) (int, error) {
	p.log = append(p.log, string(b))
	return len(b), p.err
}

type copying struct{ *pieces }

func (c copying) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{c.pieces}, r)
}

type wrapping struct {
	http.ResponseWriter
	io.Writer
}

func (w wrapping) Write(p []byte) (int, error) { return w.Writer.Write(p) }
func (w wrapping) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func started(w http.ResponseWriter, method string) *Exchange {
	x := new(Exchange)
	x.Begin(w, httptest.NewRequest(method, "/", nil), &route.Env{Service: new(route.Service)})
	return x
}

// Each piece is flushed, through whatever writer, and nobody else may write.
func TestSink(t *testing.T) {
	for name, wrap := range map[string]func(p *pieces) http.ResponseWriter{
		"a flusher":        func(p *pieces) http.ResponseWriter { return p },
		"behind a wrapper": func(p *pieces) http.ResponseWriter { return wrapping{p, p} },
		"one that copies":  func(p *pieces) http.ResponseWriter { return copying{p} },
	} {
		p := &pieces{header: make(http.Header)}
		x := started(wrap(p), "GET")
		sink := &Sink{X: x, Status: 200}
		for _, piece := range []string{"a", "b"} {
			if err := sink.Send([]byte(piece)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := x.WriteString("c"); err != outbound.ErrAlreadySent {
			t.Errorf("%s: beside it: %v", name, err)
		}
		if diff := cmp.Diff([]string{"head", "a", "flush", "b", "flush"}, p.log); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		x.Release()
		if err := (&Sink{X: x, Status: 200}).Send(nil); err != outbound.ErrHandlerReturned {
			t.Errorf("%s: after the end: %v", name, err)
		}
	}
	p := &pieces{header: make(http.Header), err: io.ErrClosedPipe}
	x := started(p, "GET")
	if err := (&Sink{X: x, Status: 200}).Send([]byte("a")); err != io.ErrClosedPipe || !x.Failed() {
		t.Errorf("a broken write: %v, failed %v", err, x.Failed())
	}
	for _, do := range []func(s *Sink) error{
		func(s *Sink) error { _, err := s.Write([]byte("a")); return err },
		func(s *Sink) error { _, err := s.WriteString("a"); return err },
		func(s *Sink) error { return s.Flush() },
	} {
		w := httptest.NewRecorder()
		s := &Sink{X: started(w, "GET"), Status: 201}
		if err := do(s); err != nil || w.Code != 201 {
			t.Errorf("%v, %d", err, w.Code)
		}
		s.X.Release()
		if err := do(&Sink{X: started(w, "GET"), Status: 1}); err == nil {
			t.Error("a status that cannot be sent is sent")
		}
	}
}

// A source is sent as it comes: flushed where no more is at hand, and its error is told.
func TestSinkCopy(t *testing.T) {
	chunks := func(list ...string) io.Reader {
		var all []io.Reader
		for _, c := range list {
			all = append(all, iotest.DataErrReader(strings.NewReader(c)))
		}
		return io.MultiReader(all...)
	}
	broken := errors.New("broken")
	for name, wrap := range map[string]func(p *pieces) http.ResponseWriter{
		"a flusher": func(p *pieces) http.ResponseWriter { return p },
		"a copier":  func(p *pieces) http.ResponseWriter { return copying{p} },
	} {
		for _, tt := range []struct {
			rule   string
			src    io.Reader
			length string
			want   []string
			err    error
		}{
			{"in pieces", chunks("a", "b"), "", []string{"head", "a", "flush", "b"}, nil},
			{"an empty one sends nothing", chunks(), "", nil, nil},
			{"one that fails at once leaves the answer open", iotest.ErrReader(broken), "", nil, broken},
			{"one that fails later", io.MultiReader(strings.NewReader("a"), iotest.ErrReader(broken)), "", []string{"head", "a", "flush"}, broken},
			{"with a length nobody waits for a part of it", chunks("a", "b"), "2", []string{"head", "a", "b"}, nil},
		} {
			p := &pieces{header: make(http.Header)}
			if tt.length != "" {
				p.header["Content-Length"] = []string{tt.length}
			}
			x := started(wrap(p), "GET")
			err := (&Sink{X: x, Status: 200}).Copy(tt.src, func() error { return nil })
			if !errors.Is(err, tt.err) || tt.err == nil && err != nil {
				t.Errorf("%s, %s: %v", name, tt.rule, err)
			}
			if diff := cmp.Diff(tt.want, p.log); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", name, tt.rule, diff)
			}
		}
	}
	// A client that leaves closes a source that would block for ever.
	ctx, leave := context.WithCancel(t.Context())
	src, _ := io.Pipe()
	x := new(Exchange)
	x.Begin(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx), newEnv())
	leave()
	if err := (&Sink{X: x, Status: 200}).Copy(src, src.Close); err == nil {
		t.Error("a client that has left is served")
	}
	// A stream of a conversion is the connection's too, and on HTTP/2 from the start.
	outer := started(httptest.NewRecorder(), "GET")
	outer.R.ProtoMajor = 2
	inner := new(Exchange)
	inner.Fork(outer, Inner, httptest.NewRecorder(), outer.R)
	if err := (&Sink{X: inner, Status: 200}).Copy(bytes.NewReader(nil), nil); err != nil || !outer.Streaming() {
		t.Errorf("%v, the outer one streams: %v", err, outer.Streaming())
	}
	for what, do := range map[string]func(x *Exchange) error{
		"Flush": func(x *Exchange) error { return x.Flush() },
		"Send":  func(x *Exchange) error { return (&Sink{X: x, Status: 200}).Send(nil) },
	} {
		outer := started(httptest.NewRecorder(), "GET")
		inner := new(Exchange)
		inner.Fork(outer, Inner, httptest.NewRecorder(), outer.R)
		if err := do(inner); err != nil || !outer.Streaming() {
			t.Errorf("%s: %v, the outer one streams: %v", what, err, outer.Streaming())
		}
	}
}

// The writer of an http.Handler follows net/http's rules.
func TestHTTPWriter(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := new(Exchange)
		x.Start(w, r)
		var err error
		defer x.Finish(&err)
		hw := HTTPWriter(x).(hijackWriter)
		switch r.URL.Path {
		case "/write":
			hw.Header().Set("X-A", "1")
			hw.WriteHeader(201)
			hw.WriteHeader(500)
			_, _ = hw.Write([]byte("<html>"))
			_, _ = hw.WriteString("text")
			_, _ = hw.ReadFrom(strings.NewReader("read"))
			hw.Flush()
			err = hw.FlushError()
		case "/hijack":
			var conn net.Conn
			var rw *bufio.ReadWriter
			if conn, rw, err = hw.Hijack(); err == nil {
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntaken")
				_ = rw.Flush()
				_ = conn.Close()
			}
		}
		if err == nil {
			err = x.EndHTTP()
		}
		if hw.Unwrap() != w {
			t.Error("Unwrap does not lead to net/http")
		}
	}))
	defer s.Close()
	for path, want := range map[string]string{
		"/write": "201 <html>textread text/html; charset=utf-8 1", "/hijack": "200 taken  ", "/nothing": "200   ",
	} {
		res, err := s.Client().Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		got := strings.Join([]string{res.Status[:3], string(body), res.Header.Get("Content-Type"), res.Header.Get("X-A")}, " ")
		if got != want || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	x := started(httptest.NewRecorder(), "GET")
	x.Release()
	if _, _, err := x.Hijack(); err != outbound.ErrHandlerReturned {
		t.Errorf("after the end: %v", err)
	}
}

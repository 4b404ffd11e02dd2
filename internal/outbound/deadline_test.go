package outbound

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/route"
)

// timed is a writer that notes what is written, and when it would have to be.
type timed struct {
	header http.Header
	log    []string
}

func (w *timed) Header() http.Header { return w.header }

func (w *timed) WriteHeader(int) {}

func (w *timed) SetWriteDeadline(t time.Time) error {
	switch d := time.Until(t); {
	case t.IsZero():
		w.log = append(w.log, "lift")
	case d > 24*time.Hour:
		w.log = append(w.log, "never")
	default:
		w.log = append(w.log, d.String())
	}
	return nil
}

func (w *timed) Write(p []byte) (int, error) {
	w.log = append(w.log, "write")
	return len(p), nil
}

func (w *timed) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, nil }

func (w *timed) FlushError() error {
	w.log = append(w.log, "flush")
	return nil
}

// Every write has the time of the limit, and on HTTP/2, where the clock goes on by itself, nothing
// but a write has it.
func TestDeadlines(t *testing.T) {
	const limit, none, lifted = time.Second, 0, -1
	whole := func(a *Answer) { _ = a.SendWhole(a.W.Header(), 200, "body", nil) }
	writes := func(a *Answer) {
		_ = a.Commit(200)
		for range 2 {
			_, _ = a.Write([]byte("body"))
			time.Sleep(10 * limit)
		}
	}
	stream := func(a *Answer) {
		_ = a.Flush()
		_, _ = a.Write([]byte("body"))
		_ = a.Flush()
	}
	hijack := func(a *Answer) { _, _, _ = a.TakeOver(); _ = a.Flush() }
	tests := []struct {
		rule          string
		route, server time.Duration
		do            func(a *Answer)
		http1, http2  string
	}{
		{"without a limit nothing is timed", none, none, stream, "flush write flush", "flush write flush"},
		{"the server's limit is for whole answers", none, limit, writes, "write write", "write write"},
		{"it is each write's of a stream", none, limit, stream, "1s flush 1s write 1s flush 1s", "never 1s flush never 1s write never 1s flush never 1s"},
		{"the route's takes its place from the beginning", limit, time.Minute, func(*Answer) {}, "never 1s", "never 1s"},
		{"it is for each write", limit, none, writes, "never 1s write 1s write 1s", "never 1s write never 1s write never 1s"},
		{"it is for whole answers too", limit, none, whole, "never 1s write 1s", "never 1s write never 1s"},
		{"and for streams", limit, none, stream, "never 1s flush 1s write 1s flush 1s", "never never 1s flush never 1s write never 1s flush never 1s"},
		{"it can lift the server's", lifted, limit, stream, "never lift flush write flush", "never never lift flush write flush"},
		{"a connection that was taken over is neither timed nor written to", limit, none, hijack, "never", "never"},
	}
	for _, tt := range tests {
		for major, want := range map[int]string{1: tt.http1, 2: tt.http2} {
			synctest.Test(t, func(t *testing.T) {
				w := &timed{header: http.Header{}}
				r := httptest.NewRequest("GET", "/", nil)
				r = r.WithContext(context.WithValue(t.Context(), http.ServerContextKey, &http.Server{WriteTimeout: tt.server}))
				r.ProtoMajor = major
				a := new(Answer)
				a.Begin(w, r, &route.Env{Service: &route.Service{Limits: route.Resolved(crossfade.Limits{WriteTimeout: tt.route})}})
				tt.do(a)
				_ = a.Close()
				if diff := cmp.Diff(strings.Fields(want), w.log); diff != "" {
					t.Errorf("HTTP/%d: %s (-want +got)\n%s", major, tt.rule, diff)
				}
			})
		}
	}
}

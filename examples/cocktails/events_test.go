package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/fetch"
)

// stream is an open event stream, read line by line.
type stream struct {
	t     *testing.T
	lines *bufio.Reader
	body  io.Closer
}

func (c *client) stream() *stream {
	c.t.Helper()
	res := c.open("GET", "/api/likes", "")
	c.t.Cleanup(func() { res.Body.Close() })
	got := answer{res.StatusCode, map[string]string{}, ""}
	for name, values := range res.Header {
		got.Header[name] = strings.Join(values, "\n")
	}
	delete(got.Header, "Date")
	c.compare("GET /api/likes", expect(200, "", "Content-Type: text/event-stream", "Cache-Control: no-cache, no-transform"), got)
	return &stream{c.t, bufio.NewReader(res.Body), res.Body}
}

// event is the next event as it comes over the wire.
func (s *stream) event() string {
	s.t.Helper()
	var event strings.Builder
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			s.t.Fatalf("the stream ended: %v", err)
		}
		if line == "\n" {
			return event.String()
		}
		event.WriteString(line)
	}
}

// Who has the head of the stream misses nothing from then on, and everybody
// hears everything.
func TestStream(t *testing.T) {
	s := start(t)
	ada, grace := s.member("ada", "lovelace"), s.member("grace", "hopper")
	streams := []*stream{s.visitor().stream(), ada.stream()}
	ada.ask("POST", "/api/cocktails/negroni/like", "")
	grace.ask("POST", "/api/cocktails/negroni/like", "")
	grace.ask("POST", "/api/cocktails/mojito/like", "")
	ada.ask("POST", "/api/cocktails/water/like", "")
	grace.ask("POST", "/api/cocktails/paloma/like", "")
	want := []string{
		"event: like\ndata: {\"id\":\"negroni\",\"likes\":1}\n",
		"event: like\ndata: {\"id\":\"negroni\",\"likes\":2}\n",
		"event: like\ndata: {\"id\":\"mojito\",\"likes\":1}\n",
		"event: like\ndata: {\"id\":\"paloma\",\"likes\":1}\n",
	}
	for _, st := range streams {
		var got []string
		for range want {
			got = append(got, st.event())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	}
	got, _ := s.visitor().ask("HEAD", "/api/likes", "")
	s.compare("HEAD /api/likes", expect(200, "", "Content-Type: text/event-stream", "Cache-Control: no-cache, no-transform"), got)
}

// A stream outlives the time-outs of the server. That they have passed is seen
// by a connection that was opened after the stream, says nothing more, and is
// closed for it. The session comes from another process with the same database.
func TestStreamHasNoTimeout(t *testing.T) {
	db := t.TempDir() + "/cocktails.db"
	before := start(t, "-db", db)
	ada := before.member("ada", "lovelace")
	before.stop()

	s := start(t, "-db", db, "-timeout", "2s")
	listener := s.visitor().stream()
	silent, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	io.WriteString(silent, "GET / HTTP/1.1\r\n")
	io.Copy(io.Discard, silent) // until the server gives up

	cookie := ada.cookie()
	got, _ := s.visitor().ask("POST", "/api/cocktails/negroni/like", "", "Cookie: "+cookie)
	s.compare("like", expectJSON(200, `{"id":"negroni","likes":1}`), got)
	if got, want := listener.event(), "event: like\ndata: {\"id\":\"negroni\",\"likes\":1}\n"; got != want {
		t.Errorf("the stream says %q, want %q", got, want)
	}
}

// A stream on which nothing happens says so, on a clock that the test turns.
func TestStreamKeepsAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		a := &app{likes: newHub()}
		res, err := a.events(fetch.NewRequest("GET", "/api/likes").WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		st := &stream{t: t, lines: bufio.NewReader(res.Reader())}
		for range 2 {
			if got, want := st.event(), ": still here\n"; got != want {
				t.Errorf("the silent stream says %q, want %q", got, want)
			}
		}
		cancel()
		if rest, err := io.ReadAll(st.lines); err != nil || len(rest) > 0 {
			t.Errorf("after its request the stream says %q and ends with %v, want its end", rest, err)
		}
	})
}

// A listener that does not read is cut off after what it has missed, and holds
// nobody up.
func TestHubDropsTheSlow(t *testing.T) {
	h := newHub()
	slow := h.listen(t.Context())
	for i := range 20 {
		h.publish(like{"negroni", i + 1})
	}
	n := 0
	for l := range slow {
		if n++; l.Likes != n {
			t.Errorf("like %d has the count %d", n, l.Likes)
		}
	}
	if n != 16 {
		t.Errorf("the slow listener got %d likes, want the first 16", n)
	}
}

// After close nobody listens, and closing again does no harm.
func TestHubClose(t *testing.T) {
	h := newHub()
	early := h.listen(t.Context())
	h.close()
	h.close()
	h.publish(like{"negroni", 1})
	late := h.listen(t.Context())
	for name, c := range map[string]<-chan like{"early": early, "late": late} {
		if l, ok := <-c; ok {
			t.Errorf("the %s listener got %+v from a closed hub", name, l)
		}
	}
}

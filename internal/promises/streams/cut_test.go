package streams_test

// Connections that are cut at any byte.

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/eventstream"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Connections cut at random bytes, in both directions: an answer that a client takes for complete
// is complete, and the right one; whether it is framed by chunks, by its length, or by HTTP/2.
func TestCutConnections(t *testing.T) {
	const seed = 1
	requests := full.Size(200, 3000)
	events := func(n int) iter.Seq2[fetch.Event, error] {
		return func(yield func(fetch.Event, error) bool) {
			for i := range n {
				if !yield(fetch.Event{ID: fmt.Sprint(i), Data: "event"}, nil) {
					return
				}
			}
		}
	}
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			switch req.Query("kind") {
			case "length":
				b, err := req.Bytes()
				if err != nil {
					return err
				}
				return res.Send(b)
			case "events":
				b, err := req.Bytes()
				if err != nil {
					return err
				}
				return res.SSE(events(len(b) / 30))
			}
			return res.Send(req.Reader())
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			switch req.Query("kind") {
			case "length":
				b, err := req.Bytes()
				if err != nil {
					return nil, err
				}
				return fetch.Bytes(b)
			case "events":
				b, err := req.Bytes()
				if err != nil {
					return nil, err
				}
				return fetch.SSE(events(len(b) / 30))
			}
			return fetch.Stream(req.Reader())
		},
	}
	sent, complete := 0, map[string]int{}
	rng, bytesOf := rand.New(rand.NewPCG(seed, 2)), rand.NewChaCha8([32]byte{seed})
	over := []string{"HTTP/1.1", "h2c"}
	served.Matrix(t, over, "POST", "/", h, adapt.Config{}, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for range requests / len(served.Forms) / len(over) {
			kind := []string{"echo", "length", "events"}[sent%3]
			sent++
			body := make([]byte, rng.IntN(64<<10))
			bytesOf.Read(body)
			want := body
			if kind == "events" {
				want = nil
				for event := range events(len(body) / 30) {
					want = eventstream.Append(want, event)
				}
			}
			proxy := cutting(t, s.Listener.Addr().String(), rng.Int64N(2*int64(len(body)+2000)), rng.Int64N(2*int64(len(want)+2000)))
			transport := &http.Transport{Protocols: s.Client().Transport.(*http.Transport).Protocols}
			got, err := func() ([]byte, error) {
				defer transport.CloseIdleConnections()
				req, _ := http.NewRequest("POST", "http://"+proxy+"/?kind="+kind, io.MultiReader(bytes.NewReader(body)))
				res, err := (&http.Client{Transport: transport}).Do(req)
				if err != nil {
					return nil, err
				}
				defer res.Body.Close()
				got, err := io.ReadAll(res.Body)
				if err == nil && res.StatusCode != 200 {
					err = fmt.Errorf("status %d", res.StatusCode)
				}
				return got, err
			}()
			if err != nil {
				continue // visibly broken
			}
			complete[kind]++
			if !bytes.Equal(got, want) {
				t.Errorf("%s: a complete answer has %d bytes, want %d: the same as far as it goes: %v", kind, len(got), len(want), bytes.HasPrefix(want, got))
			}
		}
	})
	t.Logf("seed %d: of %d answers these were complete: %v", seed, sent, complete)
	for _, kind := range []string{"echo", "length", "events"} {
		if complete[kind] == 0 {
			t.Errorf("no answer of the kind %s was complete: nothing is proved", kind)
		}
	}
}

// cutting is a proxy for one connection, which passes just so many bytes in each direction.
func cutting(t testing.TB, to string, up, down int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer l.Close()
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer server.Close()
		done := make(chan struct{}, 2)
		go func() { io.CopyN(server, client, up); done <- struct{}{} }()
		go func() { io.CopyN(client, server, down); done <- struct{}{} }()
		<-done
		client.Close()
		server.Close()
		<-done
	}()
	return l.Addr().String()
}

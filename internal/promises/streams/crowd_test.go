package streams_test

// Many clients of one stream.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Many clients of one event stream, of whom half leave in the middle.
func TestEventsToManyClients(t *testing.T) {
	clients, events := full.Size(20, 200), full.Size(200, 10_000)
	var open atomic.Int64
	stream := func(yield func(fetch.Event, error) bool) {
		open.Add(1)
		defer open.Add(-1)
		for i := range events {
			if !yield(fetch.Event{ID: fmt.Sprint(i), Data: "x"}, nil) {
				return
			}
		}
	}
	h := served.Twins{
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SSE(stream) },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.SSE(stream) },
	}
	served.Everywhere(t, "GET", "/", h, adapt.Config{}, func(t *testing.T, s *httptest.Server) {
		var wg sync.WaitGroup
		for i := range clients {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
				res, err := s.Client().Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				defer res.Body.Close()
				if i%2 == 0 {
					io.ReadFull(res.Body, make([]byte, 100))
					return
				}
				body, err := io.ReadAll(res.Body)
				if n := bytes.Count(body, []byte("data: x\n\n")); n != events || err != nil {
					t.Errorf("%d of %d events, %v", n, events, err)
				}
			})
		}
		wg.Wait()
		for range 500 {
			if open.Load() == 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%d producers are still running", open.Load())
	})
}

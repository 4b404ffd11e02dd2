package main

// The stream of likes: a hub hands each like to everybody who listens, and each
// listener is a response that never ends by itself.

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/fetch"
)

// hub passes likes on. It is safe for any number of goroutines.
type hub struct {
	mu        sync.Mutex
	listeners map[chan like]struct{} // nil once closed
}

func newHub() *hub { return &hub{listeners: make(map[chan like]struct{})} }

// publish never waits: a listener that is 16 likes behind is cut off, and comes
// back as EventSource does.
func (h *hub) publish(l like) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		select {
		case c <- l:
		default:
			h.drop(c)
		}
	}
}

// listen returns the likes from now on. The channel is closed when ctx ends.
func (h *hub) listen(ctx context.Context) <-chan like {
	c := make(chan like, 16)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == nil {
		close(c)
		return c
	}
	h.listeners[c] = struct{}{}
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.drop(c)
	})
	return c
}

// close ends all streams, and those to come.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		h.drop(c)
	}
	h.listeners = nil
}

func (h *hub) drop(c chan like) {
	if _, ok := h.listeners[c]; ok {
		delete(h.listeners, c)
		close(c)
	}
}

// quiet is how long a stream may be silent: proxies cut off what they take for
// dead.
const quiet = 20 * time.Second

// events listens before it returns, so that whoever has the head of the answer
// misses nothing.
func (a *app) events(req *fetch.Request) (*fetch.Response, error) {
	likes := a.likes.listen(req.Context())
	return fetch.SSE(func(yield func(fetch.Event, error) bool) {
		for {
			select {
			case l, ok := <-likes:
				if !ok {
					return
				}
				data, err := json.Marshal(l)
				if !yield(fetch.Event{Name: "like", Data: string(data)}, err) {
					return
				}
			case <-time.After(quiet):
				if !yield(fetch.Event{Comment: "still here"}, nil) {
					return
				}
			}
		}
	})
}

// withoutWriteTimeout is ordinary net/http middleware: the server's time-out is
// for answers that come to an end, and a stream does not.
func withoutWriteTimeout(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).SetWriteDeadline(time.Time{}) // fails where there is none to lift
		next.ServeHTTP(w, r)
	})
}

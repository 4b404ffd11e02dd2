package dashboard

// A page that is open hears every second what has changed, as server-sent events: first the whole
// state, then the rows that are other than before, and the pair that is open. A page that loses the
// connection begins anew. A stream ends when the server or the mux shuts down, and when its visitor
// may not see it any more.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	maxStreams = 64               // at a time
	patience   = 10 * time.Second // with a page that does not read
	askAgain   = 3 * time.Second  // whether the visitor may still see it
)

// streams are those that are open.
type streams struct {
	slots chan struct{}
	mu    *sync.Mutex
	ends  map[*http.Server]chan struct{} // closed when the server begins to shut down
}

func newStreams() streams {
	return streams{slots: make(chan struct{}, maxStreams), mu: new(sync.Mutex), ends: make(map[*http.Server]chan struct{})}
}

// end is closed when the server of the request begins to shut down, which would wait for its
// streams.
func (s *streams) end(r *http.Request) <-chan struct{} {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	if server == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.ends[server]
	if end == nil {
		end = make(chan struct{})
		s.ends[server] = end
		server.RegisterOnShutdown(func() { close(end) })
	}
	return end
}

func (v visit) live() {
	select {
	case v.streams.slots <- struct{}{}:
		defer func() { <-v.streams.slots }()
	default:
		v.w.Header().Set("Retry-After", "10")
		v.fail(http.StatusServiceUnavailable, fmt.Sprintf("%d pages are open already", maxStreams))
		return
	}
	var t *tracked
	if v.r.URL.Query().Has("pair") {
		if t = v.asked(); t == nil {
			return
		}
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // for proxies that would collect it
	v.w.WriteHeader(http.StatusOK)
	control := http.NewResponseController(v.w)
	end, asked, seen := v.streams.end(v.r), time.Now(), uint64(0)
	for {
		v.watch.mu.Lock()
		s, news := v.since(v, seen), v.news
		name := "tick"
		if seen == 0 {
			name = "state"
		}
		seen = v.looks
		v.watch.mu.Unlock()
		if t != nil {
			n := 1
			if name == "state" {
				n = int(window / time.Second)
			}
			s.Open = v.open(t, v.level >= Raise, n)
		}
		text, err := json.Marshal(s)
		if err != nil {
			return
		}
		_ = control.SetWriteDeadline(time.Now().Add(patience)) // one that is not read ends, a long one does not
		if _, err = fmt.Fprintf(v.w, "event: %s\ndata: %s\n\n", name, text); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-news:
		case <-v.r.Context().Done():
			return
		case <-v.watch.stop:
			return
		case <-end:
			return
		}
		if time.Since(asked) > askAgain {
			asked = time.Now()
			if _, level := v.Authorize(v.r); level != v.level {
				return // the page asks again, and is told what it may
			}
		}
	}
}

package origin

// Whether the back end can answer: what its last request has shown, and where that is a while ago,
// a probe in the background. Nobody waits for it, so a question may get the answer of a moment ago.

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/internal/decision"
)

const (
	fresh = time.Second     // how long what is known is not probed anew
	probe = 2 * time.Second // how long a probe may take
)

type health struct {
	down    atomic.Bool
	known   atomic.Int64 // when, as decision.Now says
	probing atomic.Bool
	probe   func(context.Context) bool
}

func newHealth(c Config, base *url.URL) *health {
	h := new(health)
	h.known.Store(int64(decision.Now() - 2*fresh)) // nothing yet
	address := base.Host
	if base.Port() == "" {
		address = net.JoinHostPort(base.Hostname(), base.Scheme) // a service name is a port
	}
	h.probe = func(ctx context.Context) bool {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}
	if c.Health != "" {
		client := &http.Client{
			Transport:     &http.Transport{DisableKeepAlives: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		h.probe = func(ctx context.Context) bool {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.Scheme+"://"+base.Host+c.Health, nil)
			if err != nil {
				return false
			}
			res, err := client.Do(req)
			if err != nil {
				return false
			}
			res.Body.Close()
			return res.StatusCode < http.StatusInternalServerError
		}
	}
	return h
}

// note remembers what a request or a probe has shown.
func (h *health) note(ok bool) {
	h.down.Store(!ok)
	h.known.Store(int64(decision.Now()))
}

// healthy answers from memory, and starts a probe where that is old.
func (h *health) healthy() bool {
	if decision.Now()-time.Duration(h.known.Load()) > fresh && h.probing.CompareAndSwap(false, true) {
		go func() {
			defer h.probing.Store(false)
			ctx, cancel := context.WithTimeout(context.Background(), probe)
			defer cancel()
			h.note(h.probe(ctx))
		}()
	}
	return !h.down.Load()
}

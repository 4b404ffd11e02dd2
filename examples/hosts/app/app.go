// Package app is one small service for every host beside it: it knows none of them.
package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// New builds the mux of the service, with what a host has to say.
func New(c adapt.Config) (*adapt.Mux, error) { return c.New(routes) }

func routes(r *adapt.Routes) {
	var orders orders
	r.Fetch.GET("/events", events)
	r.Fetch.GET("/broken", broken)
	r.Fetch.GET("/slow", slow)
	r.ReqRes.GET("/visits", visits)
	r.ReqRes.GET("/panic", func(*reqres.Request, *reqres.Response) error { panic("planted") })
	r.Fetch.POST("/orders", orders.add)
	r.ReqRes.GET("/orders", orders.list)
	r.Fetch.GET("/heap", heap)
	r.Fetch.POST("/stream", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Stream(req.Reader()) })
	r.Scope(adapt.Scope{Limits: adapt.Limits{Body: 32 << 10}}, func(r *adapt.Routes) {
		r.Fetch.POST("/echo", echo)
	})
}

// Pause is the time between two events of GET /events.
const Pause = 100 * time.Millisecond

// events is a stream of n events, that is worth something only if each of them arrives at once.
func events(req *fetch.Request) (*fetch.Response, error) {
	n, err := strconv.Atoi(req.Query("n"))
	if err != nil || n > 100 {
		return nil, fetch.Errorf(400, "n is to be a number up to 100")
	}
	return fetch.SSE(func(yield func(fetch.Event, error) bool) {
		for i := range n {
			if i > 0 {
				select {
				case <-time.After(Pause):
				case <-req.Context().Done():
					slog.Info("the reader of the events has left")
					return
				}
			}
			if !yield(fetch.Event{Data: fmt.Sprint(i)}, nil) {
				slog.Info("the reader of the events has left")
				return
			}
		}
	})
}

// broken is a stream that fails in its middle, which its reader must not take for its end.
func broken(*fetch.Request) (*fetch.Response, error) {
	return fetch.StreamSeq(iter.Seq2[[]byte, error](func(yield func([]byte, error) bool) {
		_ = yield([]byte("half of "), nil) && yield(nil, errors.New("planted"))
	}))
}

// slow is for a client that does not wait for its answer.
func slow(req *fetch.Request) (*fetch.Response, error) {
	slog.Info("somebody waits")
	select {
	case <-req.Context().Done():
		slog.Info("nobody waits any more")
		return nil, context.Cause(req.Context())
	case <-time.After(20 * time.Second):
		return fetch.Text("at last")
	}
}

// visits counts in one cookie and leaves another one alone, so that there are two.
func visits(req *reqres.Request, res *reqres.Response) error {
	seen, _ := req.Cookie("visits")
	res.Cookie("visits", seen+"I", reqres.CookieOptions{HTTPOnly: true})
	res.Cookie("theme", "dark, \"quoted\"", reqres.CookieOptions{})
	return res.Append("Link", "</a>; rel=next", "</b>; rel=prev").JSON(map[string]string{"visits": seen, "host": req.Hostname(), "ip": req.IP(), "scheme": req.Protocol()})
}

// echo answers the bytes that it was sent, whatever they are. More than the limit is a 413.
func echo(req *fetch.Request) (*fetch.Response, error) {
	b, err := req.Bytes()
	if err != nil {
		return nil, err
	}
	return fetch.Bytes(b)
}

// orders are answered at once, and carried out afterwards.
type orders struct{ done atomic.Int64 }

func (o *orders) add(req *fetch.Request) (*fetch.Response, error) {
	err := adapt.After(req.Context(), func(context.Context) {
		time.Sleep(50 * time.Millisecond)
		slog.Info("carried out", "orders", o.done.Add(1))
	})
	if err != nil {
		return nil, err
	}
	return fetch.JSON("accepted", fetch.Status(202))
}

func (o *orders) list(_ *reqres.Request, res *reqres.Response) error {
	return res.JSON(map[string]int64{"done": o.done.Load()})
}

// heap says how much is in use, without what nobody needs any more.
func heap(*fetch.Request) (*fetch.Response, error) {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // pools and finalizers hold on for one collection
	runtime.ReadMemStats(&m)
	return fetch.JSON(m.HeapAlloc)
}

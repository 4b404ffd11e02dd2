package adapt

// The end of an answer: what a log line and a metric are made of.

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Ended is an answer over the wire that has ended, as OnEnd is told it.
type Ended struct {
	// Request is the request as the handler had it, with the context that middleware has put in
	// place. It must not be changed, and its body is gone.
	Request *http.Request
	// Route is the path of the route's pattern, such as /users/:id; "" for what belongs to none.
	Route string
	// Status is that of the answer; 0 where the connection was cut before there was one.
	Status int
	// Bytes is the length of the body that was sent.
	Bytes int64
	// Duration is the time since the mux was given the request.
	Duration time.Duration
	// IP is the address of the client, as Request.IP of both shapes has it.
	IP string
	// RequestID is the id of the request; "" where Config.RequestID is not set.
	RequestID string
	// Side is the side of a migration that has answered, "old" or "new"; "" for other routes.
	Side string
	// Broken says that the answer is not complete: the handler failed in the middle of it, or the
	// client has left.
	Broken bool
}

// OnEnd runs f once for each answer over the wire, in whatever shape it was made, when it has
// ended: after the last byte of a stream, and after the connection of one that was upgraded. In a
// function of New it runs for every answer of the mux, in a Scope for the answers of the scope's
// routes, as OnHead does; it does not run for an answer in process (Mux.Fetch). A panic of f is a
// line in the log.
func (r *Routes) OnEnd(f func(Ended)) {
	if s := r.s.hooked("OnEnd", f == nil); s != nil {
		s.ends = append(s.ends, f)
	}
}

type endHook = func(Ended)

// whenEnded makes one function of the hooks, for the end of an exchange; nil of none.
func (m *Mux) whenEnded(hooks []endHook) func(ctx context.Context, broken bool) {
	if len(hooks) == 0 {
		return nil
	}
	return func(ctx context.Context, broken bool) {
		x := exchange.FromContext(ctx)
		m.tellEnd(hooks, Ended{
			Request: x.Handled(), Route: x.Route(), Status: x.Status(), Bytes: x.Written(), Duration: time.Since(x.Began()), IP: x.IP(),
			RequestID: x.R.Header.Get(x.Env.RequestID), Side: x.SideName(), Broken: broken,
		})
	}
}

func (m *Mux) tellEnd(hooks []endHook, e Ended) {
	for _, hook := range hooks {
		func() {
			defer func() {
				if v := recover(); v != nil {
					err := exchange.NewPanicError(v)
					m.env.Logger().ErrorContext(e.Request.Context(), "a function of OnEnd panicked", "error", err, "route", e.Route, "stack", string(err.Stack))
				}
			}()
			hook(e)
		}()
	}
}

// RequestLog returns a function for OnEnd that logs each answer: method, path, route, status,
// bytes, duration, the client's address, and where there is one the request's id and the side of a
// migration that has answered. The level is Error for a 5xx, Warn for an answer that is not
// complete, else Info. A nil logger is slog.Default(), asked for at each record. The record has the
// context that the handler had.
func RequestLog(logger *slog.Logger) func(Ended) {
	return func(e Ended) {
		l := logger
		if l == nil {
			l = slog.Default()
		}
		level := slog.LevelInfo
		switch {
		case e.Status >= 500:
			level = slog.LevelError
		case e.Broken:
			level = slog.LevelWarn
		}
		attrs := append(make([]slog.Attr, 0, 10),
			slog.String("method", e.Request.Method), slog.String("path", e.Request.URL.Path), slog.String("route", e.Route),
			slog.Int("status", e.Status), slog.Int64("bytes", e.Bytes), slog.Duration("duration", e.Duration), slog.String("ip", e.IP))
		if e.RequestID != "" {
			attrs = append(attrs, slog.String("request_id", e.RequestID))
		}
		if e.Side != "" {
			attrs = append(attrs, slog.String("side", e.Side))
		}
		if e.Broken {
			attrs = append(attrs, slog.Bool("broken", true))
		}
		l.LogAttrs(e.Request.Context(), level, "request", attrs...)
	}
}

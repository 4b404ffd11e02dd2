package message

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
)

// Env is what the mux fixes for a route when it is built and every request of
// that route reads. It is never written after New. A handler that is served
// without a mux runs in the zero Env's defaults.
type Env struct {
	*Service

	// Head runs at the commit, in order, in every shape.
	Head []func(r *http.Request, status int, h http.Header)
	// Tame says that Head concerns neither the framing nor the Content-Type.
	Tame bool

	CatchAll bool     // the last value is a catch-all's: several segments
	Names    []string // of the parameters, in the order of their values

	// Route names the route, for the log; nil where there is none.
	Route func() (pattern, handler, source string)
}

// Service is what many routes have in common.
type Service struct {
	Limits  Limits // resolved
	Log     *slog.Logger
	Proxies []netip.Prefix
	Debug   bool

	// Settings is the *reqres.Settings of the mux; nil means their zero value.
	Settings any

	// Render answers an error in place of the default body; false means that
	// it did not.
	Render func(x *Exchange, err error) bool

	// Value is asked first for a value of the request's context.
	Value func(x *Exchange, key any) any

	// After takes work to be done once the answer is complete.
	After func(x *Exchange, ctx context.Context, f func(context.Context)) error
}

var defaultEnv = &Env{Service: &Service{Limits: ResolvedLimits(Limits{})}}

func (e *Env) logger() *slog.Logger {
	if e.Log == nil {
		return slog.Default()
	}
	return e.Log
}

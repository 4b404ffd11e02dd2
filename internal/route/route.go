// Package route holds what is fixed for a route when the mux is built, and which every request of
// it reads. It knows the handlers of no shape.
package route

import (
	"context"
	"iter"
	"log/slog"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/peer"
)

// Env is what the requests of one route share. It is never written after New; a request for which
// something else holds gets a copy.
type Env struct {
	*Service

	// Pattern is the method and the path of the route, as http.Request.Pattern has them; "" where
	// there is none.
	Pattern string

	// Guards are asked before anything else of the route runs; see Guard.
	Guards []Guard

	// Head runs when the head of an answer goes out, in order, in every shape.
	Head []func(r *http.Request, status int, h http.Header)
	// Hooked says that one of Head or End is the user's, and is told the request as its handler had
	// it.
	Hooked bool
	// End runs when an answer over the wire has ended. ctx is that of the first exchange of the
	// request; broken says that the answer is not complete.
	End func(ctx context.Context, broken bool)

	Names    []string // of the parameters, in the order of their values
	CatchAll bool     // the last value is a catch-all's: several segments
	// Values are the raw values of Names where they do not stand in the request itself: because
	// they are more than fit there, or because Request.WithParam has set one.
	Values []string

	// Unparsed says that the handler, of a migration the old one, is not one of the mutable shape:
	// no Settings have its body parsed before it or its middleware runs.
	Unparsed bool

	// Answers is what answers take over from the mutable shape; nil is nothing.
	Answers *Answers

	// Route names the route, for the log; nil where there is none. old asks for the handler of the
	// old side of a migration.
	Route func(old bool) (pattern, handler, source string)
}

// Guard lets a request pass, with the context that it returns (nil: unchanged), or refuses it.
type Guard = func(*http.Request) (context.Context, error)

// Service is what the Envs of a route have in common: that of the route, and those of requests for
// which something else holds.
type Service struct {
	Limits  crossfade.Limits // resolved, see Resolved
	Log     *slog.Logger     // nil is slog.Default()
	Proxies peer.Proxies
	// RequestID is the header with the id of a request, which each has; "" where none has.
	RequestID string
	Debug     bool

	// Mux is the *adapt.Mux; nil without one.
	Mux any

	// Settings is the *reqres.Settings of the mux; nil means their zero value.
	Settings any

	// Rendered decides how an error is answered; nil leaves it to the default. ctx is that of the
	// exchange which is to be answered.
	Rendered func(ctx context.Context, err error) *Rendered

	// Params makes the value that the contexts of requests have for ParamsKey, of the path
	// parameters, decoded.
	Params    func(iter.Seq2[string, string]) any
	ParamsKey any

	// After takes work to be done once the answer to the request of ctx is complete.
	After func(ctx context.Context, f func(context.Context)) error
}

// Default is the Env of a handler that is served without a mux.
var Default = &Env{Service: &Service{Limits: Resolved(crossfade.Limits{})}}

// Logger returns Log, or the default.
func (e *Env) Logger() *slog.Logger {
	if e.Log == nil {
		return slog.Default()
	}
	return e.Log
}

package adapt

// Hosts that freeze a process once it has answered, and so have to wait for what goes on after the
// answer.

import (
	"context"
	"errors"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Wait waits for the work that goes on after the answer to the request of ctx: what After was
// given, and the shadow runs of migrations. It is for hosts that freeze a process once it has
// answered, as AWS Lambda does, and for the waitUntil of a worker. Work that is given to After
// while Wait waits is waited for too.
//
// ctx is the context of a request that a Mux serves, one made from it, or one made from what
// Waitable returns; for any other one Wait returns an error. Wait gives up when ctx ends, with its
// cause. But the request's own end, be it answered or its client gone, cuts nothing off: then only
// a deadline counts. A handler, or a function of OnEnd, waits for its own request in vain: the work
// begins after them.
func Wait(ctx context.Context) error {
	w := exchange.WorkOf(ctx)
	if w == nil {
		return errors.New("adapt: Wait: no request of a mux has this context: give the mux a request with the context that Waitable returns, and Wait one made from it")
	}
	return w.Wait(ctx)
}

// Waitable returns a context for requests that are given to a mux, by which Wait finds their work:
//
//	ctx := adapt.Waitable(r.Context())
//	mux.ServeHTTP(w, r.WithContext(ctx))
//	err := adapt.Wait(context.WithoutCancel(ctx)) // also where the client has gone
//
// It may be the context of several requests, whose work is then waited for together.
func Waitable(ctx context.Context) context.Context { return exchange.WithWork(ctx) }

package adapt

// What the context of a request knows beside the values of its user.

import (
	"context"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Locals returns the values that the request of ctx carries from middleware to handler, whatever
// the shapes: the map that reqres.Response.Locals returns, so that what middleware of the old shape
// leaves there can be read in the new one. It is not safe for concurrent use. ctx is the context of
// a request that a Mux serves, or one made from it; for any other one Locals is nil, which can be
// read and not written to.
func Locals(ctx context.Context) map[string]any {
	if x := exchange.FromContext(ctx); x != nil {
		return x.Locals()
	}
	return nil
}

// RequestID returns the id of the request of ctx, "" where Config.RequestID is not set.
func RequestID(ctx context.Context) string {
	x := exchange.FromContext(ctx)
	if x == nil || x.Env.RequestID == "" {
		return ""
	}
	return x.R.Header.Get(x.Env.RequestID)
}

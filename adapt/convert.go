package adapt

// From one shape to the other. A func value carries no data, so a converted handler is known by its
// code pointer and asked for its origin with a request that no user holds; a round trip then is the
// original itself, with nothing in between.

import (
	"errors"
	"net/http"
	"reflect"
	"slices"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/rollout"
	"github.com/crossfade-go/crossfade/reqres"
)

// The doors of the two shapes.
var (
	inFetch  = fetch.Internal(door.Key())
	inReqRes = reqres.Internal(door.Key())
)

// ToFetch makes a handler of the immutable shape from one of the mutable shape. The handler runs on
// a goroutine of its own; its head is handed over at its first flush, or when its answer is
// complete or exceeds 4 KiB, and a stream is never buffered. ToFetch(ToReqRes(h)) is h.
//
// Where the context of the request ends before the head, at a deadline say, the handler has 50 ms
// to answer all the same. Then it is given up: the error is the context's cause, and what the
// handler writes is refused. Only where the client has gone it is waited for, as it is natively.
//
// Such a handler may upgrade the connection, where there is one. It waits until the 101 has passed
// whatever is around it; middleware that does not let it pass is an error for the handler.
func ToFetch(h reqres.Handler) fetch.Handler { return toFetch(h, true) }

// toFetch is ToFetch. parses says that the body may be parsed before h also where the route's handler
// is of another shape: h is a handler, and not middleware around that one.
func toFetch(h reqres.Handler, parses bool) fetch.Handler {
	if h == nil {
		return nil
	}
	switch o := originOf(h).(type) {
	case fetch.Handler:
		return o
	case http.Handler:
		return fetch.FromHTTP(o)
	}
	return newToFetch(h, parses)
}

//go:noinline
func newToFetch(h reqres.Handler, parses bool) fetch.Handler {
	serve := func(b *engine.Body) error {
		res := b.Room.(*reqres.Response)
		req, x := inReqRes.EnterIn(res)
		b.Enter(x)
		return b.Leave(x, inReqRes.Answer(h, req, res, parses))
	}
	return func(req *fetch.Request) (*fetch.Response, error) {
		if req == inFetch.OriginProbe() {
			return nil, exchange.Origin{Handler: h}
		}
		if err := req.Err(); err != nil {
			return nil, err
		}
		run := new(struct {
			body engine.Body
			res  reqres.Response
		})
		run.body.Room = &run.res
		return inFetch.Run(inFetch.Exchange(req), &run.body, serve)
	}
}

// ToReqRes makes a handler of the mutable shape from one of the immutable shape. Headers that were
// set on res before stay unless the response has them too; cookies and Vary are added to.
// ToReqRes(ToFetch(h)) is h.
func ToReqRes(h fetch.Handler) reqres.Handler {
	if h == nil {
		return nil
	}
	switch o := originOf(h).(type) {
	case reqres.Handler:
		return o
	case http.Handler:
		return reqres.FromHTTP(o)
	}
	return newToReqRes(h)
}

//go:noinline
func newToReqRes(h fetch.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		if req == inReqRes.OriginProbe() {
			return exchange.Origin{Handler: h}
		}
		x := inReqRes.Exchange(req)
		inner := new(fetch.Request)
		inFetch.Exchange(inner).Fork(x, exchange.Inner, x.W, x.R)
		r, err := h(inner)
		if in := inFetch.InError(err); in != nil && x.Env.Rendered == nil {
			r.Close()
			r, err = in, nil // without a mux nobody around knows what it is
		}
		if err != nil {
			r.Close()
			return err
		}
		if err := res.Err(); err != nil {
			r.Close()
			return err
		}
		return inFetch.Send(x, r)
	}
}

// ToFetchMiddleware makes middleware of the immutable shape from one of the mutable shape.
// ToFetchMiddleware(nil) is nil.
func ToFetchMiddleware(mw reqres.Middleware) fetch.Middleware {
	if mw == nil {
		return nil
	}
	return func(next fetch.Handler) fetch.Handler { return toFetch(mw(ToReqRes(next)), false) }
}

// ToReqResMiddleware makes middleware of the mutable shape from one of the immutable shape.
// ToReqResMiddleware(nil) is nil.
func ToReqResMiddleware(mw fetch.Middleware) reqres.Middleware {
	if mw == nil {
		return nil
	}
	return func(next reqres.Handler) reqres.Handler { return ToReqRes(mw(toFetch(next, false))) }
}

// What answers the question of its origin, by its code.
var (
	madeInFetch  = []uintptr{pc(newToFetch(nil, false)), pc(fetch.FromHTTP(http.HandlerFunc(nil))), pc(fetch.Typed[struct{}, struct{}](nil))}
	madeInReqRes = []uintptr{pc(newToReqRes(nil)), pc(reqres.FromHTTP(http.HandlerFunc(nil)))}
	onErrorPC    = pc(reqres.OnError(nil))
	etagPC       = pc(fetch.ETag)
	fetchProbe   = inFetch.OriginProbe()
	reqresProbe  = inReqRes.OriginProbe()
)

func pc(f any) uintptr { return reflect.ValueOf(f).Pointer() }

// made asks a handler of either shape what it was made of; the zero Origin is that of all others.
func made(h any) exchange.Origin {
	var err error
	switch h := h.(type) {
	case fetch.Handler:
		if slices.Contains(madeInFetch, pc(h)) {
			_, err = h(fetchProbe)
		}
	case reqres.Handler:
		if slices.Contains(madeInReqRes, pc(h)) {
			err = h(reqresProbe, nil)
		}
	}
	o, _ := errors.AsType[exchange.Origin](err)
	return o
}

// originOf returns what h was converted from, a handler of the other shape or an http.Handler, or
// nil.
func originOf(h any) any {
	if o := made(h); o.Typed == nil {
		return o.Handler
	}
	return nil
}

// origin returns the function that the user wrote, behind all conversions.
func origin(h any) any {
	h = unconverted(h)
	if o := made(h); o.Typed != nil {
		return o.Handler
	}
	return h
}

// unconverted returns the handler behind all conversions.
func unconverted(h any) any {
	for o := originOf(h); o != nil; o = originOf(h) {
		h = o
	}
	return h
}

// isNil reports whether h is not a handler: nil, or a function type's nil.
func isNil(h any) bool {
	v := reflect.ValueOf(h)
	return !v.IsValid() || v.Kind() == reflect.Func && v.IsNil()
}

// errorHandlers returns the handlers given to reqres.OnError in a chain, innermost first. Such a
// middleware is known as a conversion is.
func errorHandlers(chain []middleware) (handlers []rollout.ErrorHandler) {
	for _, m := range slices.Backward(chain) {
		if m.reqres == nil || pc(m.reqres) != onErrorPC {
			continue
		}
		o, _ := errors.AsType[exchange.Origin](m.reqres(nil)(reqresProbe, nil))
		if handle, ok := o.Handler.(rollout.ErrorHandler); ok {
			handlers = append(handlers, handle)
		}
	}
	return handlers
}

// tags reports whether fetch.ETag is in a chain.
func tags(chain []middleware) bool {
	return slices.ContainsFunc(chain, func(m middleware) bool { return m.fetch != nil && pc(m.fetch) == etagPC })
}

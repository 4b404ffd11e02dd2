package exchange

// What becomes of an error or a panic: an answer, or a connection that is cut.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/internal/status"
)

// Finish ends the exchange. Defer it, with a pointer to the handler's error, around the handler: it
// recovers a panic, answers an error, or cuts the connection where an answer cannot be completed.
// Whatever panics on the way, the request is released.
func (x *Exchange) Finish(err *error) {
	if v := recover(); v != nil {
		*err = Recovered(v)
	}
	abort := *err != nil && x.conclude(*err)
	if short := x.release(abort); short != nil && !abort {
		if *err == nil {
			x.logError(short, "an answer is incomplete")
		}
		abort = true
	}
	if abort && x.cuts() {
		panic(http.ErrAbortHandler)
	}
}

// cuts reports whether a panic with ErrAbortHandler cuts the connection: in net/http's server, and
// in an exchange around this one, which has the say then. Elsewhere nobody would recover it (as
// httputil.ReverseProxy has it).
func (x *Exchange) cuts() bool {
	return x.up != nil || x.R.Context().Value(http.ServerContextKey) != nil
}

// conclude answers err and reports whether the connection must be cut.
func (x *Exchange) conclude(err error) (abort bool) {
	defer func() {
		if v := recover(); v != nil { // of a hook of the head, or the writer
			abort = v == http.ErrAbortHandler || !x.lastResort(NewPanicError(v))
		}
	}()
	err = Sound(err)
	switch {
	case err == nil:
	case errors.Is(err, http.ErrAbortHandler):
		return true
	case !x.Committed():
		return x.answer(err)
	default:
		if !x.gone(err) {
			x.logError(err, "the handler failed after its answer had begun")
		}
		whole := x.Ended() || status.NullBody(x.Status()) || x.R.Method == http.MethodHead // a head alone is
		return !whole || x.Unsure()
	}
	return false
}

// lastResort answers where even the answer to an error has panicked: without hooks, which have had
// their turn, and without what anybody may have set.
func (x *Exchange) lastResort(err error) (ok bool) {
	defer func() { ok = ok && recover() == nil }()
	x.logError(err, noErrorAnswer)
	if x.Committed() {
		return false
	}
	x.Silent = true
	h := x.W.Header()
	clear(h)
	h["Content-Type"] = []string{"application/json"}
	body := ErrorBody(err, http.StatusInternalServerError)
	if x.R.Method == http.MethodHead {
		body = nil
	}
	return x.SendWhole(h, http.StatusInternalServerError, "", body) == nil
}

// gone reports whether err is only the echo of the client's leaving, or of its wanting no more than
// the head.
func (x *Exchange) gone(err error) bool {
	if x.Failed() || errors.Is(err, ErrClientGone) || errors.Is(err, outbound.ErrAnswerComplete) {
		return true
	}
	if x.R.Method == http.MethodHead && x.Complete() && errors.Is(err, context.Canceled) {
		return true
	}
	return x.R.Context().Err() == context.Canceled
}

// Whole returns an error where the head has promised more than was written, for whoever is not to
// finish x: one that cuts the connection, as it would be natively.
func (x *Exchange) Whole() error {
	short := x.Short()
	if short == nil {
		return nil
	}
	x.logError(short, "an answer is incomplete")
	return fmt.Errorf("%w: %w", http.ErrAbortHandler, short)
}

// Late returns err, or nil where the answer was complete before it: then it is logged, and changes
// nothing.
func (x *Exchange) Late(err error) error {
	if err = Sound(err); err == nil || errors.Is(err, http.ErrAbortHandler) || !x.Ended() {
		return err
	}
	if !x.gone(err) {
		x.logError(err, "the handler failed after its answer had begun")
	}
	return nil
}

// Fail answers err in place of the handler, for code that has no caller to return it to. It reports
// whether an answer could be given.
func (x *Exchange) Fail(err error) bool {
	return err == nil || !x.conclude(err) && x.Short() == nil
}

// answer sends the error response; it reports whether even that broke.
func (x *Exchange) answer(err error) (broken bool) {
	x.BreakPromise()
	x.takeHead(err)
	extra, refused := crossfade.Internal(door.Key()).HeadersOf(err)
	if refused != nil {
		err, extra = &crossfade.Error{Err: fmt.Errorf("%w (for the error %q)", refused, err)}, nil
	}
	code, gone := StatusOf(err), x.gone(err)
	// What the client gets decides whether something has failed, be it rendered by others.
	defer func() {
		if sent := x.Status(); (sent >= 500 || sent == 0 && code >= 500) && !gone {
			x.logError(err, "the handler failed")
		}
	}()
	h, rendered := x.W.Header(), x.Rendered(err)
	_, plain := errors.AsType[*TextError](err)
	if !plain || rendered != nil {
		Clear(h)
	}
	if code == http.StatusRequestEntityTooLarge || code == http.StatusRequestTimeout {
		x.cutUpload()
	}
	if r, ok := errors.AsType[*route.Rendered](err); !ok || !r.Handled {
		merge(h, extra, "Set-Cookie") // those of the session, and of middleware, stay
	}
	if rendered != nil && x.sent(rendered) {
		return false
	}
	if x.Committed() {
		return true
	}
	var b []byte
	if plain {
		b = []byte(TextOf(err, code))
		for _, name := range [...]string{"Content-Encoding", "Content-Length", "Etag"} {
			delete(h, name) // of the body that was not sent
		}
	} else {
		b = x.errorBody(h, err, code)
	}
	if x.R.Method == http.MethodHead {
		x.SetLength(h, len(b))
		b = nil
	}
	return x.SendWhole(h, code, "", b) != nil
}

// sent sends what an error has become, and reports whether it could.
func (x *Exchange) sent(r *route.Rendered) (answered bool) {
	x.run(noErrorAnswer, func() {
		sendErr := x.SendRendered(r)
		if sendErr != nil {
			x.Log(fmt.Errorf("the response to an error cannot be sent: %w", sendErr))
		}
		answered = sendErr == nil
	})
	return answered
}

// Rendered returns what the mux makes of err; nil: the default answer.
func (x *Exchange) Rendered(err error) (r *route.Rendered) {
	if x.Env.Rendered != nil {
		x.run(noErrorAnswer, func() { r = x.Env.Rendered((*exchangeContext)(x), err) })
	}
	return r
}

// SendRendered answers with what an error has become.
func (x *Exchange) SendRendered(r *route.Rendered) error { return r.Send((*exchangeContext)(x)) }

// errorBody returns the default body of an error, and puts into h what describes it. A client's
// mistake is answered as the JSON of a handler is.
func (x *Exchange) errorBody(h http.Header, err error, code int) []byte {
	b := ErrorBody(err, code)
	a := x.Env.Answers
	if a == nil || code >= 500 {
		x.SetHeader(h, "Content-Type", "application/json")
		return b
	}
	if a.Respace != nil {
		b = a.Respace(b)
	}
	x.SetHeader(h, "Content-Type", a.JSON)
	if a.Tag != nil {
		if tag := a.Tag("", b, false); tag != "" {
			x.SetHeader(h, "Etag", tag)
		}
	}
	return b
}

// Clear removes the headers that describe a body which will not be sent, so that an error page is
// not cached, decoded or revalidated as the answer that it replaces. The others, set by middleware,
// stay.
func Clear(h http.Header) {
	for _, name := range [...]string{
		"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
		"Content-Range", "Content-Type", "Etag", "Expires", "Last-Modified", "Location",
	} {
		delete(h, name)
	}
}

// What the log says of errors that a client is not told.
const (
	leftBehind    = "a request left an error behind"
	noErrorAnswer = "the answer to an error failed"
)

// Log records an error that no caller can be given.
func (x *Exchange) Log(err error) { x.logError(err, leftBehind) }

func (x *Exchange) logError(err error, text string) {
	defer func() { _ = recover() }() // a logger that panics is not a reason for a request to hang
	attrs := []slog.Attr{
		slog.String("method", x.R.Method),
		slog.String("path", x.R.URL.Path),
		slog.Any("error", err),
	}
	side := x.root().servedBy()
	if x.Env.Route != nil {
		pattern, handler, source := x.Env.Route(side == OldSide)
		attrs = append(attrs, slog.String("route", pattern), slog.String("handler", handler), slog.String("source", source))
	}
	if side != 0 {
		attrs = append(attrs, slog.String("side", x.SideName()))
	}
	if x.Env.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", x.R.Header.Get(x.Env.RequestID)))
	}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	ctx := x.Context()
	if x.up == nil && x.ownContext() == nil {
		if s := x.Seen.Load(); s != nil {
			ctx = (*s).Shown().Context() // that of the handler
		}
	}
	x.Env.Logger().LogAttrs(ctx, slog.LevelError, text, attrs...)
}

// cutUpload lets an answer go out at once although the client is still sending.
func (x *Exchange) cutUpload() {
	if x.R.ProtoMajor != 1 || x.Bodyless() {
		return
	}
	x.Cut(x.W)
	// The deadline also ends the request's context, for which a conversion would give up on this
	// very answer. So it comes last.
	if root := x.root(); !root.Closed() {
		conn := http.NewResponseController(root.W)
		root.Cleanup(func() { conn.SetReadDeadline(time.Now()) })
	}
}

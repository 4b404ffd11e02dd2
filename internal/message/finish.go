package message

// The end of an exchange: what becomes of an error or a panic, and the return
// of everything that the request has held.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/status"
)

// Finish ends the exchange. Defer it, with a pointer to the handler's error,
// around the handler: it recovers a panic, answers an error, or cuts the
// connection where an answer cannot be completed.
func (x *Exchange) Finish(err *error) {
	if v := recover(); v != nil {
		if v == http.ErrAbortHandler {
			*err = http.ErrAbortHandler
		} else {
			*err = NewPanicError(v)
		}
	}
	abort := *err != nil && x.settle(*err)
	if short := x.release(); short != nil && !abort {
		if *err == nil {
			x.logError(short, "an answer is incomplete")
		}
		abort = true
	}
	if abort {
		panic(http.ErrAbortHandler)
	}
}

// settle answers err and reports whether the connection must be cut.
func (x *Exchange) settle(err error) (abort bool) {
	switch {
	case err == nil:
	case errors.Is(err, http.ErrAbortHandler):
		return true
	case !x.Committed():
		if aborted := x.answer(err); aborted {
			return true
		}
	default:
		if !x.gone(err) {
			x.logError(err, "the handler failed after its answer had begun")
		}
		if !x.hasEnded() && !status.NullBody(x.Status()) && x.R.Method != http.MethodHead { // a head alone is whole
			return true
		}
	}
	return false
}

func (x *Exchange) hasEnded() bool {
	x.mu.Lock() // an answer that is under way comes to its end
	defer x.mu.Unlock()
	return x.is(complete | ended)
}

// Complete returns an error where the head has promised more than was written.
func (x *Exchange) Complete() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.short()
}

func (x *Exchange) short() error {
	if !x.is(committed) || x.filled() || x.hijacked() {
		return nil
	}
	return fmt.Errorf("the body has %d bytes, its Content-Length said %d", x.written, x.declared)
}

// filled reports whether the body is as long as the head has promised.
func (x *Exchange) filled() bool {
	return x.declared < 0 || x.written == x.declared || x.R.Method == http.MethodHead || status.NullBody(int(x.status))
}

func (x *Exchange) hijacked() bool { return x.status == http.StatusSwitchingProtocols }

// gone reports whether err is only the echo of the client's leaving, or of its
// wanting no more than the head.
func (x *Exchange) gone(err error) bool {
	if x.is(unread) || errors.Is(err, ErrClientGone) || errors.Is(err, ErrAnswerComplete) {
		return true
	}
	if x.R.Method == http.MethodHead && x.is(ended) && errors.Is(err, context.Canceled) {
		return true
	}
	ctx := x.R.Context()
	return ctx.Err() == context.Canceled
}

// Fail answers err in place of the handler, for code that has no caller to
// return it to. It reports whether an answer could be given.
func (x *Exchange) Fail(err error) bool {
	return err == nil || !x.settle(err) && x.Complete() == nil
}

// answer sends the error response; it reports whether even that broke.
func (x *Exchange) answer(err error) (broken bool) {
	code := StatusOf(err)
	if code >= 500 && !x.gone(err) {
		x.logError(err, "the handler failed")
	}
	_, plain := errors.AsType[*TextError](err)
	var kept http.Header
	if plain {
		kept = x.W.Header().Clone()
	}
	h := x.W.Header()
	if len(h) > 0 {
		x.ShareHeader()
		Clear(h)
	}
	if code == http.StatusRequestEntityTooLarge || code == http.StatusRequestTimeout {
		x.cutUpload()
	}
	x.addHeaders(h, crossfade.Internal(door.Key()).HeadersOf(err))
	if x.Env.Render != nil && x.Env.Render(x, err) {
		return false
	}
	if x.Committed() {
		return true
	}
	var b []byte
	if plain {
		b = []byte(TextOf(err, code))
		for name, values := range kept {
			if h[name] == nil { // what the error says of it counts
				h[name] = values
			}
		}
		for _, name := range [...]string{"Content-Encoding", "Content-Length", "Etag"} {
			delete(h, name) // of the body that was not sent
		}
	} else {
		b = ErrorBody(err, code)
		x.SetHeader(h, "Content-Type", "application/json")
	}
	if x.R.Method == http.MethodHead {
		b = nil
	}
	return x.Answer(h, code, "", b) != nil
}

func (x *Exchange) addHeaders(h, extra http.Header) {
	if len(extra) > 0 {
		x.ShareHeader()
	}
	for name, values := range extra {
		if name == "Set-Cookie" { // those of the session, and of middleware, stay
			values = append(slices.Clip(h[name]), values...)
		}
		h[name] = slices.Clone(values)
	}
}

// Clear removes the headers that describe a body which will not be sent, so
// that an error page is not cached, decoded or revalidated as the answer that
// it replaces. The others, set by middleware, stay.
func Clear(h http.Header) {
	for _, name := range [...]string{
		"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
		"Content-Range", "Content-Type", "Etag", "Expires", "Last-Modified", "Location",
	} {
		delete(h, name)
	}
}

// Log records an error that no caller can be given.
func (x *Exchange) Log(err error) { x.logError(err, "a request left an error behind") }

func (x *Exchange) logError(err error, text string) {
	attrs := []slog.Attr{
		slog.String("method", x.R.Method),
		slog.String("path", x.R.URL.Path),
		slog.Any("error", err),
	}
	if x.Env.Route != nil {
		pattern, handler, source := x.Env.Route()
		attrs = append(attrs, slog.String("route", pattern), slog.String("handler", handler), slog.String("source", source))
	}
	if p, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	x.Env.logger().LogAttrs(x.Context(), slog.LevelError, text, attrs...)
}

// Release gives back what the request has held, and refuses further writes.
func (x *Exchange) Release() { x.release() }

// release also does what Complete does, while it has the lock.
func (x *Exchange) release() (short error) {
	if !x.is(complete) || x.Env.Limits.WriteTimeout != 0 {
		x.mu.Lock() // a write that is under way ends first
		short = x.short()
		x.lastClock()
		x.state.Or(closed)
		x.mu.Unlock()
	} else {
		x.state.Or(closed)
	}
	if x.nested {
		return short // the exchange around this one goes on
	}
	if m := x.more.Load(); m != nil {
		m.release()
	}
	return short
}

func (m *more) release() {
	m.endContext()
	if m.body.late && !m.body.eof && m.body.src != nil {
		m.body.src.Close()
	}
	m.mu.Lock()
	cleanup := m.cleanup
	m.cleanup, m.released = nil, true
	m.mu.Unlock()
	for _, f := range cleanup {
		f()
	}
}

package exchange

// The end of a request: what it has held is given back, and what was waiting for its answer begins.

import (
	"context"
	"net/http"
)

// Release gives back what the request has held, and refuses further writes.
func (x *Exchange) Release() { x.release(false) }

// release returns an error where the head has promised more than was written. aborted says that the
// connection is cut in any case.
func (x *Exchange) release(aborted bool) (short error) {
	short = x.Close()
	x.removeFiles()
	switch {
	case x.up == nil:
		if x.Env.End != nil && x.W != nil {
			x.run(leftBehind, func() { x.Env.End((*exchangeContext)(x), aborted || short != nil) })
		}
		x.end()
	case !x.SharesBody(&x.up.Request):
		x.EndBody(true)
	}
	return short
}

// end ends the request of which x is the first exchange. It may be called again.
func (x *Exchange) end() {
	x.EndBody(true)
	e := x.extras.Load()
	if e == nil {
		return
	}
	e.endContext()
	RemoveFiles(e.HTTP())
	e.mu.Lock()
	cleanup := e.cleanup
	e.cleanup, e.released = nil, true
	e.mu.Unlock()
	for _, f := range cleanup {
		x.run(leftBehind, f)
	}
}

// run runs f, whose panic is logged as text and goes no further.
func (x *Exchange) run(text string, f func()) {
	defer func() {
		if v := recover(); v != nil {
			x.logError(NewPanicError(v), text)
		}
	}()
	f()
}

// removeFiles removes the temporary files of forms that an http.Handler has parsed: net/http
// removes only those of the request that it has made itself, and a handler gets a copy.
func (x *Exchange) removeFiles() {
	RemoveFiles(x.R)
	if e := x.extras.Load(); e != nil {
		RemoveFiles(e.HTTP())
	}
}

// RemoveFiles removes the temporary files of the form that r was parsed into, if it was.
func RemoveFiles(r *http.Request) {
	if r != nil && r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll()
	}
}

// Cleanup runs f when the request has been answered, or now where it has been: by a conversion's
// handler that is still at work when the client has left, or by a goroutine that a handler has left
// behind.
func (x *Exchange) Cleanup(f func()) {
	x = x.root()
	e := x.Extras()
	e.mu.Lock()
	late := e.released
	if !late {
		e.cleanup = append(e.cleanup, f)
	}
	e.mu.Unlock()
	switch {
	case late:
		f()
	case x.Closed(): // and end has not seen e
		x.end()
	}
}

// AfterAnswer runs f once the request has been answered, and tells it whether the client had left
// by then. It reports false, and f never runs, where the request has been answered already.
func (x *Exchange) AfterAnswer(f func(gone bool)) bool {
	x = x.root()
	if x.Closed() {
		return false
	}
	x.Cleanup(func() { f(x.R.Context().Err() != nil) })
	return true
}

// Sent is the head of the answer to the request, once it has gone out; nil where that is a value.
func (x *Exchange) Sent() http.Header {
	if root := x.root(); root.W != nil && root.Committed() {
		return root.W.Header()
	}
	return nil
}

// ClientLeft reports whether the client of the request has left. Unlike the error of Context it
// costs nothing to ask.
func (x *Exchange) ClientLeft() bool { return x.root().R.Context().Err() == context.Canceled }

// After hands f to the mux, which runs it once the answer is complete.
func (x *Exchange) After(ctx context.Context, f func(context.Context)) error {
	if x.Env.After == nil {
		return ErrNoMux
	}
	return x.Env.After(ctx, f)
}

package engine

import (
	"context"
	"sync"
	"time"
)

// handlerContext is the context that a handler gets: its parent's, until the body is closed. Few
// handlers ask when it ends, so what can end is made for the first one that does.
type handlerContext struct {
	parent context.Context

	mu    sync.Mutex
	ended bool
	cause error
	inner *cancellable // nil until somebody asks
}

type cancellable struct {
	context.Context
	cancel context.CancelCauseFunc
}

// end ends the context, once.
func (c *handlerContext) end(cause error) {
	c.mu.Lock()
	inner := c.inner
	if !c.ended {
		c.ended, c.cause = true, cause
	}
	c.mu.Unlock()
	if inner != nil {
		inner.cancel(cause)
	}
}

func (c *handlerContext) made() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		ctx, cancel := context.WithCancelCause(c.parent)
		c.inner = &cancellable{ctx, cancel}
		if c.ended {
			cancel(c.cause)
		}
	}
	return c.inner
}

func (c *handlerContext) Deadline() (time.Time, bool) { return c.parent.Deadline() }

func (c *handlerContext) Done() <-chan struct{} { return c.made().Done() }

func (c *handlerContext) Err() error { return c.made().Err() }

// Value also is what context.Cause finds the cause by, under a private key: where there is one, it
// is in inner.
func (c *handlerContext) Value(key any) any {
	c.mu.Lock()
	inner, ended := c.inner, c.ended
	c.mu.Unlock()
	switch {
	case inner != nil:
		return inner.Value(key)
	case ended:
		return c.made().Value(key)
	}
	return c.parent.Value(key)
}

// String keeps %v of a context from printing the whole of it.
func (c *handlerContext) String() string { return "crossfade.HandlerContext" }

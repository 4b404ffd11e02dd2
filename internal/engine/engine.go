package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/inbound"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// holdBack is how much of a body is held while the head may still change.
const holdBack = 4 << 10

// grace is how long a handler has to end by itself once its context has ended.
const grace = 50 * time.Millisecond

// errGoexit is the error of a handler that ended its goroutine, as
// testing.T.FailNow does.
var errGoexit = errors.New("the handler ended its goroutine with runtime.Goexit")

// errClosed is what the handler's writes return once the consumer has closed.
var errClosed = errors.New("the response was closed by its consumer")

// Sink is where an answer is written to in the end.
type Sink interface {
	io.Writer
	WriteString(s string) (int, error)
	Flush() error
}

// Answer is what a running handler answers.
type Answer struct {
	Status int
	Fields []header.Field
	// Body is the rest of an answer that was flushed, or is larger than what is
	// held back. Of another one it is nil, and Whole is what was written.
	Body  *Body
	Whole []byte
}

// Run calls handler on a goroutine and waits for the head of its answer. The
// error is the handler's own, if it failed before the head was out, or the
// cause of ctx. The context that handler gets ends when the body is closed.
// Closing gone says that ctx ends: to ask ctx itself may cost more.
func Run(ctx context.Context, gone <-chan struct{}, handler func(ctx context.Context, w http.ResponseWriter) error) (Answer, error) {
	b := &Body{ready: make(chan struct{})}
	b.ctx.parent = ctx
	b.cond.L = &b.mu
	go b.run(handler)
	select {
	case <-b.ready:
	case <-gone:
		<-ctx.Done() // which may follow a moment later
		if cause := context.Cause(ctx); !b.late(cause) {
			return Answer{}, cause
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.streamed: // also where the handler has returned by now: what is answered is no matter of time
		return Answer{Status: b.status, Fields: b.fields, Body: b}, nil
	case b.err != nil:
		b.ctx.end(nil)
		return Answer{}, b.err
	default:
		b.ctx.end(outbound.ErrAnswerComplete)
		return Answer{Status: b.status, Fields: b.fields, Whole: b.held}, nil
	}
}

// late waits for a handler whose context has ended before its head, and reports
// whether it has answered or failed all the same: it may know better why. Else
// the handler is given up. Not so where the client has gone, because one that
// has only closed its half of the connection is still reading.
func (b *Body) late(cause error) bool {
	if errors.Is(cause, exchange.ErrClientGone) {
		<-b.ready
		return true
	}
	select {
	case <-b.ready:
		return true
	case <-time.After(grace):
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.close()
	return false
}

// Body is the body of an answer, and the end of the handler that writes it.
// One consumer reads it; Close may be called from any goroutine.
type Body struct {
	ctx   handlerContext
	ready chan struct{} // closed when the head is final

	mu   sync.Mutex
	cond sync.Cond // signals every change below

	header   http.Header // the handler's own
	status   int
	fields   []header.Field // the head as it was when the handler wrote it
	streamed bool           // the handler has handed the head over, and goes on
	done     bool           // the handler has returned
	closed   bool           // the consumer has
	err      error          // of the handler

	held    []byte // written, not yet consumed
	pending []byte // the write that waits for a reader
	sink    Sink   // where writes go, while one is handed over
	flush   bool   // a flush came before the sink
	sinkErr error
}

// run is the handler's goroutine.
func (b *Body) run(handler func(context.Context, http.ResponseWriter) error) {
	err := errGoexit
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				err = http.ErrAbortHandler
			} else {
				err = exchange.NewPanicError(v)
			}
		}
		b.finish(err)
	}()
	err = handler(&b.ctx, (*writer)(b))
}

// finish records the end of the handler.
func (b *Body) finish(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done, b.err = true, err
	if err == nil && b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	if !b.streamed {
		close(b.ready)
	}
	b.cond.Broadcast()
}

// snapshot fixes the head; the handler may go on changing its header map.
func (b *Body) snapshot(code int) {
	b.status = code
	b.fields = header.FieldsOf(b.header)
}

// commit lets the consumer have the head.
func (b *Body) commit() {
	if b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	if !b.streamed {
		b.streamed = true
		close(b.ready)
	}
}

// writer is the Body as the handler sees it.
type writer Body

func (w *writer) Header() http.Header {
	if w.header == nil {
		w.header = make(http.Header)
	}
	return w.header
}

func (w *writer) WriteHeader(code int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 && (code >= 200 || code == http.StatusSwitchingProtocols) {
		(*Body)(w).snapshot(code)
	}
}

func (w *writer) Write(p []byte) (int, error) {
	b := (*Body)(w)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	switch {
	case b.done:
		return 0, outbound.ErrHandlerReturned
	case b.closed:
		return 0, errClosed
	case !b.streamed && len(b.held)+len(p) <= holdBack:
		b.held = append(b.held, p...)
		return len(p), nil
	}
	b.commit()
	return b.pass(p)
}

// pass hands p to the consumer and waits until it has it.
func (b *Body) pass(p []byte) (int, error) {
	for b.pending != nil && !b.closed { // another goroutine of the handler is first
		b.cond.Wait()
	}
	if b.sink != nil && len(b.held) == 0 {
		return b.toSink(p)
	}
	b.pending = p
	b.cond.Broadcast()
	for len(b.pending) > 0 && !b.closed && b.sink == nil {
		b.cond.Wait()
	}
	rest := b.pending
	b.pending = nil
	b.cond.Broadcast()
	switch {
	case len(rest) == 0:
		return len(p), nil
	case b.closed:
		return len(p) - len(rest), errClosed
	default:
		n, err := b.toSink(rest)
		return len(p) - len(rest) + n, err
	}
}

func (b *Body) toSink(p []byte) (int, error) {
	if b.sinkErr != nil {
		return 0, b.sinkErr
	}
	n, err := b.sink.Write(p)
	if err != nil {
		b.sinkErr = err
		b.cond.Broadcast()
	}
	return n, err
}

// FlushError makes http.ResponseController work; it hands over the head.
func (w *writer) FlushError() error {
	b := (*Body)(w)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.done:
		return outbound.ErrHandlerReturned
	case b.closed:
		return errClosed
	}
	b.commit()
	b.flush = true
	if b.sink == nil || len(b.held) > 0 {
		b.cond.Broadcast()
		return nil
	}
	b.flush = false
	return b.sink.Flush()
}

func (w *writer) Flush() { w.FlushError() }

// CloseNotify tells when the handler's context ends, for handlers that assert http.CloseNotifier.
func (w *writer) CloseNotify() <-chan bool { return exchange.CloseNotify(&w.ctx) }

// Read returns what the handler writes, write by write.
func (b *Body) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		switch {
		case b.closed:
			return 0, inbound.ErrBodyUsed
		case len(b.held) > 0:
			n := copy(p, b.held)
			b.held = b.held[n:]
			return n, nil
		case len(b.pending) > 0:
			n := copy(p, b.pending)
			b.pending = b.pending[n:]
			b.cond.Broadcast()
			return n, nil
		case b.done && b.err != nil:
			return 0, b.err
		case b.done:
			return 0, io.EOF
		}
		b.cond.Wait()
	}
}

// Drain hands sink to the handler and waits for its end. It returns the
// handler's error, or the sink's. When it returns, nothing writes to sink any
// more, which net/http relies on (golang/go#78051).
func (b *Body) Drain(sink Sink) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return inbound.ErrBodyUsed
	}
	if len(b.held) > 0 {
		held := b.held
		b.held = nil
		if _, err := sink.Write(held); err != nil {
			b.close()
			return err
		}
	}
	if b.flush {
		b.flush = false
		sink.Flush()
	}
	b.sink = sink
	b.cond.Broadcast()
	for !b.done && b.sinkErr == nil && !b.closed {
		b.cond.Wait()
	}
	b.sink = nil
	switch {
	case b.sinkErr != nil:
		b.close()
		return b.sinkErr
	case b.done:
		b.ctx.end(outbound.ErrAnswerComplete)
		return b.err
	default:
		return errClosed
	}
}

// Close ends the handler's context and refuses its further writes. It does not
// wait for the handler, only for a write to a sink that is under way.
func (b *Body) Close() error {
	// The context first: a handler that is blocked in a write to the sink holds
	// the lock until the write ends.
	b.ctx.end(errClosed)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.close()
	return nil
}

func (b *Body) close() {
	b.closed = true
	b.ctx.end(errClosed)
	b.cond.Broadcast()
}

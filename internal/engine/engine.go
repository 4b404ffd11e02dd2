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

// grace is how long a handler has to end by itself once its context has ended.
const grace = 50 * time.Millisecond

// errGoexit is the error of a handler that ended its goroutine, as testing.T.FailNow does.
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
	Fields []header.Field // in the room that the Body had for them, as far as it goes
	// Body is the rest of an answer that was flushed, or is larger than what is held back, or has
	// trailers. Of another one it is nil, and Text or Whole is what was written.
	Body  *Body
	Text  string
	Whole []byte
}

// Body is a handler that runs: its answer, the rest of its body, and its end. One consumer reads
// it; Close may be called from any goroutine.
type Body struct {
	ctx    handlerContext
	outer  *exchange.Exchange // of the request, for what needs its connection; nil for none
	inner  *exchange.Exchange // that the handler works with, once it does
	extras exchange.Extras    // of the exchange that the handler works with
	// Room is what serve finds: an object that was allocated with the Body, say.
	Room any
	// Fields is the head as it was when the handler wrote it; before that, room for it that
	// belongs to who has made the Body.
	Fields header.Fields

	ready chan struct{} // gets a value when the head is final

	mu      sync.Mutex
	header  http.Header // the handler's own
	status  int
	early   []header.Field // of the head, the trailers
	guess   bool           // its type is to be guessed, of the first write
	chunked bool           // it has trailers, so that the first write hands it over
	done    bool           // the handler has returned
	closed  bool           // the consumer has
	given   bool           // the consumer has given up before the head
	err     error          // of the handler

	text string // the only write so far, of a string
	held []byte // written, not yet consumed
	flow *flow  // of a handler that has handed the head over, and goes on
}

// flow is between a handler that goes on and its consumer. It is apart from the Body, and made when
// it is needed, because most answers are small and memory is most of what a conversion costs.
type flow struct {
	cond    sync.Cond // signals every change of the Body
	pending []byte    // the write that waits for a reader
	sink    Sink      // where writes go, while one is handed over
	flush   bool      // a flush came before the sink
	flushed bool      // there was a flush at all
	sinkErr error
	upgrade upgrade
}

// Run calls serve on a goroutine and waits for the head of its answer. The error is the handler's
// own, if it failed before the head was out, or the cause of ctx. Where there is an exchange around
// the handler its connection is the handler's too. b is new.
func (b *Body) Run(ctx context.Context, outer *exchange.Exchange, serve func(b *Body) error) (Answer, error) {
	b.outer = outer
	b.ctx.parent = ctx
	var gone <-chan struct{}
	if outer != nil {
		gone = outer.Gone() // to ask ctx itself may cost more
	} else {
		gone = ctx.Done()
	}
	shared := !bubble()
	if shared {
		b.ready = readies.Get().(chan struct{})
	} else {
		b.ready = make(chan struct{}, 1)
	}
	start(b, serve, shared)
	select {
	case <-b.ready:
	case <-gone:
		<-ctx.Done() // which may follow a moment later
		if cause := context.Cause(ctx); !b.late(cause) {
			return Answer{}, cause
		}
	}
	if shared {
		readies.Put(b.ready)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	a := Answer{Status: b.status, Fields: b.Fields}
	b.Fields = nil // they may lie in what has b, and is collected with it
	switch {
	case b.flow != nil: // also where the handler has returned by now: what is answered is no matter of time
		a.Body = b
	case b.err != nil:
		b.ctx.end(nil)
		return Answer{}, b.err
	default:
		b.ctx.end(outbound.ErrAnswerComplete)
		a.Text, a.Whole = b.text, b.held
	}
	return a, nil
}

// readies are channels with room for one value and none in them.
var readies = sync.Pool{New: func() any { return make(chan struct{}, 1) }}

// late waits for a handler whose context has ended before its head, and reports whether it has
// answered or failed all the same: it may know better why. Else the handler is given up. Not so
// where the client has gone, because one that has only closed its half of the connection is still
// reading.
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
	if b.done || b.flow != nil {
		<-b.ready // it was given just now
		return true
	}
	b.given = true
	b.close()
	return false
}

// Enter makes x the exchange that the handler works with.
func (b *Body) Enter(x *exchange.Exchange) {
	b.inner = x
	x.UseExtras(&b.extras)
	x.Untime()
	x.Fork(b.outer, exchange.Inner, b.Writer(), b.outer.R)
	x.SetContext(&b.ctx)
}

// Leave ends the exchange that the handler has worked with, and returns err as the consumer is to
// have it: with the head that was set before, where none has gone out, or as an abort where the
// answer is shorter than its head has promised.
func (b *Body) Leave(x *exchange.Exchange, err error) error {
	exchange.RemoveFiles(b.extras.HTTP())
	switch {
	case err != nil && !x.Committed() && len(b.header) > 0:
		return &exchange.HeadError{Err: err, Header: b.header}
	case err != nil:
		return err
	}
	return x.Whole()
}

// Context is the context that the handler gets: it ends when the body is closed.
func (b *Body) Context() context.Context { return &b.ctx }

// finish records the end of the handler.
func (b *Body) finish(err error) {
	if err != nil && b.inner != nil {
		err = b.inner.Late(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done, b.err = true, err
	if err == nil && b.status == 0 {
		b.snapshot(http.StatusOK)
	}
	if err == nil && b.flow == nil {
		b.guessType(nil)
		if b.trailers() {
			b.holdText()
			b.goOn()
		}
	}
	if b.flow == nil && !b.given {
		b.ready <- struct{}{} // never waits: it has room for one
	}
	b.changed()
}

// goOn lets the consumer have the head of an answer that goes on, once.
func (b *Body) goOn() {
	if b.flow != nil || b.given {
		return
	}
	b.guess = false // the head is the consumer's
	b.flow = new(flow)
	b.flow.cond.L = &b.mu
	b.ready <- struct{}{}
}

// changed tells whoever waits for a change.
func (b *Body) changed() {
	if b.flow != nil {
		b.flow.cond.Broadcast()
	}
}

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
		case len(b.flow.pending) > 0:
			n := copy(p, b.flow.pending)
			b.flow.pending = b.flow.pending[n:]
			b.changed()
			return n, nil
		case b.done && b.err != nil:
			return 0, b.err
		case b.done:
			return 0, io.EOF
		}
		b.flow.cond.Wait()
	}
}

// Drain hands sink to the handler and waits for its end. It returns the handler's error, or the
// sink's. When it returns, nothing writes to sink any more, which net/http relies on
// (golang/go#78051).
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
	f := b.flow
	if f.flush {
		f.flush = false
		sink.Flush()
	}
	f.sink = sink
	b.changed()
	for !b.done && f.sinkErr == nil && !b.closed {
		f.cond.Wait()
	}
	f.sink = nil
	switch {
	case f.sinkErr != nil:
		b.close()
		return f.sinkErr
	case b.done:
		b.ctx.end(outbound.ErrAnswerComplete)
		return b.err
	default:
		return errClosed
	}
}

// Close ends the handler's context and refuses its further writes. It does not wait for the
// handler, only for a write to a sink that is under way.
func (b *Body) Close() error {
	// The context first: a handler that is blocked in a write to the sink holds the lock until the
	// write ends.
	b.ctx.end(errClosed)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.close()
	return nil
}

func (b *Body) close() {
	b.closed = true
	b.ctx.end(errClosed)
	b.changed()
}

package rollout

// A shadow run: the side that does not serve gets the same request afterwards, and its answer is
// compared and thrown away. What it needs is copied before the serving side runs, which may change
// it; what is served is recorded while it passes. Both are given up, with a reason, as soon as the
// request turns out to be no good for it.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/tee"
)

// shadow is a run from its reservation to its start. A nil one is none.
type shadow struct {
	*Sides
	run    *run
	x      *exchange.Exchange
	copy   *exchange.Copy
	body   backup
	header http.Header // of the answer before a side has run: what middleware has set
	record recording
	tapped bool
	given  http.Header // what stands around the pair has added to the answer

	mu     sync.Mutex
	served bool        // the serving side has ended well
	failed bool        // it has panicked or broken off
	err    error       // that it returned, in place of an answer
	after  http.Header // the header then
}

// maxBody is how much is kept of a request body, and of each answer.
func (s *Sides) maxBody() int64 { return pairs.Config(s.Pair).Shadow.MaxBody }

// reserveShadow reserves a run for a request that the plan wants to shadow, or returns nil.
func (s *Sides) reserveShadow(d decision.Decision, x *exchange.Exchange) *shadow {
	run, _ := s.reserve(d, x.R)
	if run == nil {
		return nil
	}
	sh := &shadow{Sides: s, run: run, x: x, copy: x.Copy(s.shadowLog(x))}
	sh.body.keep(x, s.maxBody())
	sh.record.body.Max = s.maxBody()
	run.done = x.Working()
	if !x.AfterAnswer(sh.settle) {
		run.skip(migrate.SkipClientGone)
		return nil
	}
	return sh
}

// tap records what x answers from now on. The returned function takes the tap away again where
// there was no answer but an error.
func (sh *shadow) tap(x *exchange.Exchange) (untap func()) {
	if sh == nil {
		return func() {}
	}
	w := x.W
	sh.mu.Lock() // it may run already, where nobody waits for this handler any more
	sh.header, sh.tapped = w.Header().Clone(), true
	sh.mu.Unlock()
	x.SwapWriter(newTap(w, &sh.record))
	return func() { x.SwapWriter(w) }
}

// end takes what the serving side came to.
func (sh *shadow) end(x *exchange.Exchange, out guard.Outcome, err error) {
	if sh != nil {
		sh.ended(x, out, err)
	}
}

func (sh *shadow) ended(x *exchange.Exchange, out guard.Outcome, err error) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	switch {
	case out == guard.Gone:
		sh.run.skip(migrate.SkipClientGone)
	case out == guard.Panicked || out == guard.Broken:
		sh.failed = true
	default:
		sh.served, sh.err = true, err
		if err != nil && sh.tapped {
			sh.after = x.W.Header().Clone()
		}
	}
}

// streamed takes what became of a stream that the serving side has returned.
func (sh *shadow) streamed(out guard.Outcome) {
	if sh != nil && (out == guard.Broken || out == guard.Gone) {
		sh.end(nil, out, nil)
	}
}

// broke notes that the serving side has not ended well.
func (sh *shadow) broke() {
	sh.end(nil, guard.Broken, nil)
}

// drop gives the run up.
func (sh *shadow) drop(why migrate.Skip) {
	if sh != nil {
		sh.run.skip(why)
	}
}

// settle starts the run, or says why not. It is called when the answer is complete, and does no
// work that somebody would wait for.
func (sh *shadow) settle(gone bool) {
	sh.mu.Lock()
	served, err, after := sh.served && !sh.failed, sh.err, sh.after
	sh.mu.Unlock()
	var why migrate.Skip
	switch {
	case gone:
		why = migrate.SkipClientGone
	case served:
		why = sh.record.unfit()
	case !sh.run.d.New:
		why = migrate.SkipServerBroke
	}
	var body []byte
	if why == "" {
		body, why = sh.body.take(sh.x, sh.maxBody())
	}
	switch {
	case why != "":
		sh.run.skip(why)
	case !served: // there is nothing to compare; but the guard needs to hear what old comes to
		sh.run.baseline = true
		m := parity.Message{URL: sh.copy.URL()}
		sh.start(func() parity.Message { return m }, body)
	case err == nil:
		sh.given = given(sh.x.Sent(), sh.record.header)
		var end http.Header
		if sh.x.W != nil { // in process there is none
			end = sh.x.W.Header()
		}
		m := sh.record.message(sh.x.R.Method, sh.copy.URL(), end)
		sh.start(func() parity.Message { return m }, body)
	default:
		sh.start(func() parity.Message { // Config.ErrorResponse may take its time
			w := newSink(sh.maxBody(), after)
			x := new(exchange.Exchange)
			sh.copy.Enter(x, w, context.WithoutCancel(sh.copy.Context()), http.NoBody)
			defer x.Release()
			x.Fail(err)
			return w.message(sh.x.R.Method, x.URL(), w.h)
		}, body)
	}
}

func (sh *shadow) start(served func() parity.Message, body []byte) {
	sh.run.request = func() string { return shown(sh.copy.Request(), body) }
	sh.run.start(sh.copy.Context(), served, func(ctx context.Context, served parity.Message) parity.Message {
		return sh.candidate(ctx, served, body)
	})
}

// candidate runs the other side, on the goroutine of the run. A panic is for the run to contain.
func (sh *shadow) candidate(ctx context.Context, served parity.Message, body []byte) parity.Message {
	sh.mu.Lock()
	header := sh.header
	sh.mu.Unlock()
	w := newSink(sh.maxBody(), header)
	src := io.ReadCloser(http.NoBody)
	if len(body) > 0 {
		src = io.NopCloser(bytes.NewReader(body))
	}
	h := sh.Old
	if sh.run.side == guard.NewSide {
		h = sh.NextReqRes
	}
	req, res, x := inReqRes.Enter()
	sh.copy.Enter(x, w, ctx, src)
	defer x.Release()
	err := inReqRes.Answer(h, req, res, false)
	if ctx.Err() != nil {
		// A candidate on the engine may still run, and write to its request: what x has of it is
		// not to be read any more. Nothing is compared either way; but one that has begun to answer
		// is not one that hangs.
		return parity.Message{URL: served.URL, Err: "timeout", Status: w.begun()}
	}
	if errors.Is(err, migrate.ErrDecline) {
		return served // old would have answered
	}
	broken := candidateFault(x, w, sh.rendered(x, 0, err))
	m := w.message(x.R.Method, served.URL, w.h)
	if m.Err = broken; broken != "" && !x.Committed() {
		m = parity.Message{URL: served.URL, Err: broken}
	}
	take(served.Header, m.Header, sh.given)
	if sh.Tags {
		sh.record.tag(&served)
		w.tag(&m)
	}
	return m
}

// candidateFault answers an error as the mux would, and says how the answer broke where that is not
// possible.
func candidateFault(x *exchange.Exchange, w *sink, err error) string {
	panicked, ok := errors.AsType[*exchange.PanicError](err)
	switch {
	case ok:
		return fmt.Sprintf("panic: %v", panicked.Value)
	case errors.Is(err, http.ErrAbortHandler):
		return "aborted"
	case w.full():
		return "" // it was told to stop
	case err == nil:
		err = x.Short()
	case !x.Committed():
		if x.Fail(err) {
			return ""
		}
		return "aborted"
	}
	if err != nil {
		return "aborted: " + err.Error()
	}
	return ""
}

// begun is the status of the answer so far, 0 where there is none.
func (s *sink) begun() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *sink) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.body.Truncated()
}

// backup keeps the request body for the other side, while one side reads it.
type backup struct {
	tee  atomic.Pointer[tee.Body] // of a handler that nobody waits for it may come late
	kept []byte                   // collected before either side ran; nil where it was not
}

// keep copies what is read of the body from now on, up to limit.
func (b *backup) keep(x *exchange.Exchange, limit int64) {
	if buf, whole := x.Body().Collected(); whole {
		if int64(len(buf)) <= limit {
			b.kept = append([]byte{}, buf...)
		}
		return
	}
	x.Body().Tap(b.teed(x, limit))
}

// keepStreamed copies what is read of the body as a stream, up to limit. What is collected is kept
// anyway.
func (b *backup) keepStreamed(x *exchange.Exchange, limit int64) {
	x.Body().TapStream(b.teed(x, limit))
}

func (b *backup) teed(x *exchange.Exchange, limit int64) func(io.ReadCloser) io.ReadCloser {
	return func(src io.ReadCloser) io.ReadCloser {
		t := tee.New(src, x.R.ContentLength, limit)
		b.tee.Store(t)
		return t
	}
}

// take returns the body as the side that ran found it, or why there is none.
func (b *backup) take(x *exchange.Exchange, limit int64) ([]byte, migrate.Skip) {
	switch t := b.tee.Load(); {
	case b.kept != nil:
		return b.kept, ""
	case t != nil:
		switch body, err := t.Copy(); err {
		case nil:
			return body, ""
		case tee.ErrSize:
			return nil, migrate.SkipBodySize
		}
		return nil, migrate.SkipBodyUnread
	}
	if buf, whole := x.Body().Collected(); whole && int64(len(buf)) > limit {
		return nil, migrate.SkipBodySize
	}
	return nil, migrate.SkipBodyUnread
}

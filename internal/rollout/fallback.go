package rollout

// A pair under watch. New runs on a copy of the request's head and old has the request itself, so
// that old can answer in the place of new as if new had never run. The response of new is a value
// before it is bytes: one that fails is not sent where old may answer.

import (
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/reqres"
)

// watch is one request that is watched.
type watch struct {
	*Sides
	d      decision.Decision
	x      *exchange.Exchange
	body   *backup // nil where there is none
	shadow *shadow
}

// begin returns false where there is nothing to watch: no shadow was to be had, and either old
// serves anyway or nothing falls back.
func (w *watch) begin() (watched bool) {
	if w.d.Shadow {
		w.shadow = w.reserveShadow(w.d, w.x)
	}
	switch {
	case w.shadow != nil:
		w.body = &w.shadow.body
	case !w.d.Fallback:
		return false
	case !w.x.Bodyless():
		w.body = new(backup)
		w.body.keepStreamed(w.x, w.maxBody())
	}
	if w.d.Began == 0 && w.d.Fallback {
		if _, ok := w.x.R.Context().Deadline(); ok { // of which a part is left for old, see verdict
			w.d.Began = decision.Now()
		}
	}
	return true
}

func (s *Sides) watchReqRes(d decision.Decision, req *reqres.Request, res *reqres.Response) error {
	var w watch
	w.Sides, w.d, w.x = s, d, inReqRes.Exchange(req)
	switch {
	case !w.begin():
		return s.callReqRes(d, guard.OldSide, s.Old, req, res)
	case !d.New:
		return w.recordReqRes(req, res, func() error { return s.callReqRes(d, guard.OldSide, s.Old, req, res) })
	}
	instead, err := w.answer(nil)
	if instead {
		return s.callReqRes(d, guard.OldSide, s.Old, req, res)
	}
	return err
}

// answer has new answer the request, which next is, where it is of new's shape. instead says that
// old is to answer, with the request and the headers as new found them.
func (w *watch) answer(next *fetch.Request) (instead bool, err error) {
	if w.shadow == nil {
		return w.send(next)
	}
	untap := w.shadow.tap(w.x)
	if instead, err = w.send(next); instead || err != nil && !w.x.Committed() {
		untap()
	}
	return instead, err
}

// recordReqRes calls the old side, and records what it answers by res.
func (w *watch) recordReqRes(req *reqres.Request, res *reqres.Response, old func() error) error {
	x := inReqRes.Exchange(req)
	untap := w.shadow.tap(x)
	err := old()
	w.shadow.end(x, outcome(x, x.Status(), err), err)
	if err != nil && !x.Committed() {
		untap()
	}
	return err
}

func (s *Sides) watchFetch(d decision.Decision, req *fetch.Request) (*fetch.Response, error) {
	var w watch
	w.Sides, w.d, w.x = s, d, inFetch.Exchange(req)
	switch {
	case !w.begin():
		return s.callFetch(d, guard.OldSide, s.OldFetch, req)
	case !d.New:
		kept := w // which goes on
		return kept.oldInFetch(req)
	}
	response, instead, err := w.try()
	if instead {
		return s.callFetch(d, guard.OldSide, s.OldFetch, req)
	}
	return response, err
}

// oldInFetch calls the old side behind fetch middleware, and records it in the shape that it has.
func (w *watch) oldInFetch(req *fetch.Request) (*fetch.Response, error) {
	var h fetch.Handler
	switch o := w.OldOrigin.(type) {
	case fetch.Handler:
		res, err := w.callFetch(w.d, guard.OldSide, w.OldFetch, req)
		w.recordResponse(res, err)
		return res, err
	case http.Handler:
		h = fetch.FromHTTP(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			o.ServeHTTP(newTap(rw, &w.shadow.record), r)
			w.shadow.record.commit(http.StatusOK, rw.Header())
			w.shadow.end(w.x, guard.Answered, nil)
		}))
	default:
		h = w.ToFetch(func(req *reqres.Request, res *reqres.Response) error {
			return w.recordReqRes(req, res, func() error {
				err := inReqRes.Answer(w.Old, req, res, false) // which says where there was none
				return w.rendered(inReqRes.Exchange(req), res.StatusCode(), err)
			})
		})
	}
	return w.callFetch(w.d, guard.OldSide, h, req)
}

func (w *watch) recordResponse(res *fetch.Response, err error) {
	if w.shadow == nil {
		return
	}
	if err == nil && statusOf(res) != 0 {
		w.shadow.record.response(res)
	}
	w.shadow.end(w.x, outcome(w.x, statusOf(res), err), err)
}

// send calls new with the request next, or one that is made for it, and sends its response, unless
// old is to answer.
func (w *watch) send(next *fetch.Request) (instead bool, err error) {
	var before http.Header // of the answer
	if h := w.x.W.Header(); len(h) > 0 {
		before = h.Clone()
	}
	w.x.ServedBy(exchange.NewSide)
	returned := false
	defer func() {
		if !returned {
			instead = w.unwound(recover())
		}
		if instead {
			h := w.x.W.Header()
			clear(h)
			maps.Copy(h, before)
		}
	}()
	var out guard.Outcome
	var res, asError *fetch.Response // see failed
	if w.NextOrigin != nil {
		err = w.rendered(w.x, 0, w.callConverted())
		out = outcome(w.x, w.x.Status(), err)
	} else {
		if next == nil {
			next = w.request()
		}
		if res, err = w.Next(next); err != nil {
			res, asError, err = w.failed(res, err)
		}
		if out = outcome(w.x, statusOf(res), err); res != nil && good(out) {
			if err = inFetch.Send(w.x, res); err != nil {
				out = outcome(w.x, w.x.Status(), err)
			}
			res = nil
		}
	}
	returned = true
	pairs.Observe(w.Pair, w.d, guard.NewSide, out)
	if !good(out) && w.takeOver(out, err, res, asError) {
		return true, nil
	}
	w.shadow.end(w.x, out, err)
	if res != nil { // a failure that nobody answers in place of
		if err = inFetch.Send(w.x, res); err != nil {
			w.shadow.broke()
		}
	}
	return false, err
}

// try is send without sending: it returns the response.
func (w *watch) try() (res *fetch.Response, instead bool, err error) {
	w.x.ServedBy(exchange.NewSide)
	returned := false
	defer func() {
		if !returned {
			instead = w.unwound(recover())
		}
	}()
	var asError *fetch.Response
	if res, err = w.Next(w.request()); err != nil {
		res, asError, err = w.failed(res, err)
	}
	res = inFetch.Finished(w.x, res)
	out := outcome(w.x, statusOf(res), err)
	returned = true
	w.observe(w.d, guard.NewSide, w.x, res, err, w.shadow)
	if !good(out) && w.takeOver(out, err, res, asError) {
		return nil, true, nil
	}
	w.recordResponse(res, err)
	return res, false, err
}

func good(out guard.Outcome) bool { return out == guard.Answered || out == guard.Refused }

// unwound reports a new side that has not returned: instead says that it has panicked and old is to
// answer. Else the panic goes on.
func (w *watch) unwound(v any) (instead bool) {
	out := panicOutcome(v)
	pairs.Observe(w.Pair, w.d, guard.NewSide, out)
	if v == nil { // it was runtime.Goexit, which nothing stops
		return false
	}
	if !w.takeOver(out, exchange.NewPanicError(v), nil, nil) {
		panic(v)
	}
	return true
}

// request is what new is called with, where it is not entered in its own shape.
func (w *watch) request() *fetch.Request {
	req := new(fetch.Request)
	x := inFetch.Exchange(req)
	x.Spared = true // a request of this shape cannot be written to, but what net/http gets of it can
	x.Fork(w.x, exchange.Inner, w.x.W, w.x.R)
	return req
}

// failed makes of the error of new what it becomes, and the response that it is, if it is one.
func (w *watch) failed(res *fetch.Response, err error) (none, asError *fetch.Response, becomes error) {
	res.Close()
	return nil, inFetch.InError(err), w.rendered(w.x, 0, err)
}

// callConverted calls a new side that is a conversion as what it was before. It writes its answer,
// so that old can take over only before the first byte.
func (w *watch) callConverted() error {
	return answerInPlace(w.x, w.x.CloneHTTP(w.x.R.Context()), func(req *reqres.Request, res *reqres.Response) error {
		return inReqRes.Answer(w.NextReqRes, req, res, false)
	})
}

// takeOver reports whether old answers in place of new, whose responses nobody will send then, and
// gives it the request body as new found it.
func (w *watch) takeOver(out guard.Outcome, failure error, responses ...*fetch.Response) bool {
	a := attempt{method: w.x.R.Method, outcome: out, committed: w.x.Committed(), replayable: true}
	var body []byte
	untouched := w.x.Body().Untouched()
	if !untouched {
		body, a.replayable = w.replay()
	}
	if deadline, ok := w.x.R.Context().Deadline(); ok {
		a.left, a.budget = time.Until(deadline), max(deadline.Sub(decision.At(w.d.Began)), 1) // it may have been over when new began
	}
	verdict := a.verdict(pairs.Config(w.Pair).Fallback)
	if verdict == migrate.FallbackRun && pairs.OldDead(w.Pair) {
		verdict = migrate.FallbackDead
	}
	pairs.FellBack(w.Pair, verdict)
	if verdict != migrate.FallbackRun {
		return false
	}
	if !untouched {
		w.x.Body().Rewind(body)
	}
	if failure != nil && out != guard.Declined {
		w.x.Log(fmt.Errorf("the new handler failed, and the old one answers: %w", failure))
	}
	for _, res := range responses {
		res.Close()
	}
	w.shadow.drop(migrate.SkipServerBroke) // old answers, and the guard hears of that
	return true
}

// attempt is how new ended, without a complete answer.
type attempt struct {
	method     string
	outcome    guard.Outcome
	committed  bool          // the head of an answer is out
	replayable bool          // the request body, if any, is at hand as new found it
	left       time.Duration // until the deadline of the request
	budget     time.Duration // from its start to its deadline; 0 means that there is none
}

// verdict is the rule: old answers in place of new only while nothing of new's answer is out, while
// old can be given the very request that new got, and while running a handler twice does no harm.
func (a attempt) verdict(policy migrate.FallbackPolicy) migrate.Fallback {
	declined := a.outcome == guard.Declined
	switch {
	case a.outcome == guard.Gone:
		return migrate.FallbackGone
	case a.outcome == guard.Broken: // an abort is meant to be seen by the client
		return migrate.FallbackCommitted
	case policy == migrate.FallbackOff, policy == migrate.FallbackDeclined && !declined:
		return migrate.FallbackForbidden
	case a.committed:
		return migrate.FallbackCommitted
	case !declined && !pairs.Safe(a.method):
		return migrate.FallbackUnsafe
	case !a.replayable:
		return migrate.FallbackBody
	case a.budget > 0 && a.left < a.budget/5:
		return migrate.FallbackLate
	}
	return migrate.FallbackRun
}

// replay returns the body as new found it, if that is at hand.
func (w *watch) replay() ([]byte, bool) {
	if w.body != nil {
		if body, why := w.body.take(w.x, w.maxBody()); why == "" {
			return body, true
		}
	}
	return w.x.Body().Collected()
}

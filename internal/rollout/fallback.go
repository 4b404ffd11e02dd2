package rollout

// A pair under watch. New runs on a copy of the request's head and old has the
// request itself, so that old can answer in the place of new as if new had never
// run. The response of new is a value before it is bytes: one that fails is not
// sent where old may answer.

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/reqres"
)

// watch is one request that is watched.
type watch struct {
	*Sides
	d       migrate.Decision
	x       *message.Exchange
	body    *backup
	shadow  *shadow
	header  http.Header // of the answer before new ran
	started time.Time
}

// watch returns nil where there is nothing to watch: no shadow was to be had,
// and old serves anyway.
func (s *Sides) watch(d migrate.Decision, x *message.Exchange) *watch {
	sh := s.shadow(d, x)
	switch {
	case sh != nil:
		return &watch{Sides: s, d: d, x: x, started: time.Now(), shadow: sh, body: sh.body}
	case d.Fallback:
		return &watch{Sides: s, d: d, x: x, started: time.Now(), body: newBackup(x, s.MaxBody)}
	}
	return nil
}

func (s *Sides) watchReqRes(d migrate.Decision, req *reqres.Request, res *reqres.Response) error {
	w := s.watch(d, req.Exchange())
	switch {
	case w == nil:
		return s.callReqRes(d, d.Side, s.Old, req, res)
	case d.Side == migrate.OldSide:
		return w.oldReqRes(req, res)
	}
	w.header = w.x.W.Header().Clone()
	untap := w.shadow.tap(w.x)
	response, instead, err := w.try(true)
	switch {
	case instead:
		untap()
		h := w.x.W.Header()
		clear(h)
		maps.Copy(h, w.header)
		w.x.ShareHeader()
		return s.callReqRes(d, migrate.OldSide, s.Old, req, res)
	case err != nil && !w.x.Committed():
		untap()
	case response != nil:
		if err = fetch.Send(w.x, response); err != nil {
			w.shadow.drop(migrate.SkipServerBroke)
		}
	}
	return err
}

// oldReqRes calls the old side as a shadowed request wants it.
func (w *watch) oldReqRes(req *reqres.Request, res *reqres.Response) error {
	x := req.Exchange()
	untap := w.shadow.tap(x)
	err := w.callReqRes(w.d, migrate.OldSide, w.Old, req, res)
	w.shadow.end(x, outcome(x, x.Status(), err), err)
	if err != nil && !x.Committed() {
		untap()
	}
	return err
}

func (s *Sides) watchFetch(d migrate.Decision, req *fetch.Request) (*fetch.Response, error) {
	w := s.watch(d, req.Exchange())
	switch {
	case w == nil:
		return s.callFetch(d, d.Side, s.OldFetch, req)
	case d.Side == migrate.OldSide:
		return w.oldInFetch(req)
	}
	response, instead, err := w.try(false)
	if instead {
		return s.callFetch(d, migrate.OldSide, s.OldFetch, req)
	}
	return response, err
}

// oldInFetch calls the old side behind fetch middleware, and records it in the
// shape that it has.
func (w *watch) oldInFetch(req *fetch.Request) (*fetch.Response, error) {
	h := w.OldFetch
	recorded := false
	switch o := w.OldOrigin.(type) {
	case fetch.Handler:
	case http.Handler:
		recorded = true
		h = fetch.FromHTTP(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			o.ServeHTTP(newTap(rw, &w.shadow.record), r)
			w.shadow.record.commit(http.StatusOK, rw.Header())
			w.shadow.end(w.x, migrate.Answered, nil)
		}))
	default:
		recorded = true
		h = w.ToFetch(func(req *reqres.Request, res *reqres.Response) error {
			x := req.Exchange()
			untap := w.shadow.tap(x)
			err := w.Old(req, res)
			w.shadow.end(x, outcome(x, x.Status(), err), err)
			if err != nil && !x.Committed() {
				untap()
			}
			return err
		})
	}
	res, err := w.callFetch(w.d, migrate.OldSide, h, req)
	if !recorded {
		w.recordResponse(res, err)
	}
	return res, err
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

// try calls new. With send it sends the response, unless that is a failure
// which old may answer for; then, and without send, it returns it. instead says
// that old is to answer, with the request as new found it.
func (w *watch) try(send bool) (res *fetch.Response, instead bool, err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		v := recover()
		out := panicOutcome(v)
		w.Pair.Observe(w.d, migrate.NewSide, out)
		w.shadow.drop(migrate.SkipServerBroke)
		if v == nil {
			return
		}
		failure := error(message.NewPanicError(v))
		if instead = w.fallBack(out, failure); !instead {
			panic(v)
		}
		res, err = nil, nil
	}()
	var out migrate.Outcome
	if send && w.NextOrigin != nil {
		err = w.callConverted()
		out = outcome(w.x, w.x.Status(), err)
	} else {
		res, err = w.callNew()
		out = outcome(w.x, statusOf(res), err)
	}
	if send && res != nil && (out == migrate.Answered || out == migrate.Refused) {
		if err = fetch.Send(w.x, res); err != nil {
			out = outcome(w.x, w.x.Status(), err)
		}
		res = nil
	}
	returned = true
	w.Pair.Observe(w.d, migrate.NewSide, out)
	if instead = w.fallBack(out, err); instead {
		res.Close()
		w.shadow.drop(migrate.SkipServerBroke)
		return nil, true, nil
	}
	if send {
		w.shadow.end(w.x, out, err)
	} else {
		w.recordResponse(res, err)
	}
	return res, false, err
}

// callNew calls the new side. A response that comes as an error is one.
func (w *watch) callNew() (*fetch.Response, error) {
	req := new(fetch.Request)
	req.Exchange().Derive(w.x, w.x.W, w.x.R.Clone(w.x.R.Context()))
	res, err := w.Next(req)
	if err == nil {
		return res, nil
	}
	res.Close()
	if e, ok := errors.AsType[*fetch.ResponseError](err); ok && e.Response != nil {
		return e.Response, nil
	}
	return nil, err
}

// callConverted calls a new side that is a conversion as what it was before. It
// writes its answer, so that old can take over only before the first byte.
func (w *watch) callConverted() error {
	req, res, x := reqres.Enter()
	x.Sibling(w.x, w.x.R.Clone(w.x.R.Context()))
	defer w.x.Adopt(x)
	return w.NextReqRes.Run(req, res)
}

// fallBack asks whether old answers in place of new, and gives it the request
// body as new found it.
func (w *watch) fallBack(out migrate.Outcome, failure error) bool {
	if out == migrate.Answered || out == migrate.Refused {
		return false
	}
	a := migrate.Attempt{Method: w.x.R.Method, Outcome: out, Committed: w.x.Committed(), Replayable: true}
	var body []byte
	untouched := w.x.Untouched()
	if !untouched {
		body, a.Replayable = w.replay()
	}
	if deadline, ok := w.x.R.Context().Deadline(); ok {
		a.Left, a.Budget = time.Until(deadline), deadline.Sub(w.started)
	}
	if w.Pair.FallBack(w.d, a) != migrate.FallbackRun {
		return false
	}
	if !untouched {
		w.x.Rewind(body)
	}
	if failure != nil && out != migrate.Declined {
		w.x.Log(fmt.Errorf("the new handler failed, and the old one answers: %w", failure))
	}
	return true
}

// replay returns the body as new found it, if that is at hand.
func (w *watch) replay() ([]byte, bool) {
	if body, why := w.body.take(w.x, w.MaxBody); why == 0 {
		return body, true
	}
	return w.x.Collected()
}

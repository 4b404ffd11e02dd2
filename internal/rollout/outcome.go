package rollout

// What a side came to with a request: what the guard weighs, and what the fallback looks at.

import (
	"context"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
)

func panicOutcome(v any) migrate.Outcome {
	if v == http.ErrAbortHandler {
		return migrate.Broken
	}
	return migrate.Panicked
}

// statusOf is the status of a response, 0 for one that cannot be sent.
func statusOf(res *fetch.Response) int {
	if res == nil || res.Err() != nil {
		return 0
	}
	return res.Status()
}

// outcome classifies what a handler came to: an error, or the status that it answered with, 0 for
// none.
func outcome(x *exchange.Exchange, status int, err error) migrate.Outcome {
	switch {
	case x.ClientLeft(): // whatever was returned: nobody got it
		return migrate.ClientGone
	case err == nil && status == 0:
		return migrate.Failed // it did not answer
	case err == nil:
		return outcomeOfStatus(status)
	case x.R.Context().Err() == context.Canceled:
		return migrate.ClientGone
	}
	if _, ok := errors.AsType[*exchange.PanicError](err); ok {
		return migrate.Panicked
	}
	if r, ok := errors.AsType[*route.Rendered](err); ok && !x.Committed() {
		return outcomeOfStatus(r.Status)
	}
	if res := inFetch.InError(err); res != nil && !x.Committed() {
		return outcomeOfStatus(res.Status())
	}
	switch {
	case errors.Is(err, migrate.ErrDecline):
		return migrate.Declined
	case errors.Is(err, http.ErrAbortHandler):
		return migrate.Broken
	case x.Committed():
		if x.Ended() {
			return outcomeOfStatus(status) // the answer was complete by then
		}
		return migrate.Broken
	}
	return outcomeOfStatus(exchange.StatusOf(err))
}

// outcomeOfStatus classifies the status of an answer.
func outcomeOfStatus(status int) migrate.Outcome {
	switch {
	case status >= 500:
		return migrate.Failed
	case status >= 400:
		return migrate.Refused
	}
	return migrate.Answered
}

package rollout

// What a side came to with a request: what the guard weighs, and what the fallback looks at.

import (
	"context"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/guard"
	"github.com/crossfade-go/crossfade/internal/route"
)

func panicOutcome(v any) guard.Outcome {
	if v == http.ErrAbortHandler {
		return guard.Broken
	}
	return guard.Panicked
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
func outcome(x *exchange.Exchange, status int, err error) guard.Outcome {
	switch {
	case x.ClientLeft(): // whatever was returned: nobody got it
		return guard.Gone
	case err == nil && status == 0:
		return guard.Failed // it did not answer
	case err == nil:
		return outcomeOfStatus(status)
	case x.R.Context().Err() == context.Canceled:
		return guard.Gone
	}
	if _, ok := errors.AsType[*exchange.PanicError](err); ok {
		return guard.Panicked
	}
	if r, ok := errors.AsType[*route.Rendered](err); ok && !x.Committed() {
		return outcomeOfStatus(r.Status)
	}
	if res := inFetch.InError(err); res != nil && !x.Committed() {
		return outcomeOfStatus(res.Status())
	}
	switch {
	case errors.Is(err, migrate.ErrDecline):
		return guard.Declined
	case errors.Is(err, http.ErrAbortHandler):
		return guard.Broken
	case x.Committed():
		if x.Ended() {
			return outcomeOfStatus(status) // the answer was complete by then
		}
		return guard.Broken
	}
	return outcomeOfStatus(exchange.StatusOf(err))
}

// outcomeOfStatus classifies the status of an answer.
func outcomeOfStatus(status int) guard.Outcome {
	switch {
	case status >= 500:
		return guard.Failed
	case status >= 400:
		return guard.Refused
	}
	return guard.Answered
}

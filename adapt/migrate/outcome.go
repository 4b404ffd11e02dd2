package migrate

// Outcome is what one side did with one request, as far as the guard needs to know.
type Outcome uint8

const (
	Answered   Outcome = iota // status below 400
	Refused                   // 4xx: the client's fault, as far as one can tell
	Failed                    // 5xx, or an error that becomes one
	Panicked                  // a panic other than http.ErrAbortHandler, or runtime.Goexit
	Broken                    // the answer broke after its head was out, or http.ErrAbortHandler
	Declined                  // new returned ErrDecline
	ClientGone                // the client left first: says nothing about the handler
	outcomes   = iota
)

// OutcomeOf classifies a status code.
func OutcomeOf(status int) Outcome {
	switch {
	case status >= 500:
		return Failed
	case status >= 400:
		return Refused
	}
	return Answered
}

// Observe records what a side answered to the request of that decision, once for each side that ran on the request's
// own goroutine (twice after a fallback), never for a shadow. It takes no lock and may trip the pair.
func (p *Pair) Observe(d Decision, side Side, out Outcome) {
	p.served[side&1][min(out, outcomes-1)].Add(1)
}

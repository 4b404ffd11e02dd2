package migrate

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// decide is the decision of the plan in force. It takes no lock and allocates nothing: one atomic
// load, where requests are watched a look at the clock, and where keys count one hash (see
// decideByKey).
func (p *Pair) decide() decision.Decision {
	d := p.state.Load().decision
	if d.Watched {
		d.Began = decision.Now()
	}
	return d
}

// decideByKey decides for a request of a plan by which both sides serve.
func (p *Pair) decideByKey(d decision.Decision, r *http.Request) decision.Decision {
	key, ok := p.keyOf(r)
	if !ok {
		p.keyless.Add(1)
		return d.WithoutKey()
	}
	h := hash(p.salt, key)
	return d.Keyed(int32(h%shareUnit), h|1)
}

// keyOf contains a Key function that panics: a broken one must not break requests which old can
// answer.
func (p *Pair) keyOf(r *http.Request) (key string, ok bool) {
	defer func() {
		if recover() != nil {
			key, ok = "", false
			p.keyPanics.Add(1)
		}
	}()
	return p.config.Key(r)
}

// observe records what a side came to with the request of that decision. It takes no lock, and
// where nothing is watched it is one atomic addition. The outcome that is one too many trips the
// pair before observe returns.
func (p *Pair) observe(d decision.Decision, side Side, out Outcome) {
	o := guard.Observation{Side: sideIndex(side), Key: d.Key}
	if side == NewSide {
		p.newTraffic.add(out)
	} else {
		p.oldTraffic.add(out)
		if d.New {
			o.Role = guard.FellBack
		}
	}
	if d.Watched {
		now := decision.Now()
		o.End, o.Took = decision.At(now), now-d.Began
		p.weigh(d, o, out)
		if p.config.Guard.Off && (out == Answered || out == Refused) {
			p.durations[o.Side].Observe(o.Took)
		}
	}
}

// weigh hands an outcome to the guard.
func (p *Pair) weigh(d decision.Decision, o guard.Observation, out Outcome) {
	switch out {
	case Answered:
		o.Outcome = guard.Answered
	case Refused:
		o.Outcome = guard.Refused
	case Failed:
		o.Outcome = guard.Failed
	case Panicked:
		o.Outcome = guard.Panicked
	case Broken:
		o.Outcome = guard.Broken
	case ClientGone:
		o.Outcome = guard.Gone
	default: // what has declined has done nothing
		return
	}
	if w := p.watchOf(d); w != nil {
		p.found(w, w.Observe(o))
	}
}

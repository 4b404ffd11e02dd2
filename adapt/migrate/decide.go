package migrate

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// decide is the decision of the plan in force. It takes no lock and allocates nothing: one atomic
// load, where requests are watched a look at the clock for those that are timed, and where keys
// count one hash (see decideByKey).
func (p *Pair) decide() decision.Decision {
	s := p.state.Load()
	if d := s.decision; d.ByKey || !d.Watched {
		return d
	}
	return s.timed(s.decision)
}

// timed is d, whose side is known, with the time at which it begins, if that is wanted.
func (s *state) timed(d decision.Decision) decision.Decision {
	side := guard.OldSide
	if d.New {
		side = guard.NewSide
	}
	if d.Watched && s.watch.Timed(side) {
		d.Timed, d.Began = true, decision.Now()
	}
	return d
}

// decideByKey decides for a request of a plan by which both sides serve.
func (p *Pair) decideByKey(d decision.Decision, r *http.Request) decision.Decision {
	key, ok := p.keyOf(r)
	if ok {
		h := hash(p.salt, key)
		d = d.Keyed(int32(h%shareUnit), h|1)
	} else {
		p.keyless.Add(1)
		d = d.WithoutKey()
	}
	return p.state.Load().timed(d)
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
	if !d.Watched {
		return
	}
	if good := out == Answered || out == Refused; d.Timed || !good {
		now := decision.Now()
		if o.End = decision.At(now); d.Timed {
			o.Took = now - d.Began
		}
		if p.config.Guard.Off && good {
			p.durations[o.Side].Observe(o.Took)
		}
	}
	p.weigh(d, o, out)
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

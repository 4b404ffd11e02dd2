package migrate

import (
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// decide is the decision of the plan in force. It takes no lock and allocates nothing: one atomic
// load, where requests are watched a look at the clock for those that are timed, and where keys
// count one hash (see decideFor).
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

// decideFor decides for a request with that key, if ok, of a plan by which both sides serve.
func (p *Pair) decideFor(d decision.Decision, key string, ok bool) decision.Decision {
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
func (p *Pair) observe(d *decision.Decision, side Side, out Outcome) {
	if !d.Watched {
		p.uncounted[sideIndex(side)].add(out)
		return
	}
	o := guard.Observation{Side: sideIndex(side), Key: d.Key}
	if side == OldSide && d.New {
		o.Role = guard.FellBack
	}
	if good := out == Answered || out == Refused; d.Timed || !good {
		now := decision.Now()
		if o.End = decision.At(now); d.Timed {
			o.Took = now - d.Began
		}
		if p.config.Guard.Off && good {
			p.record.Took[o.Side].Observe(o.Took)
		}
	}
	if !p.weigh(d, &o, out) {
		p.uncounted[o.Side].add(out)
	}
}

// weigh hands an outcome to the guard, and reports whether that has counted it.
func (p *Pair) weigh(d *decision.Decision, o *guard.Observation, out Outcome) bool {
	i := slices.Index(weighed[:], out)
	if i < 0 {
		return false // what has declined has done nothing
	}
	o.Outcome = guard.Outcome(i)
	w := p.watchOf(d)
	if w == nil {
		return false
	}
	found, counted := w.Observe(o)
	p.found(w, found)
	return counted
}

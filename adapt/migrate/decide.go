package migrate

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// Decide makes the decision for a request that begins now, by the plan in force. Where it says
// ByKey, ask DecideByKey once the request shows its key. It takes no lock and allocates nothing:
// one atomic load, where requests are watched a look at the clock for those that are timed, and
// where keys count one hash (see DecideFor).
func (internal) Decide(p *Pair) decision.Decision {
	d := p.state.Load().decision
	if d.ByKey {
		return d
	}
	return timed(d)
}

// timed is d, whose side is known, with the time at which it begins, if that is wanted.
func timed(d decision.Decision) decision.Decision {
	if d.Watched && (d.Guard == nil || d.Guard.Timed(sideOf(d.New))) {
		d.Began = decision.Now()
	}
	return d
}

func sideOf(isNew bool) guard.Side {
	if isNew {
		return guard.NewSide
	}
	return guard.OldSide
}

// DecideFor is the second half of DecideByKey: it decides for a request with that key, if ok, of a
// plan by which both sides serve.
func (internal) DecideFor(p *Pair, d decision.Decision, key string, ok bool) decision.Decision {
	if ok {
		h := hash(p.salt, key)
		d = d.Keyed(int32(h%shareUnit), h|1)
	} else {
		p.keyless.Add(1)
		d = d.WithoutKey()
	}
	return timed(d)
}

// Key is the first half of DecideByKey: what Config.Key says of r.
func (internal) Key(p *Pair, r *http.Request) (key string, ok bool) {
	if p.keyOfHead { // one of ours
		return p.config.Key(r)
	}
	return p.contained(r)
}

// contained is Config.Key, which may panic: a broken one must not break requests which old can
// answer.
func (p *Pair) contained(r *http.Request) (key string, ok bool) {
	defer func() {
		if recover() != nil {
			key, ok = "", false
			p.keyPanics.Add(1)
		}
	}()
	return p.config.Key(r)
}

// Observe records what a side came to with the request of that decision: once for every side that
// ran on the request's own goroutine, so twice after a fallback, and not for a shadow. It takes no
// lock, and where nothing is watched it is one atomic addition. The outcome that is one too many
// trips the pair before Observe returns.
func (internal) Observe(p *Pair, d decision.Decision, side guard.Side, out guard.Outcome) {
	if out == guard.Answered && d.Began == 0 && side == sideOf(d.New) && d.Guard != nil && p.healthy == nil {
		if d.Guard.Answered(side) { // as most are where there are many
			return
		}
	} else if d.Watched && p.weigh(d, p.observation(d, side, out)) {
		return
	}
	p.uncounted[side][out].Add(1)
}

// observation looks at the clock, if that is wanted.
func (p *Pair) observation(d decision.Decision, side guard.Side, out guard.Outcome) guard.Observation {
	o := guard.Observation{Side: side, Outcome: out, Key: d.Key}
	if side == guard.OldSide && d.New {
		o.Role = guard.FellBack
	}
	if good := out <= guard.Refused; d.Began != 0 || !good {
		now := decision.Now()
		if o.End = decision.At(now); d.Began != 0 {
			o.Took = now - d.Began
		}
		if p.config.Guard.Off && good {
			p.record.Took[o.Side].Observe(o.Took)
		}
	}
	return o
}

// weigh hands an outcome to the guard, and reports whether that has counted it.
func (p *Pair) weigh(d decision.Decision, o guard.Observation) bool {
	g := p.guardOf(d)
	if g == nil {
		return false
	}
	found, counted := g.Observe(&o)
	p.found(g, found)
	return counted
}

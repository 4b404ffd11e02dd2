package migrate

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/decision"
)

// decide is the decision of the plan in force. It takes no lock and allocates nothing: one atomic load,
// and at Canary one hash (see decideByKey).
func (p *Pair) decide() decision.Decision { return p.state.Load().decision }

// decideByKey decides for a request of a canary.
func (p *Pair) decideByKey(d decision.Decision, r *http.Request) decision.Decision {
	key, ok := p.keyOf(r)
	if !ok {
		p.keyless.Add(1)
		return d.WithoutKey()
	}
	return d.Keyed(bucket(p.salt, key))
}

// keyOf contains a Key function that panics: a broken one must not break requests which old can answer.
func (p *Pair) keyOf(r *http.Request) (key string, ok bool) {
	defer func() {
		if recover() != nil {
			key, ok = "", false
			p.keyPanics.Add(1)
		}
	}()
	return p.config.Key(r)
}

// observe takes what a side came to with the request of that decision. It takes no lock, and outside
// Shadow, Canary and Live it is one atomic addition. The outcome that is one too many trips the pair
// before observe returns.
func (p *Pair) observe(d decision.Decision, side Side, out Outcome) {
	if side == NewSide {
		p.newTraffic.add(out)
	} else {
		p.oldTraffic.add(out)
	}
	if g := p.guardOf(d); g != nil {
		p.trip(g, g.record(side, out))
	}
}

// guardOf returns the evidence to which a request belongs, if it still is the present one.
func (p *Pair) guardOf(d decision.Decision) *guard {
	if !d.Watched {
		return nil
	}
	if g := p.state.Load().guard; g != nil && g.epoch == d.Epoch {
		return g
	}
	return nil
}

package migrate

import "net/http"

// Side names one of the two handlers of a pair.
type Side uint8

const (
	OldSide Side = iota
	NewSide
)

// String is "old" or "new".
func (s Side) String() string {
	if s == NewSide {
		return "new"
	}
	return "old"
}

// MarshalText makes the side a word in JSON.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Other is the side that this one is compared with.
func (s Side) Other() Side { return s ^ 1 }

// Decision is what happens to one request. It is made once, when the request starts, and handed back to Observe,
// TryShadow and FallBack, so that a plan which changes meanwhile does not change a request under way, and what the
// request shows is held against the plan it ran under. It is a small value.
type Decision struct {
	Side     Side // who answers
	Shadow   bool // the plan wants the other side to run afterwards: ask TryShadow
	Fallback bool // when new fails before it has answered, old may: ask FallBack
	Keyless  bool // a canary request that had no key, so old serves it
	Bucket   int  // of the request's key; -1 outside Canary and for a request without a key

	state *state
}

// Decide picks the side for a request. It takes no lock and allocates nothing. Outside Canary it costs one atomic load and
// does not look at the request, which may be nil.
func (p *Pair) Decide(r *http.Request) Decision {
	s := p.state.Load()
	if !s.canary {
		return s.decision
	}
	return p.decideByKey(s, r)
}

func (p *Pair) decideByKey(s *state, r *http.Request) Decision {
	d := s.decision
	key, ok := p.keyOf(r)
	if !ok {
		d.Keyless = true
		p.keyless.Add(1)
		return d
	}
	d.Bucket = bucket(p.salt, key)
	if d.Bucket < s.points {
		d.Side, d.Shadow, d.Fallback = NewSide, false, true
	}
	return d
}

// keyOf contains a Key function that panics: a broken one must not break requests which old can answer.
func (p *Pair) keyOf(r *http.Request) (key string, ok bool) {
	defer func() {
		if recover() != nil {
			key, ok = "", false
			p.keyPanics.Add(1)
		}
	}()
	return p.key(r)
}

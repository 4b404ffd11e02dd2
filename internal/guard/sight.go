package guard

import (
	"math"
	"time"
)

// A guard that compares sees as far as old still answers something. So it says at any time whether
// it is watching, from which share of failures on it would notice, or that it is blind, and why.

// State says what a guard sees.
type State uint8

const (
	Idle     State = iota // new has answered nothing for a minute
	Watching              // new is compared with old
	Weak                  // compared, but ten failures in a hundred would take more than 5,000 requests to find
	Blind                 // nothing is heard of old; only panics and the ceiling trip
	states   = iota
)

var stateNames = [states]string{"idle", "watching", "weak", "blind"}

// String is a word for logs and metric labels.
func (s State) String() string { return word(stateNames[:], s) }

// Why says why a guard is blind. The zero value is for all that are not.
type Why uint8

const (
	_           Why = iota
	NoHoldback      // new answers every key, and no shadow of old runs
	NoKey           // keys are to be held back, but requests have none
	NoMethod        // the method has neither a shadow nor a fallback, since it must not run twice
	ShadowsOff      // the shadows of the pair are switched off
	OldFails        // old fails more than half of its requests, so it is not a refuge
	OldIsSilent     // old should be heard of, and is not
	whys        = iota
)

var whyNames = [whys]string{"", "no hold-back", "no key", "method has no shadow and no fallback", "shadows are off", "old fails", "old is silent"}

// String is a text for logs and metric labels.
func (w Why) String() string { return word(whyNames[:], w) }

// Sight is what a guard sees. From is the smallest share of failures of new that it would find
// within 5,000 requests of new, by the formula of the rule; 0 where it compares nothing. It knows
// no share that lies below old's by less than half or less than the margin.
type Sight struct {
	State      State
	Why        Why      // of Blind
	ByFallback bool     // Watching by what old answers where new fails, and by nothing else
	From       float64  // of Watching and Weak
	Unseen     []Reason // rules that compare and cannot now: Hangs and Slowness need answers of old to clients of its own
}

// Means are where outcomes of old can come from under the plan in force.
type Means struct {
	Share      float64 // of the keys that new answers, 0 to 1; below 1 the others are old's
	Keyed      bool    // requests have keys; without them new answers all of them at Live
	Shadow     float64 // the part of new's answers after which old runs as a shadow, 0 to 1
	ShadowsOff bool    // they were switched off meanwhile
	Fallback   bool    // old answers where new has failed before its head was out
	Unsafe     bool    // requests of this method must not run twice
}

// own is how many outcomes of old to clients of its own are expected for each outcome of new.
func (m Means) own() float64 {
	if !m.Keyed || m.Share >= 1 {
		return 0
	}
	return (1 - m.Share) / max(m.Share, 1e-9)
}

// expected is how many outcomes of old are expected for each outcome of new.
func (m Means) expected() float64 {
	if m.ShadowsOff || m.Unsafe {
		return m.own()
	}
	return m.own() + m.Shadow
}

func (m Means) fallsBack() bool { return m.Fallback && !m.Unsafe }

// why is the reason when nothing is heard of old.
func (m Means) why() Why {
	switch {
	case m.Share < 1 && !m.Keyed:
		return NoKey
	case m.own() >= silence:
		return OldIsSilent
	case m.Unsafe:
		return NoMethod
	case m.ShadowsOff:
		return ShadowsOff
	case m.Shadow > 0 || m.Fallback:
		return OldIsSilent
	}
	return NoHoldback
}

const (
	silence   = 1.0 / 400 // outcomes of old for each of new below which even a total failure is not found in good time
	farEnough = 5000      // requests of new
	sightNew  = 1000      // outcomes of new in half of what is looked back at, at least
	sightTime = 30 * time.Second
	idleAfter = time.Minute
	settle    = 5 * time.Second // a word that lasts so long is told
)

// need is how many requests of new it takes to find it failing at p1 while old fails at p0, where o
// outcomes of old come with each of new and old also answers the part again of what new has failed.
func need(p1, p0, o, again float64) float64 {
	if p1 <= p0 {
		return math.Inf(1)
	}
	o += again * p1
	m := (p1 + o*p0) / (1 + o)
	return beyondChance / (divergence(p1, m) + o*divergence(p0, m))
}

// divergence is that of Kullback and Leibler between two shares.
func divergence(a, b float64) float64 {
	term := func(x, y float64) float64 {
		if x == 0 {
			return 0
		}
		return x * math.Log(x/y)
	}
	return max(0, term(a, b)+term(1-a, 1-b))
}

// seesFrom is the smallest share that is found within farEnough requests.
func seesFrom(p0, o, again, margin float64) float64 {
	low, high := max(p0+margin, 1.5*p0+0.005), 1.0
	if need(high, p0, o, again) > farEnough {
		return 1
	}
	if low >= high || need(low, p0, o, again) <= farEnough {
		return min(low, 1)
	}
	for range 40 {
		if middle := (low + high) / 2; need(middle, p0, o, again) <= farEnough {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

package migrate

import (
	"math"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A guard that compares sees as far as old still answers something. So it says at any time whether
// it is watching or blind, and why: in the Snapshot, and by an event when that changes.

// Sight says what the guard of a pair sees.
type Sight string

const (
	SightOff      Sight = "off"      // there is no guard, or new serves nobody, or nothing is watched (Old, New)
	SightIdle     Sight = "idle"     // new has answered nothing for a minute, or has served nobody yet
	SightWatching Sight = "watching" // new is compared with old
	SightWeak     Sight = "weak"     // compared, but 10 % failures would take more than 5,000 requests to find
	SightBlind    Sight = "blind"    // nothing is heard of old: only panics and the ceiling trip
)

var sights = []Sight{SightOff, SightIdle, SightWatching, SightWeak, SightBlind}

// Blindness says why a guard is blind.
type Blindness string

const (
	BlindNoHoldback Blindness = "no-hold-back" // new answers every key, and no shadow of old runs: see GuardConfig.Holdback
	BlindNoKey      Blindness = "no-key"       // keys are to be held back, but requests have none
	BlindMethod     Blindness = "method"       // the method must not run twice, so it has neither a shadow nor a fallback
	BlindShadowsOff Blindness = "shadows-off"  // the shadows of the pair are switched off
	BlindOldFails   Blindness = "old-fails"    // old fails more than half of its requests, so it is not a refuge
	BlindOldSilent  Blindness = "old-silent"   // old should be heard of, and is not
	BlindOldDead    Blindness = "old-dead"     // old cannot answer (App.Healthy): nothing is weighed, not even panics
)

var blindnesses = []Blindness{BlindNoHoldback, BlindNoKey, BlindMethod, BlindShadowsOff, BlindOldFails, BlindOldSilent, BlindOldDead}

// GuardView is what the guard of a pair sees now.
type GuardView struct {
	Sight Sight     `json:"sight"`         // in one word
	Why   Blindness `json:"why,omitempty"` // of SightBlind
	// From is the smallest share of failures of new, in steps of 0.0001, that it would find within
	// 5,000 requests of new. It ignores a difference below Margin, or to less than one and a half
	// times what old fails.
	From float64 `json:"from,omitempty"`
	// ByFallback says that it hears of old only what old answers where new has failed.
	ByFallback bool `json:"byFallback,omitempty"`
	// Unseen are the rules that cannot compare now, since old has no clients of its own.
	Unseen []TripReason `json:"unseen,omitempty"`
}

// text is "watching, from 1.2 %", "blind: method".
func (v GuardView) text() string {
	switch {
	case v.Why != "":
		return string(v.Sight) + ": " + string(v.Why)
	case v.From > 0:
		return string(v.Sight) + ", from " + percent(v.From)
	}
	return string(v.Sight)
}

// viewOf puts what a guard sees in words.
func viewOf(s guard.Sight) GuardView {
	v := GuardView{Sight: Sight(s.State.String()), From: math.Round(s.From*shareUnit) / shareUnit, ByFallback: s.ByFallback}
	if s.Why != 0 {
		v.Why = blindnesses[s.Why-1]
	}
	for _, rule := range s.Unseen {
		v.Unseen = append(v.Unseen, TripReason(rule.String()))
	}
	return v
}

// same reports whether two views say the same in words.
func (v GuardView) same(w GuardView) bool { return v.Sight == w.Sight && v.Why == w.Why }

package migrate

import (
	"time"

	"github.com/crossfade-go/crossfade/internal/outbox"
)

// Kind tells events apart.
type Kind string

const (
	KindSet       Kind = "set"        // somebody called Set
	KindKill      Kind = "kill"       // somebody called Kill
	KindTrip      Kind = "trip"       // the guard went back to the old side: see Event.Trip
	KindReset     Kind = "reset"      // somebody called Reset
	KindHold      Kind = "hold"       // the document that the mux follows holds the pair
	KindRelease   Kind = "release"    // the document lifts its hold
	KindSource    Kind = "source"     // something is wrong with the document, or with its source, or not any more: see Event.Reason
	KindGuard     Kind = "guard"      // the guard is watching, weak or blind now, and was not before: see Event.Guard
	KindMismatch  Kind = "mismatch"   // a shadow answered differently: see Event.Mismatch
	KindStuck     Kind = "stuck"      // a candidate has not ended in time, where none was stuck before: see Event.Shadows
	KindShadowOff Kind = "shadow-off" // the shadows of the pair were switched off because too many candidates never end
	KindSummary   Kind = "summary"    // the shadows of a plan that ended, or of a pair that shut down, or the first that was left out under a plan because the process is short of processors: see Event.Shadows, and Event.Reason
)

var kinds = []Kind{KindSet, KindKill, KindTrip, KindReset, KindHold, KindRelease, KindSource, KindGuard, KindMismatch, KindStuck, KindShadowOff, KindSummary}

// Event is one thing that happened to a pair. It carries no value of a request or an answer unless
// Config.KeepValues says so, only what a caller of Set, Kill or Reset wrote, names of places, kinds
// and counts. The receiver may keep it; what its pointers lead to is shared and read only.
type Event struct {
	Kind     Kind      // what happened
	Pair     string    // Config.Name
	At       time.Time // when it happened
	By       string    // who called Set, Kill or Reset, or wrote the document
	Reason   string    // given to Kill; the text of a hold; of KindSource what is wrong; of KindSummary why shadows are left out
	From, To Plan      // in force before and after
	Wanted   Plan      // by the last Set, or by the document; another than To while the pair is held or has tripped

	Trip     *Trip        // of KindTrip
	Guard    *GuardView   // of KindGuard
	Mismatch *Mismatch    // of KindMismatch
	Shadows  *ShadowStats // of KindStuck, KindShadowOff and KindSummary, counted since the pair was made

	Lost uint64 // events dropped since the one before, because Config.OnEvent was too slow
}

// rank says what becomes of the event when too many wait.
func (e *Event) rank() outbox.Rank {
	switch e.Kind {
	case KindTrip, KindKill, KindHold:
		return outbox.Alarm
	case KindMismatch:
		return outbox.Detail
	}
	return outbox.Change
}

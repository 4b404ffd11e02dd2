package migrate

import "time"

// Kind tells events apart.
type Kind uint8

const (
	KindSet       Kind = iota // somebody called Set
	KindKill                  // somebody called Kill
	KindTrip                  // the guard went back to the old side: see Event.Trip
	KindReset                 // somebody called Reset
	KindMismatch              // a shadow answered differently: see Event.Mismatch
	KindShadowOff             // the shadows of the pair were switched off because all slots hold candidates that never end
	KindSummary               // the shadows of a plan that ended, or of a pair that shut down: see Event.Shadows
)

var kindNames = [...]string{"set", "kill", "trip", "reset", "mismatch", "shadow-off", "summary"}

// String is a word for logs and metric labels.
func (k Kind) String() string { return kindNames[min(int(k), len(kindNames)-1)] }

// MarshalText makes the kind a word in JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Event is one thing that happened to a pair. It carries no value of a request or an answer unless Config.KeepValues
// says so, only what a caller of Set, Kill or Reset wrote, names of places, kinds and counts. The receiver may keep it;
// what its pointers lead to is shared and read only.
type Event struct {
	Kind     Kind
	Pair     string // Config.Name
	At       time.Time
	By       string // who called Set or Reset
	Reason   string // given to Kill
	From, To Plan   // in force before and after

	Trip     *Trip        // of KindTrip
	Mismatch *Mismatch    // of KindMismatch
	Shadows  *ShadowStats // of KindSummary, counted since the pair was made

	Lost uint64 // events dropped since the one before, because the hook was too slow
}

package migrate

import "time"

// GuardConfig tunes the automatic roll-back: twice a second the guard compares how often new and
// old fail, lose their clients and are slow at the same time, and takes the pair back to old when
// new is worse beyond chance for more than about two seconds. An outage that hits both sides is not
// held against new. The zero value is the rule that was chosen by simulation; the package
// documentation has its figures, and what it cannot see.
type GuardConfig struct {
	// Off switches off every roll-back on its own; Kill and Set work as ever.
	Off bool
	// Margin is by how much more often new may fail, as a share. 0 means 0.005.
	Margin float64
	// Dwell is how long new must be worse before anything but panics trips. Only time can tell "new
	// is broken" from "new noticed the shared outage a second earlier". 0 means 2.5 s; the least is
	// 0.5 s, for pairs whose failures are costly and which share no dependency.
	Dwell time.Duration
	// Slower is how many times as long as old new may take. 0 means 1.5, below 0 is off.
	Slower float64
	// MaxPanics is the number of panics of new in a row that trips. 0 means 5, below 0 is off.
	MaxPanics int
	// MaxMismatch is the share of comparisons that may differ by more than noise, at every stage
	// that compares. 0 is off.
	MaxMismatch float64
	// Ceiling is the share of failures of new above which it trips where old says nothing, so that
	// there is nothing to compare with. 0 means 0.2, below 0 is off.
	Ceiling float64
	// Holdback is the share of the keys that stay on old at Live, so that the guard has something
	// to compare with. It needs Config.Key; a request without a key goes to new. 0 is none: a pair
	// that has neither a fallback nor a shadow of old is then blind at Live.
	Holdback float64
	// Refusals compares the 4xx of new with those of old as well.
	Refusals bool
}

// TripReason says which rule tripped.
type TripReason string

const (
	TripErrors     TripReason = "errors"     // new failed more often than old at the same time
	TripRefusals   TripReason = "refusals"   // new answered 4xx more often than old at the same time
	TripPanics     TripReason = "panics"     // new panicked several times in a row
	TripMismatches TripReason = "mismatches" // more answers differed than MaxMismatch accepts
	TripHangs      TripReason = "hangs"      // the clients of new left before the answer more often than those of old
	TripSlowness   TripReason = "slowness"   // new took longer than old by more than Slower
	TripCeiling    TripReason = "ceiling"    // new failed far too often while nothing was heard of old
	TripFleet      TripReason = "fleet"      // the counts of all replicas say so: see FollowConfig.Peers
)

var tripReasons = []TripReason{TripErrors, TripRefusals, TripPanics, TripMismatches, TripHangs, TripSlowness, TripCeiling, TripFleet}

// Share is a count of bad outcomes among all that were looked at.
type Share struct {
	Bad uint64 `json:"bad"` // outcomes that count against a side
	Of  uint64 `json:"of"`  // all that were looked at
}

// Trip is the evidence on which the guard rolled back.
type Trip struct {
	At     time.Time     `json:"at"`              // since when it holds
	Reason TripReason    `json:"reason"`          // the rule
	New    Share         `json:"new"`             // the evidence against new
	Old    Share         `json:"old"`             // over the same span of time; nothing where old said nothing
	Limit  time.Duration `json:"limit,omitempty"` // of slowness: what old's answers stay below, in nanoseconds
}

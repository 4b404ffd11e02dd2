// Package decision holds what is decided about one request to a migrating route: by the plan of its
// pair, which package migrate keeps, for package rollout, which carries it out.
package decision

import "time"

// Decision is made once, when a request begins, and kept until the request has ended. So a plan
// that changes meanwhile does not change a request under way, and what the request shows is held
// against the plan it ran under. It is a small value; the zero value says that old serves and
// nothing is watched.
type Decision struct {
	New      bool // new serves, otherwise old
	Shadow   bool // the plan wants the other side to run afterwards
	Fallback bool // when new fails before it has answered, old may
	Watched  bool // outcomes go to the guard
	Timed    bool // and so does how long the side took

	// ByKey says that it is not decided yet: new serves the keys whose bucket is below Points, see
	// Keyed. The other fields hold for a request without a key.
	ByKey  bool
	Points int32
	Bucket int32  // of the key; -1 where no key was asked for, or there was none
	Key    uint64 // a hash of the key, 0 where there is none

	Began time.Duration // where it is timed: what Now said

	Stage uint8  // a migrate.Stage, for the record
	Epoch uint64 // of the evidence to which the outcomes belong
}

// WithoutKey is the decision for a request that has no key.
func (d Decision) WithoutKey() Decision {
	d.ByKey = false
	return d
}

// Keyed is the decision for a request whose key has that bucket and hash. Whom new serves has no
// shadow where those without a key are old's: in a canary old answers for itself.
func (d Decision) Keyed(bucket int32, hash uint64) Decision {
	onNew := bucket < d.Points
	d.Shadow = d.Shadow && (d.New || !onNew)
	d.ByKey, d.Bucket, d.Key = false, bucket, hash
	d.New, d.Fallback = onNew, onNew
	return d
}

// start is what Now counts from. A look at the monotonic clock alone costs half of time.Now.
var start = time.Now()

// Now is the time since the process began.
func Now() time.Duration { return time.Since(start) }

// At is the time that Now has told.
func At(now time.Duration) time.Time { return start.Add(now) }

// Package decision holds what is decided about one request to a migrating route: by the plan of its
// pair, which package migrate keeps, for package rollout, which carries it out.
package decision

import (
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// Plan is what a plan says of a request. One is made for all requests under it, and not changed
// afterwards; the zero value says that old serves and nothing is watched.
type Plan struct {
	New      bool // new serves, otherwise old
	Shadow   bool // the plan wants the other side to run afterwards
	Fallback bool // when new fails before it has answered, old may
	Watched  bool // outcomes go to the guard

	// ByKey says that it is not decided yet: new serves the keys whose bucket is below Points, see
	// Decision.Keyed. The other fields hold for a request without a key.
	ByKey  bool
	Points int32

	Stage uint8        // a migrate.Stage, for the record
	Guard *guard.Guard // the evidence to which the outcomes belong; nil where nobody weighs them

	keyless, onOld, onNew *Plan // what follows where ByKey
}

// Decision is made once, when a request begins, and kept until the request has ended. So a plan
// that changes meanwhile does not change a request under way, and what the request shows is held
// against the plan it ran under. It is so small that it is handed on in registers: four words.
type Decision struct {
	*Plan
	Bucket int32         // of the key; -1 where no key was asked for, or there was none
	Key    uint64        // a hash of the key, 0 where there is none
	Began  time.Duration // what Now said; 0 where nobody asks how long the side takes
}

// Decide returns the decision of p for a request whose key, where it counts, is not known yet.
func (p Plan) Decide() Decision {
	if p.ByKey {
		keyless := p
		keyless.ByKey = false
		// Whom new serves has no shadow where those without a key are old's: in a canary old
		// answers for itself.
		onOld, onNew := keyless, keyless
		onOld.New, onOld.Fallback = false, false
		onNew.New, onNew.Fallback, onNew.Shadow = true, true, p.Shadow && p.New
		p.keyless, p.onOld, p.onNew = &keyless, &onOld, &onNew
	}
	return Decision{Plan: &p, Bucket: -1}
}

// WithoutKey is the decision for a request that has no key, where d is ByKey.
func (d Decision) WithoutKey() Decision {
	d.Plan = d.keyless
	return d
}

// Keyed is the decision for a request whose key has that bucket and hash, where d is ByKey.
func (d Decision) Keyed(bucket int32, hash uint64) Decision {
	plan := d.onOld
	if bucket < d.Points {
		plan = d.onNew
	}
	return Decision{Plan: plan, Bucket: bucket, Key: hash, Began: d.Began}
}

// start is what Now counts from. A look at the monotonic clock alone costs half of time.Now.
var start = time.Now()

// Now is the time since the process began.
func Now() time.Duration { return time.Since(start) }

// At is the time that Now has told.
func At(now time.Duration) time.Time { return start.Add(now) }

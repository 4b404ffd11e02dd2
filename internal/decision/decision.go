// Package decision holds what is decided about one request to a migrating route: by the plan of its
// pair, which package migrate keeps, for package rollout, which carries it out.
package decision

// Decision is made once, when a request begins, and kept until the request has ended. So a plan that
// changes meanwhile does not change a request under way, and what the request shows is held against
// the plan it ran under. It is a small value; the zero value says that old serves and nothing is
// watched.
type Decision struct {
	New      bool // new serves, otherwise old
	Shadow   bool // the plan wants the other side to run afterwards
	Fallback bool // when new fails before it has answered, old may
	Watched  bool // outcomes go to the guard

	ByKey   bool // not decided yet: it depends on the key of the request, see Keyed
	Keyless bool // the request had no key, so old serves it
	Points  int  // with ByKey: new serves the buckets below
	Bucket  int  // of the key; -1 where no key was asked for, or there was none

	Stage uint8  // a migrate.Stage, for the record
	Epoch uint64 // of the evidence to which the outcomes belong
}

// WithoutKey is the decision for a request that has no key.
func (d Decision) WithoutKey() Decision {
	d.ByKey, d.Keyless = false, true
	return d
}

// Keyed is the decision for a request whose key falls into that bucket.
func (d Decision) Keyed(bucket int) Decision {
	d.ByKey, d.Bucket = false, bucket
	if bucket < d.Points {
		d.New, d.Shadow, d.Fallback = true, false, true
	}
	return d
}

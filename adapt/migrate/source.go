package migrate

import (
	"context"
	"errors"
	"time"
)

// ErrVersion is returned by Update when the document is not of the version that the change was made
// against any more: look at what it says now, and decide again.
var ErrVersion = errors.New("migrate: the document has changed meanwhile")

// Source is where a document of plans comes from: a file, a key of a store, a flag service. A
// source needs no state of its own: who follows it knows versions, keeps the last good document,
// and calls Watch again, after a while, whenever it returns. Package sourcetest tests that a source
// does what is said here.
type Source interface {
	// Watch calls put with the document as it is now, again whenever it changes, and also at least
	// every 30 seconds while nothing changes and it can be read, as a sign of life. A text that
	// cannot be parsed is put as well, with what is wrong (see ParseDocument), and so is that there
	// is none; then Watch goes on. It returns nil soon after ctx has ended, and an error when it
	// cannot go on; it leaves no goroutine behind. Put is quick, and may be called from any
	// goroutine, one at a time, but not after Watch has returned. Nobody changes a document that
	// was put.
	Watch(ctx context.Context, put func(Document)) error
}

// Writable is a Source that can also be written.
type Writable interface {
	Source // what it writes, it can be watched for
	// Update puts d in the place of the document of that version, as version+1 whatever d.Version
	// is. Version 0 stands for no document. If the document is of another version by now, or cannot
	// be read, it changes nothing, and returns an error that is ErrVersion.
	Update(ctx context.Context, version uint64, d Document) error
}

// FollowConfig tunes how a mux follows a source. The zero value is useful.
type FollowConfig struct {
	// Cache is a file for what is in force, so that the next start finds plans and holds without
	// the source; its directory must exist. Each replica needs one of its own. Empty means none:
	// then a start without the source begins with Config.Plan of each pair, and a start after an
	// old document was put back cannot know of the newer one.
	Cache string
	// Stale is how long nothing may be heard of the source before it counts as stale; 0 means two
	// minutes. A stale source changes no side, and nothing is raised until it is heard of again.
	Stale time.Duration
	// Dwell is how long a pair stays at a plan before the source may raise it again, so that the
	// guard sees something of each step; 0 means 5 seconds. A step towards Old applies at once.
	Dwell time.Duration
	// Peers exchanges what replicas have counted. Nil means that each replica knows only itself.
	// Failures are summed: answers of 500 and above, panics, broken answers. Each replica judges
	// hangs, slowness, refusals and mismatches for itself; with FleetTrip, enough replicas that
	// have tripped, for whatever reason, take back the others.
	Peers Peers
	// FleetTrip is for what cannot be summed up; see Quorum. The zero value is off.
	FleetTrip Quorum
}

// Quorum is how many replicas must have tripped, on one version of the document and within a
// minute, for the whole fleet to go back: at least Least, and at least Share of those heard of. A
// quorum is many times later than the sum of counts, so use it only where some replicas see too
// little for that. The zero value is off.
type Quorum struct {
	Least int     // replicas
	Share float64 // of all replicas, 0 to 1
}

// Counts is what one replica has counted for one pair. It holds no value of a request.
type Counts struct {
	Pair    string `json:"pair"`              // Config.Name
	Replica string `json:"replica"`           // another one for each process
	Version uint64 `json:"version"`           // of the document that the replica follows
	Epoch   uint64 `json:"epoch"`             // the counts begin at 0 again with each
	Old     Share  `json:"old"`               // since the epoch began; they only grow
	New     Share  `json:"new"`               // likewise
	Tripped bool   `json:"tripped,omitempty"` // the guard of this replica holds the pair
}

// Peers carries counts between replicas, as a message bus does. Counts may be lost, doubled and
// delayed: they only grow, so the next ones make up for it.
type Peers interface {
	// Publish sends the counts of this replica to all others. It does not wait for anybody to take
	// them.
	Publish(ctx context.Context, c Counts) error
	// Watch calls put with the counts of others, possibly also with those of this one, until ctx
	// ends; put is quick. It returns nil then, and an error when it cannot go on.
	Watch(ctx context.Context, put func(Counts)) error
}

// Package fleet makes many replicas move as one: each follows the same document of plans, and
// learns what the others have counted.
//
// It decides about pairs and knows no request:
//
//   - follow.go: versions decide; what goes towards Old applies at once, what goes towards New at most
//     once per dwell time, and never from a source that is stale, broken or rewound.
//   - watch.go: calls the source, again and again.
//   - cache.go: the file that the next start begins with.
//   - peers.go: the evidence of all replicas, and what follows from it.
package fleet

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/door"
)

// inside is what package migrate keeps for this one.
var inside = migrate.Internal(door.Key())

// registers are what a pair does what it does for.
type registers struct {
	Wanted   migrate.Plan  `json:"wanted"`
	By       string        `json:"by,omitempty"`
	Held     *migrate.Hold `json:"held,omitempty"`     // a Kill
	Document *migrate.Hold `json:"document,omitempty"` // the hold of the document
	Latched  *migrate.Trip `json:"latched,omitempty"`
}

func registersOf(p *migrate.Pair) (r registers) {
	r.Wanted, r.By, r.Held, r.Document, r.Latched = inside.Registers(p)
	return r
}

func (r registers) holds() bool { return r.Held != nil || r.Document != nil || r.Latched != nil }

// Config is what a Follower follows, and for whom.
type Config struct {
	migrate.FollowConfig
	Source  migrate.Source
	Pairs   []*migrate.Pair
	Log     *slog.Logger
	Replica string // the name of this process among its peers
}

// check reports every mistake in the configuration at once.
func (c Config) check() error {
	var errs []error
	if c.Source == nil {
		errs = append(errs, errors.New("migrate: there is no Source to follow"))
	}
	if c.Stale < 0 {
		errs = append(errs, fmt.Errorf("migrate: FollowConfig.Stale is %v; it is a time to wait, 0 for two minutes", c.Stale))
	}
	if c.Dwell < 0 {
		errs = append(errs, fmt.Errorf("migrate: FollowConfig.Dwell is %v; it is a time to wait, 0 for five seconds", c.Dwell))
	}
	q := c.FleetTrip
	if q.Least < 0 || !(q.Share >= 0 && q.Share <= 1) {
		errs = append(errs, fmt.Errorf("migrate: FollowConfig.FleetTrip is %d replicas and a share of %v; a share is 0 to 1", q.Least, q.Share))
	}
	if q != (migrate.Quorum{}) && c.Peers == nil {
		errs = append(errs, errors.New("migrate: FollowConfig.FleetTrip needs Peers, by which a replica learns of the others"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Stale == 0 {
		c.Stale = 2 * time.Minute
	}
	if c.Dwell == 0 {
		c.Dwell = 5 * time.Second
	}
	return c
}

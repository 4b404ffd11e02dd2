package migrate

import (
	"fmt"
	"math"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/decision"
)

// Stage says which side of a pair serves and whether the other one is watched. The zero value is
// Old: a pair that was never told otherwise serves what it always served.
type Stage uint8

const (
	Old    Stage = iota // old serves
	Shadow              // old serves; new runs afterwards on a copy of some requests, its answer is compared and thrown away
	Canary              // new serves the share of the keys that Plan.Share names, old the others
	Live                // new serves; old is the fallback and runs as the shadow
	New                 // new serves, nothing is watched: the old handler may be deleted
)

// stages says what happens to a request at each stage. Nothing else in this module knows a stage by
// its name, so that a new one is a constant and a line here.
var stages = [...]struct {
	name string
	decision.Plan
}{
	Old:    {name: "old"},
	Shadow: {"shadow", decision.Plan{Shadow: true, Watched: true}},
	Canary: {"canary", decision.Plan{ByKey: true, Shadow: true, Watched: true}},
	Live:   {"live", decision.Plan{New: true, Shadow: true, Fallback: true, Watched: true}},
	New:    {"new", decision.Plan{New: true}},
}

// String is the lower-case name that UnmarshalText reads.
func (s Stage) String() string {
	if int(s) < len(stages) {
		return stages[s].name
	}
	return "Stage(" + strconv.Itoa(int(s)) + ")"
}

// MarshalText makes a Stage a word in JSON, flags and configuration files.
func (s Stage) MarshalText() ([]byte, error) {
	if int(s) >= len(stages) {
		return nil, fmt.Errorf("migrate: %d is not a stage; use old, shadow, canary, live or new", s)
	}
	return []byte(stages[s].name), nil
}

// UnmarshalText accepts exactly the names that String gives.
func (s *Stage) UnmarshalText(text []byte) error {
	for i, stage := range stages {
		if string(text) == stage.name {
			*s = Stage(i)
			return nil
		}
	}
	return fmt.Errorf("migrate: %q is not a stage; use old, shadow, canary, live or new", text)
}

// shareUnit is the resolution of a share: buckets are basis points (1/10000).
const shareUnit = 10000

// Plan is what a pair is told to do. The zero value is "old serves". It is a value: copy and
// compare it freely.
type Plan struct {
	Stage Stage   `json:"stage"`           // which side serves, and whether the other runs too
	Share float64 `json:"share,omitempty"` // of the keys that new serves, 0 to 1 in steps of 0.0001; only for Canary
}

// String is for logs and reports: "old", "canary 5 %".
func (p Plan) String() string {
	if p.Stage != Canary {
		return p.Stage.String()
	}
	return "canary " + percent(p.Share)
}

// Validate tells the one thing that is wrong with the plan, or nil.
func (p Plan) Validate() error {
	switch {
	case int(p.Stage) >= len(stages):
		return fmt.Errorf("migrate: %d is not a stage; use migrate.Old, Shadow, Canary, Live or New", p.Stage)
	case !(p.Share >= 0 && p.Share <= 1): // so that NaN is refused too
		return fmt.Errorf("migrate: share %v is outside 0 to 1 (5 percent is 0.05)", p.Share)
	case p.Stage != Canary && p.Share != 0:
		return fmt.Errorf("migrate: share %v at stage %v: only Canary has a share; leave it 0", p.Share, p.Stage)
	case p.Share > 0 && p.points() == 0:
		return fmt.Errorf("migrate: share %v is below the smallest step, 0.0001", p.Share)
	}
	return nil
}

// check also asks for what the plan needs of a pair.
func (p Plan) check(hasKey bool) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if p.Stage == Canary && !hasKey {
		return ErrNoKey
	}
	return nil
}

// points returns the share in buckets.
func (p Plan) points() int { return int(math.Round(p.Share * shareUnit)) }

// percent returns a share in hundredths of a percent: "5 %", "0.25 %".
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*shareUnit)/100, 'f', -1, 64) + " %"
}

package migrate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// Snapshot is what a pair has decided and counted, for a report. Its numbers are read one after the
// other while requests go on; they add up when none is under way. A map that counts words has every
// word of its enumeration (see Words), also those that count zero. It is a copy the caller owns.
type Snapshot struct {
	Name     string    `json:"name"`               // Config.Name
	Plan     Plan      `json:"plan"`               // in force
	Wanted   Plan      `json:"wanted"`             // by the last Set, or by the document; another than Plan while the pair is held or has tripped
	Since    time.Time `json:"since"`              // of Wanted
	By       string    `json:"by,omitempty"`       // who wants it
	Held     *Hold     `json:"held,omitempty"`     // a Kill that nobody has lifted
	Latched  *Trip     `json:"latched,omitempty"`  // a trip that nobody has lifted
	Document *Hold     `json:"document,omitempty"` // a hold of the document that it has not released
	Followed *Followed `json:"followed,omitempty"` // what the document wants, where the mux follows one
	Trips    uint64    `json:"trips"`              // since the pair was made
	Kills    uint64    `json:"kills"`              // likewise

	Guard     GuardView          `json:"guard"`     // whether it is watching or blind, and why
	Old       map[Outcome]uint64 `json:"old"`       // requests of old by how they ended; one that fell back counts on both sides
	New       map[Outcome]uint64 `json:"new"`       // requests of new
	OldTook   Durations          `json:"oldTook"`   // of answers to clients, while the pair was watched
	NewTook   Durations          `json:"newTook"`   // likewise
	Keyless   uint64             `json:"keyless"`   // requests without a key where keys decide
	KeyPanics uint64             `json:"keyPanics"` // Key panicked; those are keyless, too

	Fallbacks  map[Fallback]uint64 `json:"fallbacks"`            // requests that new has failed
	Shadows    ShadowStats         `json:"shadows"`              // what became of the shadows
	Compared   uint64              `json:"compared"`             // old with new
	Mismatch   uint64              `json:"mismatches"`           // of Compared, those that differ
	Controls   uint64              `json:"controls"`             // old with itself
	Places     []Place             `json:"places,omitempty"`     // at which answers differ
	Stale      []string            `json:"staleRules,omitempty"` // Config.Rules that have matched nothing so far, here; Mux.Progress says which have nowhere
	Unsafe     string              `json:"unsafe,omitempty"`     // ShadowConfig.AllowUnsafe
	LostEvents uint64              `json:"lostEvents"`           // that Config.OnEvent was too slow for
}

// Durations are how long the answers of a side took, to an eighth: about the last 4,000 of those that
// were timed, which are all of a side with up to 2,000 requests a second, and of a busier one a part
// that is spread evenly (see Pair.Buckets). In JSON they are nanoseconds.
type Durations struct {
	P50 time.Duration `json:"p50"` // half of them took no longer
	P90 time.Duration `json:"p90"` // nine of ten
	P99 time.Duration `json:"p99"` // 99 of a hundred
	Of  uint64        `json:"of"`  // so many answers were timed
}

// ShadowStats counts every request that the plan wanted to shadow: Offered is the sum of Skipped,
// Reserved and Started; Started is the sum of Results and Running. The maps have every word.
type ShadowStats struct {
	Offered  uint64            `json:"offered"`       // requests whose plan asks for a shadow; none where Sample is below 0
	Skipped  map[Skip]uint64   `json:"skipped"`       // those without one, by the reason
	Reserved uint64            `json:"reserved"`      // their serving side has not ended yet
	Started  uint64            `json:"started"`       // shadows that ran
	Results  map[Result]uint64 `json:"results"`       // of those that ended
	Running  uint64            `json:"running"`       // that have not ended
	Stuck    uint64            `json:"stuck"`         // of Running, those beyond their timeout
	Bytes    uint64            `json:"bytes"`         // that Reserved and Running may keep in memory
	Off      bool              `json:"off,omitempty"` // see KindShadowOff
}

// Place counts the runs that differed at one class of places.
type Place struct {
	Class    string    `json:"class"`    // the path, as in parity.Difference
	Verdict  Verdict   `json:"verdict"`  // whether it counts
	Compared uint64    `json:"compared"` // differences between old and new
	Controls uint64    `json:"controls"` // differences of old with itself
	First    time.Time `json:"first"`    // when the place first differed
	Last     time.Time `json:"last"`     // when it last did
}

// Snapshot reads the counters. It is meant for reports, not for every request.
func (p *Pair) Snapshot() Snapshot {
	s := p.state.Load()
	out := Snapshot{
		Name: p.config.Name, Plan: s.inForce(), Wanted: s.wanted, Since: s.since, By: s.by,
		Held: clone(s.held), Latched: clone(s.latched), Document: clone(s.document), Trips: p.trips.Load(), Kills: p.kills.Load(),
		Guard: p.view(s), Old: p.traffic(guard.OldSide), New: p.traffic(guard.NewSide),
		OldTook: p.took(s, guard.OldSide), NewTook: p.took(s, guard.NewSide),
		Keyless: p.keyless.Load(), KeyPanics: p.keyPanics.Load(),
		Fallbacks:  p.fellBack.counts(),
		Shadows:    *p.stats(),
		Unsafe:     p.config.Shadow.AllowUnsafe,
		LostEvents: p.events.Dropped(),
	}
	if followed := p.followed.Load(); followed != nil {
		f := (*followed)()
		out.Followed = &f
	}
	p.evidence.snapshot(&out)
	return out
}

func clone[T any](v *T) *T {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}

// traffic returns how the requests of a side ended.
func (p *Pair) traffic(side guard.Side) map[Outcome]uint64 {
	m := make(map[Outcome]uint64, len(outcomes))
	for i, word := range outcomes {
		m[word] = p.uncounted[side][i].Load() + p.record.Outcomes(side, guard.Outcome(i))
	}
	return m
}

// took returns how long the recent answers of a side took, or all, where the guard has none of this
// epoch.
func (p *Pair) took(s *state, side guard.Side) Durations {
	q := s.watch.Quantiles(side)
	if q.Of == 0 {
		q = p.record.Took[side].Quantiles()
	}
	return Durations{q.P50, q.P90, q.P99, uint64(q.Of)}
}

func (p *Pair) stats() *ShadowStats {
	s, now := &p.shadows, p.slots.Counts()
	return &ShadowStats{
		Offered: s.offered(), Skipped: s.skipped(), Started: s.started.Load(), Results: s.results.counts(),
		Reserved: uint64(now.Reserved), Running: uint64(now.Running), Stuck: uint64(now.Stuck), Bytes: uint64(now.Bytes), Off: now.Off,
	}
}

func (e *evidence) snapshot(out *Snapshot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out.Compared, out.Mismatch, out.Controls = e.compared, e.mismatches, e.controls
	out.Stale = slices.Clone(e.stale)
	for _, class := range slices.Sorted(maps.Keys(e.places)) {
		out.Places = append(out.Places, e.places[class].Place)
	}
	slices.SortStableFunc(out.Places, func(a, b Place) int { return cmp.Compare(b.Compared, a.Compared) })
}

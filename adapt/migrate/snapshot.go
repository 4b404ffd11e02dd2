package migrate

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Snapshot is what a pair has decided and counted, for a report. Its numbers are read one after the
// other while requests go on; they add up when none is under way. A map that counts words has every
// word of its enumeration (see Words), also those that count zero. It is a copy the caller owns.
type Snapshot struct {
	Name       string              `json:"name"`                 // Config.Name
	Plan       Plan                `json:"plan"`                 // in force
	Set        Plan                `json:"set"`                  // by the last Set; another than Plan while Latch holds
	Since      time.Time           `json:"since"`                // of the last Set, Kill, trip or Reset
	By         string              `json:"by,omitempty"`         // who called Set or Reset
	Latch      *Latch              `json:"latch,omitempty"`      // why Plan is Old in spite of Set
	Trips      uint64              `json:"trips"`                // since the pair was made
	Old        Traffic             `json:"old"`                  // requests that old served
	New        Traffic             `json:"new"`                  // requests that new served or tried
	Keyless    uint64              `json:"keyless"`              // canary requests without a key, which old served
	KeyPanics  uint64              `json:"keyPanics"`            // Key panicked; those are keyless, too
	Fallbacks  map[Fallback]uint64 `json:"fallbacks"`            // requests that new has failed
	Shadows    ShadowStats         `json:"shadows"`              // what became of the shadows
	Compared   uint64              `json:"compared"`             // old with new
	Mismatch   uint64              `json:"mismatches"`           // of Compared, those that differ
	Controls   uint64              `json:"controls"`             // old with itself
	Places     []Place             `json:"places,omitempty"`     // at which answers differ
	Stale      []string            `json:"staleRules,omitempty"` // Config.Rules that have matched nothing so far
	Unsafe     string              `json:"unsafe,omitempty"`     // ShadowConfig.AllowUnsafe
	LostEvents uint64              `json:"lostEvents"`           // that the hook was too slow for
}

// Traffic counts the requests of one side by how they ended. A request that fell back counts on both
// sides.
type Traffic map[Outcome]uint64

// Total is the number of requests.
func (t Traffic) Total() (n uint64) {
	for _, count := range t {
		n += count
	}
	return n
}

// ShadowStats counts every request that the plan wanted to shadow: Offered is the sum of Skipped,
// Reserved and Started; Started is the sum of Results and Running. The maps have every word.
type ShadowStats struct {
	Offered  uint64            `json:"offered"`       // requests whose plan asks for a shadow
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
	Class    string  `json:"class"`    // the path, as in parity.Difference
	Verdict  Verdict `json:"verdict"`  // whether it counts
	Compared uint64  `json:"compared"` // differences between old and new
	Controls uint64  `json:"controls"` // differences of old with itself
}

// Snapshot reads the counters. It is meant for reports, not for every request.
func (p *Pair) Snapshot() Snapshot {
	s := p.state.Load()
	out := Snapshot{
		Name: p.config.Name, Plan: s.effective(), Set: s.plan, Since: s.since, By: s.by, Latch: s.latch.clone(), Trips: p.trips.Load(),
		Old: p.oldTraffic.counts(), New: p.newTraffic.counts(),
		Keyless: p.keyless.Load(), KeyPanics: p.keyPanics.Load(),
		Fallbacks:  p.fellBack.counts(),
		Shadows:    *p.stats(),
		Unsafe:     p.config.Shadow.AllowUnsafe,
		LostEvents: p.hook.droppedEvents(),
	}
	p.evidence.snapshot(&out)
	return out
}

func (p *Pair) stats() *ShadowStats {
	s, now := &p.shadows, p.slots.Counts()
	return &ShadowStats{
		Offered: s.offered.Load(), Skipped: s.skipped.counts(), Started: s.started.Load(), Results: s.results.counts(),
		Reserved: uint64(now.Reserved), Running: uint64(now.Running), Stuck: uint64(now.Stuck), Bytes: uint64(now.Bytes), Off: now.Off,
	}
}

func (e *evidence) snapshot(out *Snapshot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out.Compared, out.Mismatch, out.Controls = e.compared, e.mismatches, e.controls
	out.Stale = slices.Clone(e.stale)
	for _, class := range slices.Sorted(maps.Keys(e.places)) {
		at := e.places[class]
		out.Places = append(out.Places, Place{class, at.verdict, at.compared, at.control})
	}
	slices.SortStableFunc(out.Places, func(a, b Place) int { return cmp.Compare(b.Compared, a.Compared) })
}

package migrate

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"
)

// Snapshot is what a pair has decided and counted, for a report. Its numbers are read one after the other while requests
// go on; they add up when none is under way. It is a copy the caller owns.
type Snapshot struct {
	Name       string              `json:"name"`
	Plan       Plan                `json:"plan"`            // in force
	Set        Plan                `json:"set"`             // by the last Set; another than Plan while Latch holds
	Since      time.Time           `json:"since"`           // of the last Set, Kill, trip or Reset
	By         string              `json:"by,omitempty"`    // who called Set or Reset
	Latch      *Latch              `json:"latch,omitempty"` // why Plan is Old in spite of Set
	Trips      uint64              `json:"trips,omitempty"` // since the pair was made
	Old        Traffic             `json:"old"`
	New        Traffic             `json:"new"`
	Keyless    uint64              `json:"keyless,omitempty"`   // canary requests without a key, which old served
	KeyPanics  uint64              `json:"keyPanics,omitempty"` // Key panicked; those are keyless, too
	Fallbacks  map[Fallback]uint64 `json:"fallbacks,omitempty"`
	Shadows    ShadowStats         `json:"shadows"`
	Compared   uint64              `json:"compared"` // old with new
	Mismatch   uint64              `json:"mismatches"`
	Controls   uint64              `json:"controls"` // old with itself
	Places     []Place             `json:"places,omitempty"`
	Stale      []string            `json:"staleRules,omitempty"` // Config.Rules that have matched nothing so far
	Unsafe     string              `json:"unsafe,omitempty"`     // ShadowConfig.AllowUnsafe
	LostEvents uint64              `json:"lostEvents,omitempty"`
}

// Traffic counts the requests of one side by how they ended. A request that fell back counts on both sides.
type Traffic map[Outcome]uint64

// Total is the number of requests.
func (t Traffic) Total() (n uint64) {
	for _, count := range t {
		n += count
	}
	return n
}

// ShadowStats counts every request that was offered to TryShadow: Offered is the sum of Skipped, Reserved and Started;
// Started is the sum of Results and Running.
type ShadowStats struct {
	Offered  uint64            `json:"offered"`
	Skipped  map[Skip]uint64   `json:"skipped,omitempty"`
	Reserved uint64            `json:"reserved,omitempty"` // their serving side has not ended yet
	Started  uint64            `json:"started"`
	Results  map[Result]uint64 `json:"results,omitempty"`
	Running  uint64            `json:"running,omitempty"`
	Stuck    uint64            `json:"stuck,omitempty"` // of Running, those beyond their timeout
	Off      bool              `json:"off,omitempty"`   // see KindShadowOff
}

// Place counts the runs that differed at one class of places.
type Place struct {
	Class    string  `json:"class"`
	Verdict  Verdict `json:"verdict"`
	Compared uint64  `json:"compared"` // differences between old and new
	Controls uint64  `json:"controls"` // differences of old with itself
}

// Snapshot reads the counters. It is meant for reports, not for every request.
func (p *Pair) Snapshot() Snapshot {
	s := p.state.Load()
	out := Snapshot{
		Name: p.name, Plan: s.effective(), Set: s.plan, Since: s.since, By: s.by, Latch: s.latch.clone(), Trips: p.trips.Load(),
		Old:     counted[Outcome](p.traffic[OldSide][:]),
		New:     counted[Outcome](p.traffic[NewSide][:]),
		Keyless: p.keyless.Load(), KeyPanics: p.keyPanics.Load(),
		Fallbacks:  counted[Fallback](p.fellBack[:]),
		Shadows:    *p.shadows.stats(),
		Unsafe:     p.shadows.config.AllowUnsafe,
		LostEvents: p.hook.droppedEvents(),
	}
	p.evidence.snapshot(&out)
	return out
}

func (s *shadows) stats() *ShadowStats {
	return &ShadowStats{
		Offered: s.offered.Load(), Skipped: counted[Skip](s.skipped[:]), Reserved: gauge(&s.reserved),
		Started: s.started.Load(), Results: counted[Result](s.results[:]), Running: gauge(&s.running), Stuck: gauge(&s.stuck),
		Off: s.off.Load(),
	}
}

func gauge(n *atomic.Int64) uint64 { return uint64(max(n.Load(), 0)) }

// counted names the counters that are not zero.
func counted[K ~uint8](counters []atomic.Uint64) map[K]uint64 {
	m := make(map[K]uint64)
	for i := range counters {
		if n := counters[i].Load(); n > 0 {
			m[K(i)] = n
		}
	}
	return m
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

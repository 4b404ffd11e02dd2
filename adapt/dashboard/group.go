package dashboard

// Differences are many and their causes few, so they are shown by place: how often, since when,
// what is known about it, one example, and the rule that would forgive it.

import (
	"cmp"
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

// group is what differs at one class of places.
type group struct {
	Class   string          `json:"class"`
	Verdict migrate.Verdict `json:"verdict"`
	Kind    string          `json:"kind"`     // of the example; "" where none is kept
	Count   uint64          `json:"count"`    // comparisons of old with new that differ there
	Noise   uint64          `json:"controls"` // comparisons of old with itself
	First   time.Time       `json:"first"`
	Last    time.Time       `json:"last"`
	Path    string          `json:"path"` // of the example; the class where no values are shown
	Old     string          `json:"old"`  // what stands there: its type, or the value
	New     string          `json:"new"`
	Hint    string          `json:"hint,omitempty"`
	Curl    string          `json:"curl,omitempty"` // the request, where values are shown
	Rule    string          `json:"rule"`           // to paste into migrate.Config
}

func groupsOf(p *migrate.Pair, values bool) []group {
	type example struct {
		parity.Difference
		request string
	}
	examples := make(map[string]example)
	for _, m := range p.Mismatches() { // the newest first
		if !values {
			m.Report, m.Request = m.Report.Redacted(), ""
		}
		for _, d := range m.Report.Diffs {
			if _, have := examples[d.Class]; !have {
				examples[d.Class] = example{d, m.Request}
			}
		}
	}
	groups := []group{}
	for _, at := range p.Snapshot().Places {
		g := group{Class: at.Class, Verdict: at.Verdict, Count: at.Compared, Noise: at.Controls, First: at.First, Last: at.Last, Path: at.Class}
		e, have := examples[at.Class]
		if have {
			g.Kind, g.Path, g.Old, g.New, g.Hint, g.Curl = e.Kind.String(), cmp.Or(e.Path, at.Class), e.Old, e.New, e.Hint, e.request
		}
		g.Rule = rule(at, e.Kind)
		groups = append(groups, g)
	}
	return groups
}

// rule forgives a place as little as will do.
func rule(at migrate.Place, kind parity.Kind) string {
	rules, name := parity.Rules{Ignore: []string{at.Class}}, "Ignore"
	switch {
	case kind == parity.KindOrder:
		rules, name = parity.Rules{Unordered: []string{at.Class}}, "Unordered"
	case at.Controls > 0:
		rules, name = parity.Rules{Shape: []string{at.Class}}, "Shape"
	}
	if rules.Validate() != nil {
		return ""
	}
	return fmt.Sprintf("Rules: parity.Rules{%s: []string{%q}},", name, at.Class)
}

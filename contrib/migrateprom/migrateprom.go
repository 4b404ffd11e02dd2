// Package migrateprom shows the migrations of a mux to Prometheus.
//
//	registry.MustRegister(migrateprom.New(mux.Migrations()))
//
// The collector reads snapshots when it is scraped, so nothing is added to the path of a request.
// Every word of every enumeration has its series from the start, so rate() sees the first of
// anything. A pair has about 120 series, however many requests there are: labels are names of pairs,
// which the code chooses, and words of this module; never a part of a request. Begin with
// crossfade_requests_total, crossfade_mismatches_total, crossfade_stage, crossfade_held and
// crossfade_guard; the HELP line of each name says what it counts. Two muxes in one process need a
// label each:
//
//	prometheus.WrapRegistererWith(prometheus.Labels{"mux": "shop"}, registry).MustRegister(…)
//
// alerts.yml beside this file has rules for replicas that disagree, pairs that are held, guards
// that are blind, plans that are old, and new sides that fail more often than old ones.
package migrateprom

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// New returns a collector that reads the pairs at each scrape. It is safe for any number of
// goroutines.
func New(pairs iter.Seq[*migrate.Pair]) prometheus.Collector { return collector{pairs} }

type collector struct{ pairs iter.Seq[*migrate.Pair] }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("crossfade_"+name, help, labels, nil)
}

var (
	requests     = desc("requests_total", "Requests of a side by how they ended; one that fell back counts on both sides.", "pair", "side", "outcome")
	durations    = desc("request_duration_seconds", "How long the answers of a side took while the pair was watched, to an eighth; a part of them where there are thousands a second.", "pair", "side")
	keyless      = desc("keyless_requests_total", "Requests without a key where keys decide.", "pair")
	fallbacks    = desc("fallbacks_total", "Requests that new has failed, by whether old answered them, or why not.", "pair", "verdict")
	shadows      = desc("shadows_total", "Shadow runs that have ended, by their result.", "pair", "result")
	skipped      = desc("shadows_skipped_total", "Requests that the plan wanted to shadow and that were not, by the reason.", "pair", "reason")
	running      = desc("shadows_running", "Shadow runs that have not ended.", "pair")
	stuck        = desc("shadows_stuck", "Shadow runs beyond their timeout.", "pair")
	compared     = desc("comparisons_total", "Answers of old and new that were compared.", "pair")
	mismatches   = desc("mismatches_total", "Comparisons in which new differed by more than noise.", "pair")
	stage        = desc("stage", "1 for the stage in force.", "pair", "stage")
	share        = desc("share_ratio", "The share of the keys that new serves.", "pair")
	wanted       = desc("wanted_stage", "1 for the stage that was set last; another than the one in force while something holds the pair.", "pair", "stage")
	held         = desc("held", "1 for what keeps the pair on its old side.", "pair", "by")
	trips        = desc("trips_total", "How often the guard went back to old.", "pair")
	kills        = desc("kills_total", "How often somebody called Kill.", "pair")
	latched      = desc("tripped", "1 for the rule that has tripped and was not reset.", "pair", "reason")
	sight        = desc("guard", "1 for what the guard sees.", "pair", "sight")
	blind        = desc("guard_blind", "1 for the reason why the guard is blind.", "pair", "why")
	lost         = desc("events_lost_total", "Events that Config.OnEvent was too slow for.", "pair")
	planVersion  = desc("plan_version", "The version of the last good document that the pair follows; 0 for none.", "pair")
	planAge      = desc("plan_age_seconds", "How long nothing good was heard of the source; 0 for a pair that follows none.", "pair")
	planErrors   = desc("plan_errors_total", "Directives for the pair that were wrong.", "pair")
	source       = desc("plan_source", "1 for how the source is that the pair follows.", "pair", "state")
	descriptions = []*prometheus.Desc{requests, durations, keyless, fallbacks, shadows, skipped, running, stuck, compared, mismatches, stage, share,
		wanted, held, trips, kills, latched, sight, blind, lost, planVersion, planAge, planErrors, source}
)

// Describe implements prometheus.Collector.
func (c collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range descriptions {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(to chan<- prometheus.Metric) {
	named := make(map[string]int)
	for p := range c.pairs {
		s := p.Snapshot()
		name := strings.ToValidUTF8(s.Name, "�")
		if named[name]++; named[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, named[name]) // two pairs of one name are two
		}
		(&scrape{to, name}).pair(p, &s)
	}
}

// scrape writes the series of one pair.
type scrape struct {
	to   chan<- prometheus.Metric
	name string
}

func (s *scrape) count(d *prometheus.Desc, n uint64, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), append([]string{s.name}, labels...)...)
}

func (s *scrape) gauge(d *prometheus.Desc, v float64, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{s.name}, labels...)...)
}

func (s *scrape) flag(d *prometheus.Desc, on bool, labels ...string) {
	v := 0.0
	if on {
		v = 1
	}
	s.gauge(d, v, labels...)
}

// bounds are those of the histograms, in seconds.
var bounds = prometheus.DefBuckets

// histogram sums up ranges of durations, of which eight double. One counts up to a bound when it
// ends there or before, so a bound is right to an eighth, and never says more than there was.
func (s *scrape) histogram(d *prometheus.Desc, ranges iter.Seq2[time.Duration, uint64], labels ...string) {
	var of uint64
	var sum float64
	upTo := make(map[float64]uint64, len(bounds))
	for end, n := range ranges {
		of += n
		sum += float64(n) * end.Seconds() * 23 / 24 // about the middle: a range is a ninth to a sixteenth of its end
		for _, bound := range bounds {
			if end.Seconds() <= bound {
				upTo[bound] += n
			}
		}
	}
	for _, bound := range bounds {
		upTo[bound] += 0 // every series from the start
	}
	s.to <- prometheus.MustNewConstHistogram(d, of, sum, upTo, append([]string{s.name}, labels...)...)
}

func counts[W ~string](s *scrape, d *prometheus.Desc, n map[W]uint64, labels ...string) {
	for word, n := range n {
		s.count(d, n, append(labels[:len(labels):len(labels)], string(word))...)
	}
}

var allStages = []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Canary, migrate.Live, migrate.New}

func (s *scrape) pair(p *migrate.Pair, is *migrate.Snapshot) {
	counts(s, requests, is.Old, "old")
	counts(s, requests, is.New, "new")
	s.histogram(durations, p.Buckets(migrate.OldSide), "old")
	s.histogram(durations, p.Buckets(migrate.NewSide), "new")
	s.count(keyless, is.Keyless)
	counts(s, fallbacks, is.Fallbacks)
	counts(s, shadows, is.Shadows.Results)
	counts(s, skipped, is.Shadows.Skipped)
	s.gauge(running, float64(is.Shadows.Running))
	s.gauge(stuck, float64(is.Shadows.Stuck))
	s.count(compared, is.Compared)
	s.count(mismatches, is.Mismatch)
	for _, at := range allStages {
		s.flag(stage, is.Plan.Stage == at, at.String())
		s.flag(wanted, is.Wanted.Stage == at, at.String())
	}
	s.gauge(share, ofNew(is.Plan))
	s.flag(held, is.Held != nil, "kill")
	s.flag(held, is.Latched != nil, "trip")
	s.flag(held, is.Document != nil, "document")
	s.count(trips, is.Trips)
	s.count(kills, is.Kills)
	for _, reason := range migrate.Words[migrate.TripReason]() {
		s.flag(latched, is.Latched != nil && is.Latched.Reason == reason, string(reason))
	}
	for _, word := range migrate.Words[migrate.Sight]() {
		s.flag(sight, is.Guard.Sight == word, string(word))
	}
	for _, why := range migrate.Words[migrate.Blindness]() {
		s.flag(blind, is.Guard.Why == why, string(why))
	}
	s.count(lost, is.LostEvents)
	var followed migrate.Followed
	if is.Followed != nil {
		followed = *is.Followed
	}
	s.gauge(planVersion, float64(followed.Version))
	s.gauge(planAge, followed.Age.Seconds())
	s.count(planErrors, followed.Wrong)
	for _, state := range migrate.Words[migrate.SourceState]() {
		s.flag(source, followed.Source == state, string(state))
	}
}

// ofNew returns the share of the keys that new serves under a plan.
func ofNew(p migrate.Plan) float64 {
	switch p.Stage {
	case migrate.Canary:
		return p.Share
	case migrate.Live, migrate.New:
		return 1
	}
	return 0
}

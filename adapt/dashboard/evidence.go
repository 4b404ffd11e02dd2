package dashboard

// May new serve more? A person asks before the next step, and so does a controller of rollouts. The
// answer is the same for both: what is missing, in words, and nothing else decides.

import (
	"fmt"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Evidence is what has to be seen of a plan before the next step. It counts from when the plan came
// into force. The zero value asks for what its fields say of 0; below 0 nothing is asked for.
type Evidence struct {
	Time     time.Duration // at this plan; 0 means 5 minutes
	Requests int           // that new has served, where it serves; 0 means 1,000
	Compared int           // comparisons, where shadows may run; 0 means 100
}

func (e Evidence) withDefaults() Evidence {
	if e.Time == 0 {
		e.Time = 5 * time.Minute
	}
	if e.Requests == 0 {
		e.Requests = 1000
	}
	if e.Compared == 0 {
		e.Compared = 100
	}
	return e
}

// reason is one thing that is missing.
type reason struct {
	Code string `json:"code"` // a word that stays the same
	Text string `json:"text"` // for people
}

// begin is what a pair had counted when its plan came into force.
type begin struct {
	plan migrate.Plan
	at   time.Time
	counts
}

// next begins anew when another plan is in force.
func (b begin) next(s migrate.Snapshot, now time.Time) begin {
	if b.plan == s.Plan && !b.at.IsZero() {
		return b
	}
	return begin{s.Plan, now, countsOf(s)}
}

// missing returns what speaks against a higher plan; the caller holds w.mu.
func (w *watch) missing(t *tracked, now time.Time) []reason {
	all := []reason{}
	say := func(code, format string, args ...any) { all = append(all, reason{code, fmt.Sprintf(format, args...)}) }
	s, since := t.is, countsOf(t.is).less(t.since.counts)
	if s.Held != nil {
		say("killed", "killed by %s: %s", nameless(s.Held.By), s.Held.Reason)
	}
	if s.Latched != nil {
		say("tripped", "tripped: %s", tripText(s.Latched))
	}
	if s.Document != nil {
		say("held", "held by the document: %s", s.Document.Reason)
	}
	if f := s.Followed; f != nil && f.Source != migrate.SourceFresh {
		say("source", "the source of plans is %s, so nothing is raised", f.Source)
	}
	if s.Plan.Stage == migrate.Old || s.Plan.Stage == migrate.New {
		return all // nothing of new is to be seen, or everything was
	}
	if at := now.Sub(t.since.at); at < w.need.Time {
		say("time", "at %v for %s, of %s", s.Plan, span(at), span(w.need.Time))
	}
	serves := s.Plan.Stage != migrate.Shadow
	if serves {
		switch s.Guard.Sight {
		case migrate.SightWatching:
		case migrate.SightBlind:
			say("blind", "the guard is blind: %s", s.Guard.Why)
		default:
			say(string(s.Guard.Sight), "the guard is %s", s.Guard.Sight)
		}
		if w.need.Requests > 0 && since.new < uint64(w.need.Requests) {
			say("requests", "new has served %d requests at this plan, of %d", since.new, w.need.Requests)
		}
		if since.new > 0 && since.newFailed >= 5 && share(since.newFailed, since.new) > share(since.oldFailed, since.old)+margin(t.Pair) {
			say("failures", "new failed %d of %d requests at this plan, old %d of %d", since.newFailed, since.new, since.oldFailed, since.old)
		}
	}
	if shadows := s.Shadows.Offered != s.Shadows.Skipped[migrate.SkipMethod] || s.Shadows.Offered == 0 && !serves; shadows {
		if w.need.Compared > 0 && since.compared < uint64(w.need.Compared) {
			say("comparisons", "%d answers compared at this plan, of %d", since.compared, w.need.Compared)
		}
		if since.different > 0 {
			say("differences", "%d of %d answers differ", since.different, since.compared)
		}
	}
	if s.Shadows.Off {
		say("shadows-off", "the shadows are switched off, because candidates did not end")
	}
	return all
}

// margin is by how much more often new may fail.
func margin(p *migrate.Pair) float64 {
	if m := inMigrate.Config(p).Guard.Margin; m > 0 {
		return m
	}
	return 0.005
}

// span returns a time in words: "31 s", "5 min".
func span(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

func share(bad, of uint64) float64 { return float64(bad) / float64(max(of, 1)) }

// verdict is the gate: 200 or 409.
type verdict struct {
	Version int          `json:"version"`
	Pair    string       `json:"pair"`
	OK      bool         `json:"ok"`
	Plan    migrate.Plan `json:"plan"`    // in force
	Reasons []reason     `json:"reasons"` // what is missing
}

func (v visit) verdict() {
	t := v.asked()
	if t == nil {
		return
	}
	v.lookAt(t)
	v.watch.mu.Lock()
	out := verdict{version, t.Name(), true, t.is.Plan, v.missing(t, time.Now())}
	v.watch.mu.Unlock()
	status := http.StatusOK
	if len(out.Reasons) > 0 {
		out.OK, status = false, http.StatusConflict
	}
	v.reply(status, out)
}

// asked returns the pair that the query names. Where there is none it answers so, and returns nil.
func (v visit) asked() *tracked {
	name := v.r.URL.Query().Get("pair")
	t := v.named[name]
	if t == nil {
		v.fail(http.StatusNotFound, fmt.Sprintf("there is no pair %q; ?pair= is the name of one, as v1/state lists them", clip(name)))
	}
	return t
}

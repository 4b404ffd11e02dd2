package guard

// An outlook keeps what a guard has heard lately, so that it can say what it sees: the last 2,000
// outcomes of new or the last minute, whichever is longer, in two halves of which the older is
// dropped.
type outlook struct {
	means    Means
	begun    int64   // of the later half
	halves   [2]half // the older, the later
	heardNew int64   // when new last came to anything

	late  [2]float64 // old, but for what it answered for new: bad, all; about the last recentOld
	told  Sight
	next  Sight // what will be told if it lasts
	since int64 // when next came up
}

// half is what was heard in one half.
type half struct {
	errors Block  // new against all of old
	heard  uint64 // of old, but for what it answered for new
	own    uint64 // of old, to clients of its own, also such as left
	new    uint64 // of new, also from clients that left
}

func (o *outlook) begin(at int64, m Means, g *Guard) Sight {
	*o = outlook{means: m, begun: at, heardNew: at, since: at}
	o.told = o.sight(at, g)
	o.next = o.told
	return o.told
}

// hear takes what both sides came to in a block: all failures, those of old that new did not
// choose, and the clients that left.
func (o *outlook) hear(at int64, failures Block, heard Counts, left Block) {
	if left.New.Of > 0 {
		o.heardNew = at
	}
	fade(o.late[:], 1-float64(heard.Of)/recentOld, float64(heard.Bad), float64(heard.Of))
	h := &o.halves[1]
	h.errors, h.heard, h.own, h.new = h.errors.plus(failures), h.heard+heard.Of, h.own+left.Old.Of, h.new+left.New.Of
	if at-o.begun >= int64(sightTime) && h.new >= sightNew {
		o.begun, o.halves = at, [2]half{*h}
	}
}

// seen is both halves together.
func (o *outlook) seen() half {
	a, b := o.halves[0], o.halves[1]
	return half{a.errors.plus(b.errors), a.heard + b.heard, a.own + b.own, a.new + b.new}
}

// oldFails reports whether old mostly fails: it is not a refuge then, and nothing goes back to it.
func (o *outlook) oldFails() bool { return o.late[1] >= 10 && 2*o.late[0] > o.late[1] }

// blind is why nothing can be compared, or 0.
func (o *outlook) blind() Why {
	seen, expected := o.seen(), o.means.expected()
	switch {
	case o.oldFails():
		return OldFails
	case o.means.fallsBack():
		// Silence of old is health as long as it answers where new has failed.
		old, bad := seen.errors.Old.Of, seen.errors.New.Bad
		if bad < 20 || 4*old >= bad || !silent(old, seen.errors.New.Of, expected) {
			return 0
		}
	case expected >= silence && !silent(seen.heard, seen.errors.New.Of, expected):
		return 0
	}
	return o.means.why()
}

// silent reports whether so little is heard of old, where expected outcomes are to be heard for
// each of new, that it must count as silence. Before a few outcomes can be expected it does not.
func silent(heard, ofNew uint64, expected float64) bool {
	enough := 20.0
	if expected > 0 {
		enough = min(max(20, 20/expected), 10/silence)
	}
	return float64(ofNew) >= enough && float64(heard) < float64(ofNew)*silence
}

// deaf reports whether nothing is heard of clients of old's own, without whom neither clients that
// leave nor durations can be compared.
func (o *outlook) deaf() bool {
	seen, expected := o.seen(), o.means.own()
	return expected < silence || silent(seen.own, seen.new, expected)
}

// sight is what the guard sees.
func (o *outlook) sight(at int64, g *Guard) Sight {
	if o.means.Share <= 0 || at-o.heardNew >= int64(idleAfter) {
		return Sight{}
	}
	var s Sight
	if o.deaf() {
		s.Unseen = []Reason{Hangs, Slowness}
	}
	if s.Why = o.blind(); s.Why != 0 {
		s.State = Blind
		return s
	}
	old, ratio, again := g.errors.longRunShare(), o.means.expected(), 0.0
	if seen := o.seen(); seen.errors.New.Of >= 100 {
		ratio = float64(seen.heard) / float64(seen.errors.New.Of)
	}
	if o.means.fallsBack() {
		again = 1
	}
	s.State, s.ByFallback = Watching, again > 0 && ratio < silence
	if need(max(0.1, 2*old), old, ratio, again) > farEnough {
		s.State = Weak
	}
	s.From = seesFrom(old, ratio, again, g.config.Margin)
	return s
}

// changed returns what is seen if the word for it is another one than was told last, and has been
// for a while: a word that comes and goes is not told each time.
func (o *outlook) changed(at int64, g *Guard) *Sight {
	s := o.sight(at, g)
	if s.State != o.next.State || s.Why != o.next.Why {
		o.next, o.since = s, at
	}
	if s.State == o.told.State && s.Why == o.told.Why || at-o.since < int64(settle) {
		return nil
	}
	o.told = s
	return &s
}

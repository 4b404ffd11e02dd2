// Package guard is the rule by which a migrated pair goes back to its old side. It counts how often
// new and old fail at the same time, compares them twice a second, and says when new is worse
// beyond chance for more than about two seconds. It knows no HTTP and no plan; whoever runs the
// pair tells it what happened.
//
// One [Guard] holds the evidence of one epoch, from the start or a Reset to the next trip:
//
//	g := guard.New(config, time.Now(), durations) // at the start, and anew at Reset
//	sight := g.Begin(time.Now(), means)           // at every Set: a new block of time begins
//	finding := g.Observe(guard.Observation{…})    // once per outcome of a side
//	finding := g.Compare(differs)                 // once per comparison, in every stage that compares
//	sight := g.Sight(time.Now())                  // for a snapshot
//
// Observe and Compare return nil nearly always. Else the [Finding] holds a [Trip], which is
// reported once per Guard, or a [Sight] that has changed, or both. The trip comes with the first
// outcome after a block of time has ended, so a test moves the clock; only panics and comparisons
// trip within an instant. After a trip the Guard is spent: throw it away at Reset, and Retire one
// that others take the place of.
//
// What to observe:
//
//   - A request that one side answered: that side, with Key (0 where there is none) and Took.
//   - A request that fell back: new with what it came to, then old with what it came to, with Echo.
//   - Old as a shadow of new's answer: old with Echo. A shadow that ran out of time is Failed. It is the
//     baseline, also and above all where new broke, so run it then as well.
//   - A shadow of new (stage Shadow, or beside old's answer in a canary): nothing, only Compare.
//   - ErrDecline: nothing. A return after the client has left is Gone, whatever was returned.
//   - A comparison in which old failed, and a control: no Compare, because they are not evidence.
//
// One clock read at the end of a request is enough for End and Took, and where Timed says so there
// is none.
//
// Counters, the clock of the blocks and the rings are atomics; the goroutine whose outcome ends a
// block does the arithmetic while the others go on. An observation allocates nothing.
//
// [Pool] is the same rule for many replicas. The simulation behind the constants is a test,
// internal/guard/simulate; SIMULATION.md has its command and what it prints, and so what can be
// seen at all.
package guard

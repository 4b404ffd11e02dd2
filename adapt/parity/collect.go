package parity

import (
	"hash/fnv"
	"slices"
)

// Where differences go: past the rules that forgive or demand them, into the answer of a question,
// the learner or the report. One walk serves all three, so that they cannot disagree.

// add reports a difference at the place where the comparison stands, unless a rule forgives or
// demands it.
func (c *comparison) add(p *place, kind Kind, old, next side, hint string) {
	if p.mode() == ignore {
		c.report.Forgiven++
		return
	}
	for i := len(c.scopes) - 1; i >= 0; i-- {
		if c.scopes[i].rule.expect.demands(kind, old, next) {
			c.scopes[i].met = true
			c.report.Expected++
			return
		}
	}
	c.force(kind, old, next, hint)
}

// force reports a difference that no rule can forgive.
func (c *comparison) force(kind Kind, old, next side, hint string) {
	switch {
	case c.quiet:
		c.differs = true
	case c.noise != nil:
		c.noise.note(kind, printPath(c.at, true))
	case len(c.report.Diffs) == maxDiffs:
		c.report.Omitted++
	default:
		d := Difference{
			Path: printPath(c.at, false), Class: printPath(c.at, true),
			Kind: kind, OldType: old.typ, NewType: next.typ, Hint: hint,
		}
		d.Old, d.New = show(old, next)
		c.report.Diffs = append(c.report.Diffs, d)
	}
}

func (e *Expectation) demands(kind Kind, old, next side) bool {
	if e.Kind != 0 && e.Kind != kind {
		return false
	}
	if e.Old == "" && e.New == "" {
		return true
	}
	x, y := show(old, next)
	return (e.Old == "" || e.Old == x) && (e.New == "" || e.New == y)
}

func (c *comparison) unmet(r *rule) {
	if c.spent {
		return
	}
	hint := r.label() + " demands a difference that is not there; if it is gone for good, delete the rule"
	if r.expect.Why != "" {
		hint += " (" + r.expect.Why + ")"
	}
	same := side{typ: "same", form: plain, raw: []byte("same")}
	c.force(KindUnmet, same, same, hint)
}

func (c *comparison) badRule(text string) {
	c.report.Diffs = append(c.report.Diffs, Difference{Path: "rules", Class: "rules", Kind: KindBadRule, OldType: "rule", NewType: "rule", Hint: text})
}

// tick pays for looking at a value and reports whether there is anything left to pay with.
func (c *comparison) tick(n int) bool {
	c.work -= n
	c.spent = c.spent || c.work < 0
	return !c.spent
}

// stopped says that going on cannot change the answer.
func (c *comparison) stopped() bool { return c.spent || c.quiet && c.differs }

func (c *comparison) stale() (labels []string) {
	if c.spent {
		return nil // not everything was visited
	}
	for i := range c.rules {
		if r := &c.rules[i]; !r.used && !r.learned() {
			labels = append(labels, r.label())
		}
	}
	return labels
}

// leaf decides about two values of one type that are not the same.
func (c *comparison) leaf(p *place, kind Kind, old, next side, hint string) {
	switch p.mode() {
	case shape, learnedShape:
		x, y := lexicalClass(old), lexicalClass(next)
		if x == y {
			c.report.Forgiven++
			return
		}
		kind, hint = KindShape, x+" became "+y
	case within:
		if near, applies := p.policy.tolerance.accepts(old, next); applies {
			p.policy.used = true
			if near {
				c.report.Forgiven++
				return
			}
			hint = "further apart than " + p.policy.label() + " allows"
		}
	}
	c.add(p, kind, old, next, hint)
}

// fingerprint records the hashes of two values if the place is a learned one.
func (c *comparison) fingerprint(p *place, x, y []byte) {
	if p.mode() != learnedShape || len(c.report.Noise) == maxPrints {
		return
	}
	class := printPath(c.at, true)
	if !slices.ContainsFunc(c.report.Noise, func(f Fingerprint) bool { return f.Class == class }) {
		c.report.Noise = append(c.report.Noise, Fingerprint{class, hash(x), hash(y)})
	}
}

func hash(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

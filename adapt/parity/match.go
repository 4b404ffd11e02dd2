package parity

import "slices"

// All rules are matched at once while the comparison walks down the answer: a place carries the
// rules which still may match below it, each with the number of segments it has used up. A place at
// which no rule is left costs nothing.

// state is a rule that has matched down to a place with its first pos segments.
type state struct {
	rule *rule
	pos  int
}

// place is what the rules say about where the comparison stands.
type place struct {
	from, to int   // the states alive here, in comparison.states
	policy   *rule // how values are compared here and below; nil for the default
	list     *rule // how the elements of this array are matched
	scopes   int   // the expectations that were open before
	strength action
	ruled    bool // some rule ends exactly here
}

func (p *place) mode() action {
	if p.policy == nil {
		return 0
	}
	return p.policy.action
}

// free says that no rule can match below.
func (p *place) free() bool { return p.from == p.to }

// done says that no rule is waiting for something here or below, so that equal bytes need no walk.
func (p *place) done() bool {
	return p.mode() == ignore || p.free() && p.list == nil && (p.mode() != within || p.policy.used)
}

// unwalked counts those rules as used that may find something below, where the walk does not go
// because nothing is there to compare with.
func (c *comparison) unwalked(p *place) {
	for _, st := range c.states[p.from:p.to] {
		st.rule.used = true
	}
	if p.list != nil {
		p.list.used = true
	}
	if p.mode() == within {
		p.policy.used = true
	}
}

// top returns the place above all roots.
func (c *comparison) top() place {
	for i := range c.rules {
		c.states = append(c.states, state{&c.rules[i], 0})
	}
	return place{to: len(c.states)}
}

// enter goes one step down. Every enter has its leave.
func (c *comparison) enter(parent *place, s step) place {
	c.at = append(c.at, s)
	n := len(c.states)
	p := place{from: n, to: n, policy: parent.policy, scopes: len(c.scopes)}
	if parent.free() {
		return p
	}
	for i := parent.from; i < parent.to; i++ {
		st := c.states[i]
		switch seg := st.rule.path[st.pos]; {
		case seg.kind == anyDepth:
			c.keep(&p, st)
		case seg.matches(s):
			c.keep(&p, state{st.rule, st.pos + 1})
		}
	}
	p.to = len(c.states)
	return p
}

// keep adds a state to the place being entered. A "**" also stands for no segment, so the state
// after it is kept too.
func (c *comparison) keep(p *place, st state) {
	if st.pos == len(st.rule.path) {
		c.apply(p, st.rule)
		return
	}
	if slices.Contains(c.states[p.from:], st) {
		return
	}
	c.states = append(c.states, st)
	if st.rule.path[st.pos].kind == anyDepth {
		c.keep(p, state{st.rule, st.pos + 1})
	}
}

// apply puts a rule in force whose path ends here.
func (c *comparison) apply(p *place, r *rule) {
	p.ruled = true
	switch r.action {
	case expect:
		r.used = true
		if c.canonical {
			c.blocked = true
			return
		}
		if !slices.Contains(c.scopes[p.scopes:], scope{rule: r}) {
			c.scopes = append(c.scopes, scope{rule: r})
		}
	case unordered, learnedUnordered:
		if p.list == nil || p.list.learned() {
			p.list = r
		}
	default:
		if r.action != within { // used where it finds a number
			r.used = true
		}
		if r.action > p.strength {
			p.policy, p.strength = r, r.action
		}
	}
}

// leave goes back up and reports the expectations that were not met.
func (c *comparison) leave(p *place) {
	for len(c.scopes) > p.scopes {
		last := c.scopes[len(c.scopes)-1]
		c.scopes = c.scopes[:len(c.scopes)-1]
		if !last.met {
			c.unmet(last.rule)
		}
	}
	c.states = c.states[:p.from]
	c.at = c.at[:len(c.at)-1]
}

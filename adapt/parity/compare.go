package parity

import (
	"bytes"
	"slices"
	"strconv"
)

// Bounds of one comparison. Beyond them a comparison answers "not equal, kind Limit" rather than
// guess; equal bytes are equal at any size.
const (
	maxDiffs      = 100
	maxStructured = 8 << 20 // bytes of a body that is read as JSON, events or lines
	maxNodes      = 1 << 20 // values in such a body
	maxDepth      = 500
	maxWork       = 1 << 23 // visits of a value; re-ordered arrays are visited more than once
	maxPrints     = 32      // fingerprints
)

// comparison is one run of Compare.
type comparison struct {
	rules  []rule
	at     []step  // the path to where the comparison stands
	states []state // of all places on that path
	scopes []scope // expectations open on that path

	old, next *document // the bodies, while they are compared as JSON
	work      int
	spent     bool

	quiet     bool // only asking whether two values are the same
	differs   bool // the answer
	canonical bool // only making canonical texts
	blocked   bool // an expectation stands where they were made

	noise  *Noise // where differences go instead of into the report
	report Report
}

// scope is an expectation at a place the comparison is at or below.
type scope struct {
	rule *rule
	met  bool
}

// Compare compares two answers to one request. It ends, does not panic and works in bounded memory
// beside the two bodies whatever they hold; it keeps and changes nothing of what it is given and
// may be called from any goroutine. An answer is always equal to itself, unless Rules.Expect
// demands otherwise or a rule is wrong, and the verdict does not depend on the order of the two.
func Compare(old, next Message, rules Rules) Report {
	var c comparison
	var errs []error
	c.rules, errs = rules.compile()
	for _, err := range errs {
		c.badRule(err.Error())
	}
	c.run(&old, &next)
	c.report.Stale = c.stale()
	return c.report
}

func (c *comparison) run(old, next *Message) {
	top := c.top()
	c.work = maxWork
	c.status(&top, old, next)
	c.failure(&top, old, next)
	c.fields(&top, "header", old, next)
	c.cookies(&top, old, next)
	c.fields(&top, "trailer", old, next)
	c.body(&top, old, next)
}

func (c *comparison) status(top *place, old, next *Message) {
	p := c.enter(top, named("status"))
	defer c.leave(&p)
	if old.Status == next.Status {
		return
	}
	if p.mode() == shape && old.Status/100 == next.Status/100 {
		c.report.Forgiven++
		return
	}
	x, y := statusSide(old.Status), statusSide(next.Status)
	c.add(&p, KindStatus, x, y, "")
}

func statusSide(code int) side {
	text := strconv.Itoa(code)
	return side{typ: text, form: plain, raw: []byte(text)}
}

func (c *comparison) failure(top *place, old, next *Message) {
	if old.Err == "" && next.Err == "" {
		return
	}
	p := c.enter(top, named("error"))
	defer c.leave(&p)
	if failureClass(old.Err) != failureClass(next.Err) || (old.Err == "") != (next.Err == "") {
		c.add(&p, KindFailure, errorSide(old.Err), errorSide(next.Err), "")
	}
}

// failureTypes are the classes of Message.Err.
var failureTypes = []string{"panic", "error", "timeout", "aborted", "goexit", "no answer"}

func errorSide(err string) side {
	class := failureClass(err)
	switch {
	case err == "":
		return side{typ: "answered", form: absent}
	case !slices.Contains(failureTypes, class):
		class = "failed" // an Err that follows no convention may hold anything
	}
	return side{typ: class, form: plain, raw: []byte(err)}
}

// sameBody says that not one byte of the content differs.
func sameBody(old, next *Message) bool { return bytes.Equal(old.Body, next.Body) }

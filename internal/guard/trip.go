package guard

import (
	"fmt"
	"time"
)

// Reason says which rule tripped. The zero value is not a reason.
type Reason uint8

const (
	_          Reason = iota
	Errors            // new failed more often than old at the same time
	Refusals          // new answered 4xx more often than old at the same time
	Panics            // new panicked several times in a row
	Mismatches        // too many answers differed
	Hangs             // clients of new left before the answer more often than those of old
	Slowness          // new took longer than old by more than the ratio allowed
	Ceiling           // new failed far too often while nothing was heard of old
	reasons    = iota
)

var reasonNames = [reasons]string{"none", "errors", "refusals", "panics", "mismatches", "hangs", "slowness", "ceiling"}

// String is a word for logs and metric labels.
func (r Reason) String() string { return word(reasonNames[:], r) }

// Trip is the evidence on which the pair goes back to old. New and Old were counted over the same
// span of time; Old is zero where it said nothing.
type Trip struct {
	Reason Reason
	New    Counts
	Old    Counts
	Limit  time.Duration // of Slowness: what old's answers stay below
}

// Finding is what a Guard has to say.
type Finding struct {
	Trip  *Trip  // new is worse beyond chance: go back to old; told once
	Sight *Sight // what the guard sees has changed
}

// word is the name of a value of an enumeration, also of one that is not in it.
func word[T ~uint8](names []string, v T) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%T(%d)", v, uint8(v))
}

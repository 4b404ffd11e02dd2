package guard

import "sync/atomic"

// A client whose request fails often tries again at once, and fails again: one fault, many
// outcomes, all of them on the side that its key belongs to. So the same client counts once in
// eight bad outcomes. A ring remembers the last eight of both sides together, one byte of each key.
// It must be one ring for both: with one each, the busier side would forget sooner, and the other
// would look better.

type ring struct{ last atomic.Uint64 }

const (
	everyByte = 0x0101010101010101
	topBits   = 0x8080808080808080
)

// repeats reports whether the key is among the last, and remembers it if not. A key of 0 is
// nobody's. Of two goroutines at once one may be forgotten, which costs a repetition more or less.
func (r *ring) repeats(key uint64) bool {
	if key == 0 {
		return false
	}
	mark := mix(key) | 1 // an empty place is 0
	last := r.last.Load()
	if differ := last ^ mark*everyByte; (differ-everyByte)&^differ&topBits != 0 {
		return true
	}
	r.last.CompareAndSwap(last, last<<8|mark)
	return false
}

// mix takes a byte that depends on every bit of the key.
func mix(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> 56 }

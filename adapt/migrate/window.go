package migrate

import (
	"math/bits"
	"sync/atomic"
)

// A window remembers, one bit each, which of the last size outcomes were bad. Any number of goroutines record into it
// with no lock: a slot changes by one atomic operation that tells what it held, so that the running count follows every
// change exactly once. A good outcome in a slot that is good already, which is nearly always, costs one addition and
// one load. While others record, counts may be off by those under way; it settles when they are done.
type window struct {
	size  uint64
	next  atomic.Uint64 // outcomes recorded so far
	bad   atomic.Int64
	slots []atomic.Uint64
	block uint64          // slots per mark
	marks []atomic.Uint64 // where the beside window stood when the block was begun
}

func newWindow(size int) *window {
	block := (size + 7) / 8
	return &window{
		size: uint64(size), slots: make([]atomic.Uint64, (size+63)/64),
		block: uint64(block), marks: make([]atomic.Uint64, (size+block-1)/block),
	}
}

// record stores one outcome. Beside is a position in the other window of a pair, kept so that span can tell which of
// its outcomes are as recent as the ones here.
func (w *window) record(bad bool, beside uint64) {
	slot := (w.next.Add(1) - 1) % w.size
	word, mask := &w.slots[slot/64], uint64(1)<<(slot%64)
	if slot%w.block == 0 {
		w.marks[slot/w.block].Store(beside)
	}
	switch was := word.Load()&mask != 0; {
	case bad && !was:
		if word.Or(mask)&mask == 0 {
			w.bad.Add(1)
		}
	case was && !bad:
		if word.And(^mask)&mask != 0 {
			w.bad.Add(-1)
		}
	}
}

// counts are the bad outcomes among the n remembered ones.
func (w *window) counts() (bad, n uint64) {
	n = min(w.next.Load(), w.size)
	return min(uint64(max(w.bad.Load(), 0)), n), n
}

// span is where the beside window stood when the oldest outcomes remembered here were recorded. The block being filled
// holds the oldest and the newest outcomes, so once the window is full the block after it counts as the oldest.
func (w *window) span() uint64 {
	next := w.next.Load()
	if next <= w.size {
		return w.marks[0].Load()
	}
	oldest := next % w.size / w.block
	return w.marks[(oldest+1)%uint64(len(w.marks))].Load()
}

// since counts the outcomes recorded from position from on, as far as they are remembered.
func (w *window) since(from uint64) (bad, n uint64) {
	next := w.next.Load()
	if from >= next {
		return 0, 0
	}
	n = min(next-from, w.size)
	for slot, left := (next-n)%w.size, n; left > 0; {
		run := min(64-slot%64, w.size-slot, left) // to the end of the word, of the ring, or of what is asked for
		word := w.slots[slot/64].Load() >> (slot % 64)
		if run < 64 {
			word &= 1<<run - 1
		}
		bad += uint64(bits.OnesCount64(word))
		slot, left = (slot+run)%w.size, left-run
	}
	return bad, n
}

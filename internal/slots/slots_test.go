package slots

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func counts(t *testing.T, p *Pair, want Counts) {
	t.Helper()
	if diff := cmp.Diff(want, p.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// reserve takes a reservation that must be there, and started one with its slot.
func reserve(t *testing.T, p *Pair) *Slot {
	t.Helper()
	s := p.Reserve()
	if s == nil {
		t.Fatal("no reservation")
	}
	return s
}

func started(t *testing.T, p *Pair) *Slot {
	t.Helper()
	s := reserve(t, p)
	if !s.Start() {
		t.Fatal("no slot")
	}
	return s
}

// What one pair holds, of slots or of bytes, another does not miss.
func TestOnePairCannotTakeFromAnother(t *testing.T) {
	pool := NewPool(1)
	greedy, other := NewPair(pool, 0, 3<<20, nil), NewPair(pool, 0, 3<<20, nil)
	own, shared := started(t, greedy), started(t, greedy)
	if third := greedy.Reserve(); third != nil && third.Start() {
		t.Error("a third run beside one own slot and one of the pool")
	}
	for greedy.Reserve() != nil { // a crowd of slow readers
	}
	pool.bytes = 0
	s := started(t, other)
	if other.Reserve() != nil {
		t.Error("a second reservation of the other pair, although the pool is empty")
	}
	s.End()
	counts(t, other, Counts{})
	shared.End()
	own.End()
	if pool.slots != 1 || greedy.taken != 0 {
		t.Errorf("at the end %d slots of the pool are free, %d of the pair taken", pool.slots, greedy.taken)
	}
}

// A reservation costs bytes until it is released or its run has ended, and a slot only while it
// runs.
func TestReservationIsNoSlot(t *testing.T) {
	pool := NewPool(0)
	p := NewPair(pool, 0, 10, nil)
	one, two := reserve(t, p), reserve(t, p)
	counts(t, p, Counts{Reserved: 2, Bytes: 20})
	if !two.Start() || one.Start() {
		t.Error("of two reservations exactly the first that asks gets the slot")
	}
	counts(t, p, Counts{Reserved: 1, Running: 1, Bytes: 20})
	two.End()
	if !one.Start() {
		t.Error("the slot was not given back")
	}
	three := reserve(t, p)
	three.Release()
	one.End()
	counts(t, p, Counts{})
	if pool.bytes != poolBytes {
		t.Errorf("%d bytes of the pool are missing", poolBytes-pool.bytes)
	}
}

// A pair keeps no more than its bytes, but always room for one.
func TestBytes(t *testing.T) {
	for keep, want := range map[int64]int{1 << 20: 8, 3 << 20: 2, 100 << 20: 1} {
		p, n := NewPair(NewPool(0), 1, keep, nil), 0
		for p.Reserve() != nil {
			n++
		}
		if n != want {
			t.Errorf("%d reservations of %d bytes, want %d", n, keep, want)
		}
	}
}

// Who asked for slots of its own has those, and none of the pool.
func TestOwnSlots(t *testing.T) {
	p := NewPair(NewPool(5), 2, 1, nil)
	started(t, p)
	started(t, p)
	if reserve(t, p).Start() {
		t.Error("a third slot of two")
	}
}

// A stuck run is replaced, until four are; then, after 30 s, the shadows of the pair go off. What
// timers do late changes nothing.
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		changes := make(chan Change, 10)
		p := NewPair(NewPool(0), 1, 1, func(c Change) { changes <- c })
		var stuck []*Slot
		for range 4 {
			s := started(t, p)
			s.Overdue()
			stuck = append(stuck, s)
		}
		counts(t, p, Counts{Running: 4, Stuck: 4, Bytes: 4})
		waiting := reserve(t, p)
		if waiting.Start() {
			t.Error("a fifth run beside four stuck ones")
		}
		time.Sleep(stuckLimit - time.Second)
		stuck[0].End() // stops the alarm
		time.Sleep(2 * time.Second)
		if !waiting.Start() {
			t.Error("no slot although one has ended")
		}
		waiting.Overdue()
		if first := <-changes; first != FirstStuck || len(changes) != 0 || !p.Open() {
			t.Errorf("too early: %v and %d more", first, len(changes))
		}
		time.Sleep(stuckLimit + time.Second)
		if second := <-changes; second != SwitchedOff || len(changes) != 0 || p.Open() {
			t.Errorf("then %v and %d more", second, len(changes))
		}
		if !p.SwitchOn() || !p.Open() {
			t.Error("SwitchOn has not switched on")
		}
		time.Sleep(stuckLimit + time.Second)
		if third := <-changes; third != SwitchedOff || len(changes) != 0 || p.Open() {
			t.Errorf("switched on while four are stuck still: %v and %d more", third, len(changes))
		}
		for _, s := range append(stuck[1:], waiting) {
			s.End()
			s.Overdue() // the timer comes too late
		}
		counts(t, p, Counts{Off: true})
		if !p.SwitchOn() || p.SwitchOn() {
			t.Error("SwitchOn tells wrongly whether shadows were off")
		}
		p.switchOff() // a late alarm
		started(t, p).End()
		counts(t, p, Counts{})
	})
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPair(NewPool(0), 2, 1, nil)
		s := started(t, p)
		waiting := reserve(t, p)
		if !p.Close() || p.Close() {
			t.Error("Close tells wrongly whether it was the first")
		}
		if waiting.Start() {
			t.Error("a run has started after Close")
		}
		waiting.Release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if left := p.Wait(ctx); left != 1 || p.Abandoned().Err() == nil {
			t.Errorf("%d left, abandoned %v; want one that was told to end", left, p.Abandoned().Err())
		}
		go func() { time.Sleep(time.Second); s.End() }()
		if left := p.Wait(t.Context()); left != 0 {
			t.Errorf("%d left after all have ended", left)
		}
	})
}

// Package slots bounds the shadow runs of a pair, so that none of them takes from another pair.
//
// A shadow has two steps, which cost different things:
//
//   - From its reservation, before the serving side runs, it keeps copies of the request and the
//     answer: memory, for as long as the client likes to read. A reservation is bounded by bytes.
//   - From its start, after the answer, it runs: a goroutine, a processor, whatever the handler
//     holds. A run needs a slot.
//
// Both are taken or refused at once; nobody queues. Each pair has room for one reservation and one
// run of its own, which no other pair can take, and competes for the rest.
//
// A goroutine cannot be ended from outside. A candidate that outlives its time is stuck: its slot
// is given to another run, until too many of the pair are stuck. When they have been for
// stuckLimit, more shadows of the pair make no sense.
package slots

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	stuckLimit = 30 * time.Second
	stuckLeast = 4        // stuck runs of a pair that are replaced, or as many as it has slots
	pairBytes  = 8 << 20  // that the shadows of one pair may keep
	poolBytes  = 64 << 20 // that those of all pairs may keep, beyond one reservation of each
)

// Pool is what pairs share: the slots and bytes beyond those that each has of its own. Its methods
// are safe for any number of goroutines.
type Pool struct {
	mu    sync.Mutex
	slots int // free
	bytes int64
}

// NewPool returns a pool of that many slots.
func NewPool(slots int) *Pool { return &Pool{slots: slots, bytes: poolBytes} }

// Process is the pool of all pairs that do not ask for slots of their own, because they share the
// processors, too. With the slot of one pair it has max(1, GOMAXPROCS/4).
var Process = sync.OnceValue(func() *Pool { return NewPool(max(1, runtime.GOMAXPROCS(0)/4) - 1) })

func (p *Pool) takeSlot() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.slots == 0 {
		return false
	}
	p.slots--
	return true
}

func (p *Pool) giveSlot() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slots++
}

func (p *Pool) takeBytes(n int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes < n {
		return false
	}
	p.bytes -= n
	return true
}

func (p *Pool) giveBytes(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += n
}

// Pair is the shadows of one pair. Make it with NewPair. Its methods are safe for any number of
// goroutines.
type Pair struct {
	pool     *Pool
	own      int   // slots of the pair alone
	shared   bool  // it takes slots of the pool when its own are taken
	keep     int64 // bytes that one shadow may keep
	replaced int   // stuck runs that are replaced
	report   func(Change)

	abandon context.Context // ended when Wait has waited long enough
	giveUp  context.CancelFunc

	mu       sync.Mutex
	n        Counts
	taken    int  // own slots
	ownBytes bool // the reservation of its own is taken
	closed   bool
	shut     atomic.Bool   // closed or off, see Open
	idle     chan struct{} // made by the first Wait that finds somebody, closed by the last who leaves
	alarm    *time.Timer   // while too many are stuck
}

// Counts are the shadows of a pair at one moment.
type Counts struct {
	Reserved, Running, Stuck int  // Stuck are among Running
	Off                      bool // shadows were switched off because candidates do not end
	Bytes                    int64
}

// Change is what Pair reports: candidates do not end.
type Change uint8

const (
	FirstStuck  Change = iota // a candidate has outlived its time, where none had before
	SwitchedOff               // too many have, for too long
)

// NewPair makes the shadows of a pair. With own above 0 it has that many slots and takes none of
// the pool, otherwise one and what the pool has. Keep is the number of bytes that a shadow may
// keep. Report is told of changes, on a goroutine of a timer; nil means nobody.
func NewPair(pool *Pool, own int, keep int64, report func(Change)) *Pair {
	p := &Pair{pool: pool, own: max(own, 1), shared: own == 0, keep: keep, replaced: max(own, stuckLeast), report: report}
	if p.report == nil {
		p.report = func(Change) {}
	}
	p.abandon, p.giveUp = context.WithCancel(context.Background())
	return p
}

// Abandoned ends when Wait has waited in vain: then candidates are to end as well.
func (p *Pair) Abandoned() context.Context { return p.abandon }

// Counts are the shadows of now.
func (p *Pair) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// Open reports whether shadows may begin at all. It takes no lock.
func (p *Pair) Open() bool { return !p.shut.Load() }

// SwitchOn lets shadows begin again that were switched off, and reports whether they were. If too
// many are stuck still, they are switched off again in time.
func (p *Pair) SwitchOn() (wasOff bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wasOff, p.n.Off = p.n.Off, false
	p.shut.Store(p.closed)
	if wasOff && p.n.Stuck >= p.replaced {
		p.alarm = time.AfterFunc(stuckLimit, p.switchOff)
	}
	return wasOff
}

// Slot is one shadow, from its reservation to its end. Exactly one of Release and End gives back
// what it has; each is called once.
type Slot struct {
	pair     *Pair
	ownBytes bool // the reservation of the pair's own
	pool     bool // it runs in a slot of the pool
	slot     bool // it has a slot: from Start on, until it is stuck or ends
	ended    bool
	stuck    bool
}

// Reserve makes room for what a shadow keeps, or reports that there is none.
func (p *Pair) Reserve() *Slot {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := !p.ownBytes
	if !own && (p.n.Bytes+p.keep > pairBytes || !p.pool.takeBytes(p.keep)) {
		return nil
	}
	p.ownBytes = true
	p.n.Reserved++
	p.n.Bytes += p.keep
	return &Slot{pair: p, ownBytes: own}
}

// Release gives back a reservation that was not used.
func (s *Slot) Release() {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n.Reserved--
	s.forgetLocked()
}

func (s *Slot) forgetLocked() {
	p := s.pair
	p.n.Bytes -= p.keep
	if s.ownBytes {
		p.ownBytes = false
	} else {
		p.pool.giveBytes(p.keep)
	}
}

// Start takes a slot for a reservation, or reports that there is none: then Release it.
func (s *Slot) Start() bool {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed || p.n.Off || p.n.Stuck >= p.replaced:
		return false
	case p.taken < p.own:
		p.taken++
	case p.shared && p.pool.takeSlot():
		s.pool = true
	default:
		return false
	}
	s.slot = true
	p.n.Reserved--
	p.n.Running++
	return true
}

func (s *Slot) leaveLocked() {
	switch {
	case !s.slot:
	case s.pool:
		s.pair.pool.giveSlot()
	default:
		s.pair.taken--
	}
	s.slot = false
}

// Overdue notes that a run has outlived its time: another may have its slot. It does nothing once
// the run has ended.
func (s *Slot) Overdue() {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.ended {
		return
	}
	s.stuck = true
	s.leaveLocked()
	p.n.Stuck++
	if p.n.Stuck >= p.replaced && p.alarm == nil {
		p.alarm = time.AfterFunc(stuckLimit, p.switchOff)
	}
	if p.n.Stuck == 1 {
		p.unlocked(func() { p.report(FirstStuck) })
	}
}

// unlocked calls f without the lock.
func (p *Pair) unlocked(f func()) {
	p.mu.Unlock()
	defer p.mu.Lock()
	f()
}

// End gives back what a run has.
func (s *Slot) End() {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	s.ended = true
	s.leaveLocked()
	s.forgetLocked()
	p.n.Running--
	if s.stuck {
		p.n.Stuck--
		if p.alarm != nil && p.n.Stuck < p.replaced {
			p.alarm.Stop()
			p.alarm = nil
		}
	}
	if p.n.Running == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}

func (p *Pair) switchOff() {
	p.mu.Lock()
	off := p.n.Stuck >= p.replaced && !p.n.Off
	if off {
		p.n.Off = true
		p.shut.Store(true)
	}
	p.mu.Unlock()
	if off {
		p.report(SwitchedOff)
	}
}

// Close lets no more shadows begin, and reports whether it was the first to do so.
func (p *Pair) Close() (first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first, p.closed = !p.closed, true
	p.shut.Store(true)
	return first
}

// Wait returns how many are still running when all have ended or ctx ends, and then abandons those
// that are left.
func (p *Pair) Wait(ctx context.Context) (left int) {
	defer p.giveUp()
	p.mu.Lock()
	if p.n.Running == 0 {
		p.mu.Unlock()
		return 0
	}
	if p.idle == nil {
		p.idle = make(chan struct{})
	}
	idle := p.idle
	p.mu.Unlock()
	select {
	case <-idle:
		return 0
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n.Running
}

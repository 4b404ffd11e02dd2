package migrate

import (
	"runtime"
	"sync"
	"time"
)

// Slots bound how many shadows exist at a time, from the reservation before the serving side runs until the comparison is
// done; with them the goroutines and the memory of all shadows are bounded. A slot is taken or refused at once, nobody
// queues. A candidate that outlives its timeout keeps its slot, because it still has what the slot stands for; when
// every slot has been held that way for stuckLimit, more shadows of the pairs that hold them make no sense.
type slots struct {
	size int

	mu    sync.Mutex
	used  int
	stuck map[*ShadowRun]struct{}
	alarm *time.Timer // while all slots are stuck
}

const stuckLimit = 30 * time.Second

// processSlots are shared by all pairs that do not ask for slots of their own, because they share the processors too.
var processSlots = sync.OnceValue(func() *slots { return newSlots(max(1, runtime.GOMAXPROCS(0)/4)) })

func newSlots(size int) *slots {
	return &slots{size: size, stuck: make(map[*ShadowRun]struct{})}
}

func (s *slots) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used >= s.size {
		return false
	}
	s.used++
	return true
}

// release gives back a slot that was reserved and not used.
func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
}

// hold notes that a run has outlived its deadline.
func (s *slots) hold(run *ShadowRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run.ended {
		return
	}
	run.stuck = true
	run.pair.shadows.stuck.Add(1)
	s.stuck[run] = struct{}{}
	if len(s.stuck) == s.size {
		s.alarm = time.AfterFunc(stuckLimit, s.giveUp)
	}
}

// end gives back the slot of a run whose candidate has ended.
func (s *slots) end(run *ShadowRun) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
	run.ended = true
	run.pair.shadows.running.Add(-1)
	if !run.stuck {
		return
	}
	run.pair.shadows.stuck.Add(-1)
	delete(s.stuck, run)
	if s.alarm != nil {
		s.alarm.Stop()
		s.alarm = nil
	}
}

func (s *slots) giveUp() {
	s.mu.Lock()
	pairs := make(map[*Pair]struct{})
	if len(s.stuck) == s.size {
		for run := range s.stuck {
			pairs[run.pair] = struct{}{}
		}
	}
	s.mu.Unlock()
	for p := range pairs {
		p.shadowsOff()
	}
}

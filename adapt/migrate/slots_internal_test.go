package migrate

import "testing"

// What a timer does late: a run is noted as stuck after it has ended, and the alarm rings after one of the runs has.
func TestSlotsAndLateTimers(t *testing.T) {
	p, err := NewPair(Config{Plan: Plan{Stage: Shadow}, Shadow: ShadowConfig{MaxConcurrent: 2}})
	if err != nil {
		t.Fatal(err)
	}
	s := p.shadows.slots
	one, two := &ShadowRun{pair: p}, &ShadowRun{pair: p}
	for i := range 3 {
		if got := s.take(); got != (i < 2) {
			t.Fatalf("taking slot %d of two: %v", i+1, got)
		}
	}
	p.shadows.running.Add(2)
	s.hold(one)
	s.end(two)
	s.hold(two)
	if got := p.shadows.stuck.Load(); got != 1 || len(s.stuck) != 1 || s.alarm != nil {
		t.Errorf("%d stuck, %d held, alarm %v; want only the one that has not ended", got, len(s.stuck), s.alarm)
	}
	s.giveUp()
	if p.shadows.off.Load() {
		t.Error("shadows were switched off although a slot was free")
	}
	s.end(one)
	if got := p.shadows.stuck.Load() + p.shadows.running.Load(); got != 0 || s.used != 0 {
		t.Errorf("at rest %d are counted, and %d slots taken", got, s.used)
	}
}

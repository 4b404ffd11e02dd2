package guard_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// member is a replica that counts.
type member struct {
	guard.Report
	oldRate, newRate uint64 // failures of 100
}

// tick counts a second of 100 requests on each side.
func (m *member) tick() guard.Report {
	m.Old.Of, m.New.Of = m.Old.Of+100, m.New.Of+100
	m.Old.Bad, m.New.Bad = m.Old.Bad+m.oldRate, m.New.Bad+m.newRate
	return m.Report
}

func members(n int, oldRate, newRate uint64) (all []*member) {
	for i := range n {
		all = append(all, &member{guard.Report{Replica: fmt.Sprint(i), Epoch: 1}, oldRate, newRate})
	}
	return all
}

func TestPool(t *testing.T) {
	for _, c := range []struct {
		name  string
		all   func() []*member
		twist func(p *guard.Pool, second int, all []*member, now time.Time)
		trips bool
	}{
		{"healthy", func() []*member { return members(10, 1, 1) }, nil, false},
		{"new fails everywhere", func() []*member { return members(10, 1, 50) }, nil, true},
		{"one replica alone", func() []*member { return members(1, 1, 50) }, nil, true},
		{"one of ten is sick", func() []*member { return append(members(9, 1, 1), &member{guard.Report{Replica: "sick"}, 1, 100}) }, nil, false},
		{"two of ten are sick", func() []*member {
			return append(members(8, 1, 1), &member{guard.Report{Replica: "a"}, 1, 100}, &member{guard.Report{Replica: "b"}, 1, 100})
		}, nil, true},
		{"a replica restarts each three seconds", func() []*member { return members(3, 1, 1) }, func(p *guard.Pool, second int, all []*member, _ time.Time) {
			if second%3 == 0 {
				all[0].Report = guard.Report{Replica: "0", Epoch: uint64(second + 2)}
			}
		}, false},
		{"old messages come again, from before a bad second", func() []*member { return members(3, 1, 1) }, func(p *guard.Pool, second int, all []*member, now time.Time) {
			for _, m := range all {
				switch {
				case second == 0:
					m.newRate = 100
				case second == 1:
					m.newRate = 1
				case second%2 == 0:
					p.Add(guard.Report{Replica: m.Replica, Epoch: 1, Block: guard.Block{Old: guard.Counts{Of: 100}, New: guard.Counts{Of: 100}}}, now)
				}
			}
		}, false},
		{"new fails everywhere, and old messages come again", func() []*member { return members(3, 1, 50) }, func(p *guard.Pool, _ int, all []*member, now time.Time) {
			for _, m := range all {
				p.Add(guard.Report{Replica: m.Replica, Epoch: 1}, now)
			}
		}, true},
		{"new fails everywhere, and two count beyond all bounds", func() []*member { return members(5, 1, 50) }, func(p *guard.Pool, second int, _ []*member, now time.Time) {
			for _, name := range []string{"x", "y"} {
				p.Add(guard.Report{Replica: name, Epoch: 1, Block: guard.Block{Old: guard.Counts{Of: uint64(second)}, New: guard.Counts{Of: uint64(second) << 57}}}, now)
			}
		}, true},
		{"counts that cannot be", func() []*member { return members(3, 1, 1) }, func(p *guard.Pool, second int, all []*member, now time.Time) {
			p.Add(guard.Report{Replica: "x", Epoch: 1, Block: guard.Block{Old: guard.Counts{Of: uint64(second)}, New: guard.Counts{Bad: uint64(2 * second), Of: uint64(second)}}}, now)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			all, now := c.all(), begin
			p := guard.NewPool(guard.Config{}, now)
			trips := 0
			for second := range 60 {
				now = now.Add(time.Second)
				for _, m := range all {
					p.Add(m.tick(), now)
				}
				if c.twist != nil {
					c.twist(p, second, all, now)
				}
				if p.Tick(now) != nil {
					trips++
				}
			}
			if (trips == 1) != c.trips || trips > 1 {
				t.Errorf("%d trips, want a trip: %v", trips, c.trips)
			}
		})
	}
}

// The first report of a replica says where to count from: what it counted before is not of this
// tick.
func TestPoolDoesNotCountThePast(t *testing.T) {
	p := guard.NewPool(guard.Config{}, begin)
	now := begin
	all := members(5, 1, 1)
	for i, m := range all {
		m.New.Of, m.New.Bad, m.Old.Of = 1_000_000, 1_000_000, 1_000_000
		if i == 0 {
			p.Add(m.Report, now)
		}
	}
	for range 30 {
		now = now.Add(time.Second)
		for _, m := range all {
			p.Add(m.tick(), now)
		}
		if trip := p.Tick(now); trip != nil {
			t.Fatalf("what replicas had counted before they were heard of trips: %+v", trip)
		}
	}
	if p.Replicas() != 5 {
		t.Errorf("%d replicas, want 5", p.Replicas())
	}
	p.Tick(now.Add(2 * time.Minute))
	all[0].tick()
	p.Add(all[0].tick(), now.Add(2*time.Minute))
	p.Tick(now.Add(3 * time.Minute))
	if p.Replicas() > 1 {
		t.Errorf("%d replicas are remembered that report nothing any more", p.Replicas())
	}
}

package dashboard

import (
	"slices"
	"testing"
)

// What is kept fits into the memory that is given, and is a quarter of an hour where that is enough.
func TestSteps(t *testing.T) {
	for _, c := range []struct{ pairs, memory, seconds, slots int }{
		{0, 8 << 20, 1, 900},
		{1, 8 << 20, 1, 900},
		{200, 8 << 20, 1, 900},
		{1000, 8 << 20, 5, 180},
		{100, 1 << 20, 5, 180},
		{10_000, 8 << 20, 60, 15},
	} {
		seconds, slots := steps(c.pairs, c.memory)
		if seconds != c.seconds || slots != c.slots {
			t.Errorf("%d pairs in %d bytes: %d steps of %d s, want %d of %d s", c.pairs, c.memory, slots, seconds, c.slots, c.seconds)
		}
		if need := c.pairs * slots * len(columns) * 4; need > c.memory {
			t.Errorf("%d pairs need %d bytes of %d", c.pairs, need, c.memory)
		}
	}
}

// A ring has the last ones in order, whatever came before.
func TestRing(t *testing.T) {
	for pushed := range 12 {
		r := newRing[int](5)
		all := []int{}
		for i := range pushed {
			r.push(i)
			all = append(all, i)
		}
		for n := range 8 {
			want := all[max(0, len(all)-min(n, 5)):]
			if got := r.last(n); !slices.Equal(got, want) {
				t.Errorf("the last %d of %d are %v, want %v", n, pushed, got, want)
			}
		}
		if cap(r.all) > 8 {
			t.Errorf("a ring of 5 holds %d", cap(r.all))
		}
	}
}

// Texts of others are bounded, and stay texts.
func TestClip(t *testing.T) {
	for _, s := range []string{"", "a", string(make([]rune, 499)), "é", string(slices.Repeat([]rune{'é'}, 251))} {
		got := clip(s)
		if len(got) > 503 || len(s) <= 500 && got != s {
			t.Errorf("%d bytes become %d", len(s), len(got))
		}
	}
}

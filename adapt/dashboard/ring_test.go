package dashboard

import (
	"slices"
	"testing"
)

// What is kept fits into the memory that is given, and is a quarter of an hour where that is
// enough.
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

// What is kept are the last ones in order, whatever came before, in a memory that does not grow.
func TestKeep(t *testing.T) {
	var kept, all []int
	for pushed := range 100 {
		kept, all = keep(kept, pushed, 5), append(all, pushed)
		for n := range 8 {
			want := all[max(0, len(all)-min(n, 5)):]
			if got := tail(kept, n); !slices.Equal(got, want) {
				t.Errorf("the last %d of %d are %v, want %v", n, pushed, got, want)
			}
		}
		if cap(kept) > 8 {
			t.Errorf("5 of %d take the place of %d", pushed, cap(kept))
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

package guard

import "testing"

// The same client counts once in eight bad outcomes, whichever side the others were on.
func TestRing(t *testing.T) {
	var r ring
	keys := distinct(10)
	if r.repeats(keys[0]) {
		t.Error("the first outcome of a client is left out")
	}
	for _, key := range keys[1:8] {
		if !r.repeats(keys[0]) || r.repeats(key) {
			t.Fatalf("the ring is %x", r.last.Load())
		}
	}
	r.repeats(keys[8])
	if r.repeats(keys[0]) {
		t.Error("a client is left out although eight others failed after it")
	}
	for range 100 {
		if r.repeats(0) {
			t.Fatal("a request without a key is nobody's")
		}
	}
}

// distinct returns keys whose bytes in the ring are different.
func distinct(n int) (keys []uint64) {
	seen := map[uint64]bool{}
	for key := uint64(1); len(keys) < n; key++ {
		if mark := mix(key) | 1; !seen[mark] {
			seen[mark] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// The look at all eight bytes at once is a loop over them.
func FuzzRing(f *testing.F) {
	f.Add(uint64(0x0102030405060708), uint64(9))
	f.Add(uint64(0), uint64(1))
	f.Fuzz(func(t *testing.T, last, key uint64) {
		var r ring
		r.last.Store(last)
		want := false
		for i := range 8 {
			want = want || last>>(8*i)&0xff == mix(key)|1
		}
		if got := r.repeats(key); got != (want && key != 0) {
			t.Errorf("ring %016x, mark %02x: %v, want %v", last, mix(key)|1, got, want)
		}
	})
}

package migrate

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// The ends of the interval are where the observed share is exactly z standard deviations away: that is its definition.
func TestWilsonEndsAreAtZ(t *testing.T) {
	for _, z := range []float64{1, 1.96, 3.3} {
		for n := uint64(1); n <= 60; n++ {
			for bad := range n + 1 {
				lower, upper := wilson(Share{bad, n}, z)
				share := float64(bad) / float64(n)
				if lower > share+1e-12 || upper < share-1e-12 || lower < 0 || upper > 1 {
					t.Fatalf("wilson(%d of %d, %v) = %v, %v around %v", bad, n, z, lower, upper, share)
				}
				for _, end := range []float64{lower, upper} {
					if end < 1e-12 || end > 1-1e-12 {
						continue // cut off, or exact for none and for all
					}
					away := math.Abs(share-end) / math.Sqrt(end*(1-end)/float64(n))
					if math.Abs(away-z) > 1e-9 {
						t.Fatalf("wilson(%d of %d): %v is %v standard deviations away, want %v", bad, n, end, away, z)
					}
				}
			}
		}
	}
	if lower, upper := wilson(Share{}, 3); lower != 0 || upper != 1 {
		t.Errorf("nothing seen: %v to %v, want 0 to 1", lower, upper)
	}
}

// Lower ends of method 10 in table II of R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, at 95 %.
func TestExcessIsNewcombes(t *testing.T) {
	for _, c := range []struct {
		a, b Share
		want float64
	}{
		{Share{56, 70}, Share{48, 80}, 0.0524},
		{Share{9, 10}, Share{3, 10}, 0.1705},
		{Share{6, 7}, Share{2, 7}, 0.0582},
		{Share{5, 56}, Share{0, 29}, -0.0381},
		{Share{0, 10}, Share{0, 20}, -0.1611},
		{Share{10, 10}, Share{0, 10}, 0.6075},
	} {
		if got := excess(c.a, c.b, 1.959964); math.Abs(got-c.want) > 0.00005 {
			t.Errorf("excess of %v over %v is %.4f, want %.4f", c.a, c.b, got, c.want)
		}
	}
	if got := excess(Share{5, 5}, Share{}, 3); !math.IsInf(got, -1) {
		t.Errorf("against nothing the excess is %v; nothing proves nothing", got)
	}
}

// A window against a slice that keeps everything.
func TestWindowRemembersTheLast(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{1, 2, 3, 10, 63, 64, 65, 127, 128, 200, 500} {
		w := newWindow(size)
		var all []bool
		badIn := func(from int) (bad uint64) {
			for _, b := range all[max(from, 0):] {
				if b {
					bad++
				}
			}
			return bad
		}
		for i := range 3*size + 10 {
			bad := rng.IntN(3) == 0
			w.record(bad, uint64(10*i))
			all = append(all, bad)
			want := Share{badIn(len(all) - size), uint64(min(len(all), size))}
			if b, n := w.counts(); (Share{b, n}) != want {
				t.Fatalf("size %d after %d: counts %v, want %v", size, len(all), Share{b, n}, want)
			}
			from := rng.IntN(len(all) + 2)
			begin := max(from, len(all)-size)
			want = Share{}
			if begin < len(all) {
				want = Share{badIn(begin), uint64(len(all) - begin)}
			}
			if b, n := w.since(uint64(from)); (Share{b, n}) != want {
				t.Fatalf("size %d after %d: since %d %v, want %v", size, len(all), from, Share{b, n}, want)
			}
			// The span begins with the oldest outcome remembered, or at most two of eight blocks after it.
			oldest, block := max(len(all)-size, 0), (size+7)/8
			if got := int(w.span()) / 10; got < oldest || got > oldest+2*block {
				t.Fatalf("size %d after %d: the span begins at outcome %d, the oldest is %d", size, len(all), got, oldest)
			}
		}
	}
}

// When everybody is done the running count is the number of bits, whoever overwrote whose slot.
func TestWindowCountsUnderConcurrency(t *testing.T) {
	w := newWindow(100)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(g), 0))
			for range 5000 {
				w.record(rng.IntN(2) == 0, 0)
				w.counts()
			}
		})
	}
	wg.Wait()
	counted, n := w.counts()
	bits, m := w.since(w.next.Load() - 100)
	if counted != bits || n != 100 || m != 100 {
		t.Errorf("the count says %d of %d, the bits %d of %d", counted, n, bits, m)
	}
}

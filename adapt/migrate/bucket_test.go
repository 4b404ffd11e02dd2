package migrate_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type golden struct {
	Name, Key string
	Bucket    int
}

// readBuckets reads vectors that another implementation (in Python) has computed. They are frozen.
func readBuckets(t testing.TB) []golden {
	t.Helper()
	var all []golden
	reference.Read(t, "observed/buckets.json", &all)
	if len(all) < 10 {
		t.Fatalf("%d golden vectors, want at least 10", len(all))
	}
	return all
}

func TestBucketIsFrozen(t *testing.T) {
	for _, g := range readBuckets(t) {
		if got := migrate.Bucket(g.Name, g.Key); got != g.Bucket {
			t.Errorf("Bucket(%q, %.20q) = %d, want %d: a change moves users between sides", g.Name, g.Key, got, g.Bucket)
		}
	}
}

// definition spells the definition out with the standard library's FNV.
func definition(name, key string) int {
	h := fnv.New64a()
	h.Write([]byte(name + "\x00" + key))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return int(x % 10000)
}

func FuzzBucketFollowsItsDefinition(f *testing.F) {
	for _, g := range readBuckets(f) {
		f.Add(g.Name, g.Key)
	}
	f.Fuzz(func(t *testing.T, name, key string) {
		if got, want := migrate.Bucket(name, key), definition(name, key); got != want {
			t.Errorf("Bucket(%q, %q) = %d, want %d", name, key, got, want)
		}
	})
}

// keyStyles are keys as services have them; those that count upwards are the hard ones for a hash.
var keyStyles = map[string]func(i int) string{
	"counter": func(i int) string { return fmt.Sprint(i) },
	"padded":  func(i int) string { return fmt.Sprintf("user-%08d", i) },
	"uuid": func(i int) string {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		return fmt.Sprintf("%016x-%016x", r.Uint64(), r.Uint64())
	},
	"mail": func(i int) string { return fmt.Sprintf("person%d@example.com", i) },
}

func TestBucketsAreEven(t *testing.T) {
	const keys, cells = 100_000, 100
	for style, key := range keyStyles {
		t.Run(style, func(t *testing.T) {
			var count [cells]int
			for i := range keys {
				count[migrate.Bucket("GET /accounts/:id", key(i))*cells/10000]++
			}
			chi2 := 0.0
			for _, n := range count {
				d := float64(n) - keys/cells
				chi2 += d * d / (keys / cells)
			}
			if limit := 148.2; chi2 > limit { // 99 degrees of freedom, one in a thousand
				t.Errorf("chi² of %d cells is %.0f, above %.0f: some shares would be wrong", cells, chi2, limit)
			}
		})
	}
}

// Two pairs at 10 % must not pick the same people: 1 % of the keys are in both, within four
// standard deviations.
func TestBucketsOfTwoPairsAreIndependent(t *testing.T) {
	const keys = 100_000
	for style, key := range keyStyles {
		both := 0
		for i := range keys {
			if migrate.Bucket("GET /a", key(i)) < 1000 && migrate.Bucket("GET /b", key(i)) < 1000 {
				both++
			}
		}
		if sigma := math.Sqrt(keys * 0.01 * 0.99); math.Abs(float64(both)-keys*0.01) > 4*sigma {
			t.Errorf("%s: %d of %d keys are in the 10 %% of both pairs, want %d±%.0f", style, both, keys, keys/100, 4*sigma)
		}
	}
}

func newPair(t testing.TB, c migrate.Config) *migrate.Pair {
	t.Helper()
	p, err := migrate.NewPair(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// byHeader is a key that is there also when it is empty.
func byHeader(r *http.Request) (string, bool) {
	v := r.Header["Key"]
	if v == nil {
		return "", false
	}
	return v[0], true
}

func withKey(key string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header["Key"] = []string{key}
	return r
}

// As the share grows in its smallest steps, a key goes to new exactly once, at its bucket, and
// stays.
func TestShareGrowsByMembers(t *testing.T) {
	p := newPair(t, migrate.Config{Name: "GET /x", Key: byHeader})
	keys := []string{"", "a", "b", "user-1", "user-2", "ключ"}
	for points := 0; points <= 10000; points++ {
		if err := p.Set(migrate.Plan{Stage: migrate.Canary, Share: float64(points) / 10000}, "test"); err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			d := decide(p, withKey(key))
			if want := migrate.Bucket("GET /x", key); int(d.Bucket) != want {
				t.Fatalf("key %q decided in bucket %d, want %d", key, d.Bucket, want)
			}
			if want := int(d.Bucket) < points; (d.New) != want {
				t.Fatalf("share %d/10000: key %q of bucket %d on side %v", points, key, d.Bucket, served(d))
			}
		}
	}
}

func TestShareOfKeys(t *testing.T) {
	for _, share := range []float64{0, 0.0001, 0.01, 0.05, 0.5, 0.9999, 1} {
		p := newPair(t, migrate.Config{Name: "n", Key: byHeader, Plan: migrate.Plan{Stage: migrate.Canary, Share: share}})
		const keys = 100_000
		onNew := 0
		r := withKey("")
		for i := range keys {
			r.Header["Key"][0] = keyStyles["padded"](i)
			if decide(p, r).New {
				onNew++
			}
		}
		// The Gateway API accepts a share within three binomial standard deviations; at 0 and 1
		// there are none.
		if sigma := math.Sqrt(keys * share * (1 - share)); math.Abs(float64(onNew)-keys*share) > 3*sigma {
			t.Errorf("share %v: new has %d of %d keys, want %.0f±%.0f", share, onNew, keys, keys*share, 3*sigma)
		}
	}
}

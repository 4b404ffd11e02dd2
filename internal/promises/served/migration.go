package served

// Migrations for tests.

import (
	"maps"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Patient is a migration whose shadows are not shed for the load of the tests.
func Patient(stage migrate.Stage) migrate.Config {
	c := migrate.Config{
		Plan:   migrate.Plan{Stage: stage},
		Key:    func(r *http.Request) (string, bool) { return r.URL.Query().Get("key"), true },
		Shadow: migrate.ShadowConfig{MaxConcurrent: 64, MaxSchedLatency: -1, Control: -1},
	}
	if stage == migrate.Canary {
		c.Plan.Share = 1
	}
	return c
}

// Counted leaves out of the counters of a snapshot those that are zero.
func Counted[M ~map[K]uint64, K comparable](counts M) M {
	counts = maps.Clone(counts)
	maps.DeleteFunc(counts, func(_ K, n uint64) bool { return n == 0 })
	return counts
}

// Total adds up the counters of a snapshot.
func Total[M ~map[K]uint64, K comparable](counts M) (n uint64) {
	for _, count := range counts {
		n += count
	}
	return n
}

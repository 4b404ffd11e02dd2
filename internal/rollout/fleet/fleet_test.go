package fleet

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

func TestConfigTellsEveryMistake(t *testing.T) {
	err := Config{FollowConfig: migrate.FollowConfig{Stale: -1, Dwell: -1, FleetTrip: migrate.Quorum{Least: -1, Share: 2}}}.check()
	for _, want := range []string{"no Source", "Stale", "Dwell", "share of 2", "needs Peers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %q", err, want)
		}
	}
}

func TestQuorum(t *testing.T) {
	for _, c := range []struct {
		q       migrate.Quorum
		n, want int
	}{{migrate.Quorum{}, 100, 0}, {migrate.Quorum{Least: 3}, 100, 3}, {migrate.Quorum{Least: 3, Share: 0.01}, 100, 3}, {migrate.Quorum{Least: 3, Share: 0.01}, 1000, 10},
		{migrate.Quorum{Share: 0.01}, 1, 1}, {migrate.Quorum{Share: 0.5}, 5, 3}} {
		if got := enough(c.q, c.n); got != c.want {
			t.Errorf("%+v of %d replicas: %d, want %d", c.q, c.n, got, c.want)
		}
	}
}

package simulate_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/full"
)

// The same worlds as those of the command, with fewer runs: no pair whose sides are alike trips,
// and faults are found about as soon as promised. A table of this test takes a second or two; the
// medians have more room, since they are of few runs.
func TestTables(t *testing.T) {
	runs := map[string]struct {
		n    int     // runs of each cell
		part float64 // of each run
	}{
		"New fails: ":        {7, 1},
		"New fails and old":  {5, 1},
		"New fails after":    {3, 1},
		"Live, answers":      {5, 1},
		"Nothing is heard":   {5, 1},
		"New hangs":          {5, 1},
		"New is slower":      {3, 1},
		"MaxMismatch":        {41, 1},
		"The sum of a fleet": {3, 1},
		"Both fail alike: ":  {6, 0.3},   // 300 runs in all
		"Outages":            {3, 0.5},   // 360
		"Bursts":             {25, 0.08}, // 300
		"Cold starts":        {38, 0.25}, // 304
		"Both fail alike, ":  {2, 0.5},
		"Durations alike":    {1, 0.5},
		"Clients leave":      {3, 0.5},
		"One replica":        {1, 0.3},
	}
	for _, table := range tables() {
		for begin, n := range runs {
			if !strings.HasPrefix(table.title, begin) {
				continue
			}
			delete(runs, begin)
			if !full.On || raced {
				n.n = (n.n + 9) / 10
				if n.part < 1 {
					n.part /= 2
				}
			}
			t.Run(table.title, func(t *testing.T) {
				for _, r := range table.rows {
					for i, c := range r.cells {
						if wrong := c.breaks(c.play(n.n, 1, n.part), table.get, 2.5); wrong != "" {
							t.Errorf("%s, %s: %s", r.name, table.columns[i], wrong)
						}
					}
				}
			})
		}
	}
	for begin := range runs {
		t.Errorf("no table begins with %q", begin)
	}
}

// The same seed gives the same run, so that a failure can be looked at.
func TestRunsCanBeRepeated(t *testing.T) {
	for _, table := range tables() {
		c := table.rows[0].cells[0]
		if a, b := c.run(3, 0.1), c.run(3, 0.1); a != b {
			t.Errorf("%s: %+v, then %+v", table.title, a, b)
		}
	}
}

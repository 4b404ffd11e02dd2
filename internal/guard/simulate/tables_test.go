package simulate_test

import (
	"fmt"
	"time"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// A table is worlds of one kind, a row for each world and a column for each share or rate.
type table struct {
	title   string
	get     func(ending) int
	columns []string
	rows    []row
}

type row struct {
	name  string
	cells []cell
}

// A cell is one world, and what is promised of it.
type cell struct {
	run    func(seed uint64, part float64) ending // part of it, from its beginning, where 1 is all
	median int                                    // of what the table tells, in the simulation by which the rule was chosen; 0: no promise; never: nothing may trip
}

const never = -1

// cell is a run of so many requests of new.
func (w world) cell(length, median int) cell {
	return cell{func(seed uint64, part float64) ending {
		w := w
		w.seconds *= part
		return w.run(int(part*float64(length)), seed)
	}, median}
}

// cell is a run of so many ticks.
func (f fleet) cell(ticks, median int) cell {
	return cell{func(seed uint64, part float64) ending { return f.run(int(part*float64(ticks)), seed) }, median}
}

func percent(p float64) string { return fmt.Sprintf("%.4g %%", 100*p) }

func percents(p []float64) (s []string) {
	for _, p := range p {
		s = append(s, percent(p))
	}
	return s
}

func ofNew(e ending) int { return e.of }
func hurt(e ending) int  { return e.hurt }

func tables() []table {
	return []table{failures(), fallbacks(), lates(), lives(), silences(), hangs(), slows(), comparisons(), fleets(),
		equals(), outages(), bursts(), colds(), retries(), latencies(), leavers(), sick()}
}

var shares = []float64{0.05, 0.10, 0.50, 0.80, 0.90, 0.99}

// failures are pairs whose new side fails more often than old, as POSTs do: without a second run.
func failures() table {
	t := table{"New fails: requests of new until the trip, new / old by share of new (100 requests a second)", ofNew, percents(shares), nil}
	for _, r := range []struct {
		new, old float64
		medians  [6]int
	}{
		{1, 0.001, [6]int{13, 25, 127, 203, 228, 508}},
		{1, 0.01, [6]int{13, 25, 127, 203, 228, 509}},
		{0.10, 0.001, [6]int{82, 97, 269, 811, 1688, 0}},
		{0.10, 0.01, [6]int{141, 161, 370, 1150, 2236, 0}},
		{0.05, 0.001, [6]int{162, 201, 581, 1704, 3523, never}},
		{0.05, 0.01, [6]int{400, 484, 1120, 3202, 6591, never}},
		{0.03, 0.001, [6]int{293, 365, 962, 2898, 6091, never}},
		{0.03, 0.01, [6]int{1253, 1466, 3101, 8254, 0, never}},
		{0.02, 0.001, [6]int{520, 598, 1541, 4618, 9421, never}},
		{0.02, 0.01, [6]int{5264, 5607, 12000, 0, 0, never}},
	} {
		out := row{name: percent(r.new) + " / " + percent(r.old)}
		for i, share := range shares {
			w := world{rate: 100, share: share, old: fails(r.old), new: fails(r.new), unsafe: true}
			out.cells = append(out.cells, w.cell(20_000, r.medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// fallbacks are the same where old answers what new has failed, so that no client is hurt.
func fallbacks() table {
	shares := []float64{0.50, 0.90, 0.99, 1}
	t := table{"New fails and old answers in its place: requests of new until the trip", ofNew, percents(shares), nil}
	for _, r := range []struct {
		new, old float64
		medians  [4]int
	}{
		{1, 0.001, [4]int{127, 228, 250, 252}},
		{0.10, 0.01, [4]int{373, 1143, 2005, 2034}},
		{0.05, 0.001, [4]int{571, 2275, 5037, 5618}},
		{0.03, 0.001, [4]int{917, 4334, 0, 0}},
	} {
		out := row{name: percent(r.new) + " / " + percent(r.old)}
		for i, share := range shares {
			w := world{rate: 100, share: share, fallback: true, old: fails(r.old), new: fails(r.new)}
			out.cells = append(out.cells, w.cell(20_000, r.medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// lates are faults that begin after long health, which must cost no more than at once.
func lates() table {
	shares := []float64{0.10, 0.50, 0.90}
	t := table{"New fails after 20,000 healthy requests of new: requests of new until the trip", ofNew, percents(shares), nil}
	for _, r := range []struct {
		new, old float64
		medians  [3]int
	}{
		{1, 0.01, [3]int{25, 127, 240}},
		{0.10, 0.01, [3]int{156, 394, 2234}},
		{0.03, 0.001, [3]int{424, 1043, 5860}},
	} {
		out := row{name: percent(r.new) + " / " + percent(r.old)}
		for i, share := range shares {
			w := world{rate: 100, share: share, before: 20_000, old: fails(r.old), new: fails(r.new), unsafe: true}
			out.cells = append(out.cells, w.cell(20_000, r.medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// lives are pairs at Live whose answers break on their way, where old runs as a shadow of a part of
// them.
func lives() table {
	shadows := []float64{0.01, 0.10, 1}
	t := table{"Live, answers of new break; by the part of them after which old runs as a shadow", ofNew, percents(shadows), nil}
	for _, r := range []struct {
		broken  float64
		medians [3]int
	}{{1, [3]int{508, 270, 255}}, {0.30, [3]int{0, 590, 260}}, {0.10, [3]int{0, 1700, 370}}} {
		out := row{name: percent(r.broken) + " / 0.1 %"}
		for i, shadow := range shadows {
			w := world{rate: 100, share: 1, shadow: shadow, old: fails(0.001), new: comesTo(guard.Broken, r.broken)}
			out.cells = append(out.cells, w.cell(20_000, r.medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// silences are pairs of which old says nothing at all: the absolute rule.
func silences() table {
	t := table{"Nothing is heard of old (POST at Live, no hold-back): requests of new until the trip, by requests a second", ofNew, []string{"1", "10", "100"}, nil}
	for _, r := range []struct {
		new     float64
		medians [3]int
	}{{1, [3]int{12, 55, 507}}, {0.5, [3]int{46, 133, 542}}, {0.4, [3]int{150, 1165, 0}}, {0.2, [3]int{0, never, never}}, {0.1, [3]int{never, never, never}}} {
		out := row{name: percent(r.new)}
		for i, rate := range []float64{1, 10, 100} {
			w := world{rate: rate, share: 1, unsafe: true, old: fails(0), new: fails(r.new)}
			out.cells = append(out.cells, w.cell(20_000, r.medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	short := world{share: 1, unsafe: true, old: fails(0), new: downs(0.001, 1, 3, 60, 5)}
	out := row{name: "outages of 3 s each minute"}
	for _, rate := range []float64{1, 10, 100} {
		short.rate = rate
		out.cells = append(out.cells, short.cell(20_000, never))
	}
	t.rows = append(t.rows, out)
	return t
}

// hangs are pairs whose new side answers nobody, so that every client leaves in the end.
func hangs() table {
	shares := []float64{0.05, 0.50, 0.90}
	t := table{"New hangs until clients leave, after about 5 s: requests of new begun until the trip", ofNew, percents(shares), nil}
	for _, r := range []struct {
		rate    float64
		medians [3]int
	}{{10, [3]int{8, 34, 87}}, {100, [3]int{27, 184, 332}}} {
		for _, anyway := range []float64{0.001, 0.02} {
			out := row{name: fmt.Sprintf("%g a second, %s leave anyway", r.rate, percent(anyway))}
			for i, share := range shares {
				w := world{rate: r.rate, share: share, before: 500, old: leaves(fails(0), anyway), new: leaves(fails(0), 1)}
				out.cells = append(out.cells, w.cell(5_000, r.medians[i]))
			}
			t.rows = append(t.rows, out)
		}
	}
	return t
}

// slows are pairs whose new side takes longer.
func slows() table {
	shares := []float64{0.05, 0.50, 0.90}
	t := table{"New is slower (durations log-normal with σ around 20 ms): requests of new until the trip", ofNew, percents(shares), nil}
	add := func(name string, old, new side, medians [3]int) {
		out := row{name: name}
		for i, share := range shares {
			w := world{rate: 100, share: share, before: max(500, int(6000*share)), old: old, new: new}
			out.cells = append(out.cells, w.cell(10_000, medians[i]))
		}
		t.rows = append(t.rows, out)
	}
	for _, r := range []struct {
		times   time.Duration
		sigma   float64
		medians [3]int
	}{
		{2, 0.5, [3]int{435, 1100, 2289}}, {3, 0.5, [3]int{79, 214, 959}}, {5, 0.5, [3]int{31, 181, 794}}, {10, 0.5, [3]int{29, 180, 773}},
		{3, 1, [3]int{231, 616, 1932}}, {5, 1, [3]int{78, 305, 1039}}, {10, 1, [3]int{35, 183, 816}},
		{5, 1.5, [3]int{134, 477, 1672}}, {10, 1.5, [3]int{86, 331, 967}},
	} {
		add(fmt.Sprintf("x%d, σ %g", r.times, r.sigma), takes(20*time.Millisecond, r.sigma), takes(r.times*20*time.Millisecond, r.sigma), r.medians)
	}
	old := takes(20*time.Millisecond, 0.5)
	add("one in 20 x10, σ 0.5", old, sometimes(old, takes(200*time.Millisecond, 0.5), 0.05), [3]int{450, 1310, 0})
	return t
}

// equals are pairs whose sides fail alike.
func equals() table {
	shares := []float64{0.05, 0.10, 0.50, 0.90, 0.99}
	t := table{"Both fail alike: trips", ofNew, percents(shares), nil}
	add := func(name string, w world) {
		out := row{name: name}
		for _, share := range shares {
			w.share = share
			out.cells = append(out.cells, w.cell(20_000, never))
		}
		t.rows = append(t.rows, out)
	}
	for _, rate := range []float64{0.0001, 0.001, 0.01, 0.05, 0.20} {
		add(percent(rate), world{rate: 100, unsafe: true, old: fails(rate), new: fails(rate)})
		add(percent(rate)+", with fallback", world{rate: 100, fallback: true, old: fails(rate), new: fails(rate)})
	}
	return t
}

// outages hit both sides, one of them a little sooner.
func outages() table {
	shares := []float64{0.05, 0.50, 0.90, 0.99}
	t := table{"Outages of 20 s each minute of both sides, 10 minutes: trips", ofNew, percents(shares), nil}
	for _, rate := range []float64{10, 100, 1000} {
		for _, down := range []float64{0.3, 1} {
			for _, lag := range []float64{-1, -0.3, 0, 0.3, 1} {
				out := row{name: fmt.Sprintf("%g a second, %s fail, new %+g s", rate, percent(down), lag)}
				for _, share := range shares {
					w := world{rate: rate, share: share, seconds: min(600, 20_000/rate/share), unsafe: true,
						old: downs(0.001, down, 20, 60, 20), new: downs(0.001, down, 20, 60, 20+lag)}
					out.cells = append(out.cells, w.cell(0, never))
				}
				t.rows = append(t.rows, out)
			}
		}
	}
	return t
}

// bursts hit both sides for a moment.
func bursts() table {
	shares := []float64{0.05, 0.50, 0.90, 0.99}
	t := table{"Bursts that both sides share: trips", ofNew, percents(shares), nil}
	for _, b := range [][3]float64{{1, 1, 20}, {0.3, 5, 20}, {1, 0.2, 5}} {
		out := row{name: fmt.Sprintf("%s for %g s each %g s", percent(b[0]), b[1], b[2])}
		for _, share := range shares {
			both := downs(0.001, b[0], b[1], b[2], 5)
			out.cells = append(out.cells, world{rate: 100, share: share, old: both, new: both, unsafe: true}.cell(20_000, never))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// colds begin with trouble that goes away.
func colds() table {
	shares := []float64{0.05, 0.50, 0.90, 0.99}
	t := table{"Cold starts: trips", ofNew, percents(shares), nil}
	quick := takes(20*time.Millisecond, 1)
	failing := downs(0.001, 1, 20, 1e9, 0)
	for _, c := range []struct {
		name     string
		old, new side
	}{
		{"both fail for the first 20 s", failing, failing},
		{"new is x10 slower at first, over 20 s", quick, warms(quick, 10, 20)},
	} {
		out := row{name: c.name}
		for _, share := range shares {
			out.cells = append(out.cells, world{rate: 100, share: share, old: c.old, new: c.new, unsafe: true}.cell(6_000, never))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// retries are clients that try again when they have met a failure.
func retries() table {
	shares := []float64{0.10, 0.50, 0.90, 0.99}
	t := table{"Both fail alike, and clients try again each half second: trips", ofNew, percents(shares), nil}
	for _, rate := range []float64{0.001, 0.01} {
		for _, again := range []float64{2, 3, 5} {
			out := row{name: fmt.Sprintf("%s, %g more failures each", percent(rate), again)}
			for _, share := range shares {
				w := world{rate: 100, share: share, retries: again, old: fails(rate), new: fails(rate), unsafe: true}
				out.cells = append(out.cells, w.cell(10_000, never))
			}
			t.rows = append(t.rows, out)
		}
	}
	return t
}

// latencies are pairs that are as slow as each other, or as forgiven.
func latencies() table {
	shares := []float64{0.05, 0.50, 0.90, 0.99}
	t := table{"Durations alike (log-normal with σ around 20 ms): trips", ofNew, percents(shares), nil}
	for _, sigma := range []float64{0.3, 1, 2} {
		old := takes(20*time.Millisecond, sigma)
		for _, c := range []struct {
			name     string
			old, new side
		}{
			{"equal", old, old},
			{"x1.3", old, takes(26*time.Millisecond, sigma)},
			{"x1.5", old, takes(30*time.Millisecond, sigma)},
			{"pauses of both of 0.1 s", pauses(old, 0.1, 5), pauses(old, 0.1, 5)},
			{"pauses of both of 0.3 s", pauses(old, 0.3, 5), pauses(old, 0.3, 5)},
			{"x10, but microseconds", takes(20*time.Microsecond, sigma), takes(200*time.Microsecond, sigma)},
		} {
			if c.name == "x10, but microseconds" && sigma > 0.3 {
				continue // the tail reaches milliseconds
			}
			out := row{name: fmt.Sprintf("%s, σ %g", c.name, sigma)}
			for _, share := range shares {
				out.cells = append(out.cells, world{rate: 100, share: share, old: c.old, new: c.new}.cell(6_000, never))
			}
			t.rows = append(t.rows, out)
		}
	}
	return t
}

// leavers are pairs whose clients leave of themselves.
func leavers() table {
	shares := []float64{0.05, 0.50, 0.90, 1}
	t := table{"Clients leave of themselves, after about 5 s: trips", ofNew, percents(shares), nil}
	for _, rate := range []float64{0.02, 0.2, 1} {
		out := row{name: percent(rate)}
		for _, share := range shares {
			does := leaves(fails(0), rate)
			out.cells = append(out.cells, world{rate: 100, share: share, shadow: 1, old: does, new: does}.cell(5_000, never))
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// comparisons are pairs whose answers are compared, against the share that is accepted.
func comparisons() table {
	reals := []float64{0.5, 1, 2, 3, 5}
	t := table{title: "MaxMismatch: comparisons until the trip, by how many times the accepted share differs", get: ofNew, columns: []string{"x0.5", "x1", "x2", "x3", "x5", "100 %"}}
	for _, r := range []struct {
		accepted float64
		medians  [6]int
	}{{0.001, [6]int{never, 0, 0, 0, 0, 6}}, {0.01, [6]int{never, 0, 2854, 844, 317, 11}}, {0.05, [6]int{never, 0, 636, 149, 61, 11}}} {
		out := row{name: percent(r.accepted)}
		for i := range t.columns {
			differs := 1.0
			if i < len(reals) {
				differs = r.accepted * reals[i]
			}
			out.cells = append(out.cells, cell{func(seed uint64, part float64) ending { return compares(r.accepted, differs, int(20_000*part), seed) }, r.medians[i]})
		}
		t.rows = append(t.rows, out)
	}
	return t
}

// fleets are faults that all replicas have.
func fleets() table {
	shares := []float64{0.05, 0.50, 0.90}
	t := table{"The sum of a fleet, 10 requests a second each: clients hurt in all until the trip", hurt, percents(shares), nil}
	for _, r := range []struct {
		new, old float64
		hurt     [3][3]int // of 1, 10 and 100 replicas
	}{
		{1, 0.001, [3][3]int{{5, 17, 61}, {15, 146, 266}, {155, 1516, 2693}}},
		{0.10, 0.01, [3][3]int{{16, 43, 220}, {28, 55, 255}, {24, 153, 291}}},
		{0.03, 0.001, [3][3]int{{9, 29, 176}, {49, 43, 218}, {18, 49, 195}}},
	} {
		for i, replicas := range []int{1, 10, 100} {
			out := row{name: fmt.Sprintf("%s / %s, replicas: %d", percent(r.new), percent(r.old), replicas)}
			for j, share := range shares {
				f := fleet{replicas: replicas, share: share, old: r.old, new: r.new}
				out.cells = append(out.cells, f.cell(20_000/replicas, r.hurt[i][j]))
			}
			t.rows = append(t.rows, out)
		}
	}
	return t
}

// sick are fleets one replica of which is ill on its own.
func sick() table {
	shares := []float64{0.05, 0.50, 0.90}
	t := table{"One replica of a fleet is sick: trips of the fleet in 10 minutes", hurt, percents(shares), nil}
	for _, replicas := range []int{3, 10, 20, 100} {
		for _, rate := range []float64{0.001, 0.01, 0.05} {
			for _, sick := range []float64{rate, 0.3, 1} {
				out := row{name: fmt.Sprintf("1 of %d at %s, else %s", replicas, percent(sick), percent(rate))}
				for _, share := range shares {
					out.cells = append(out.cells, fleet{replicas: replicas, share: share, old: rate, new: rate, sick: 1, sickRate: sick}.cell(600, never))
				}
				t.rows = append(t.rows, out)
			}
		}
	}
	return t
}

// Package simulate holds only tests: they play the traffic of a migrated pair against the rule of
// package guard and print tables of what comes of it: how many requests of new it takes until the
// guard goes back to old (median/95th percentile, or how many of the runs tripped at all), and how
// often it goes back for nothing.
//
//	go test ./internal/guard/simulate -run TestPrint -v -timeout 60m -runs 101
//	go test ./internal/guard/simulate -run TestPrint -v -runs 11 -only "New fails: "
//
// The first prints the tables that the documentation quotes. The same seed gives the same tables. A
// cell that breaks what is promised of it is marked with "!", and fails the test; few runs may do
// so by chance.
package simulate_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var (
	printRuns = flag.Int("runs", 0, "TestPrint prints the tables of so many runs of each cell")
	printSeed = flag.Uint64("seed", 1, "of the first run that TestPrint prints")
	printOnly = flag.String("only", "", "TestPrint prints only tables whose title holds this")
)

func TestPrint(t *testing.T) {
	if *printRuns == 0 {
		t.Skip("prints the tables only with -runs")
	}
	for _, table := range tables() {
		if strings.Contains(table.title, *printOnly) {
			if broken := table.print(*printRuns, *printSeed); broken > 0 {
				t.Errorf("%s: %d cells break their promise", table.title, broken)
			}
		}
	}
}

// print prints the table as Markdown, a row at a time, and returns how many cells break their
// promise.
func (t table) print(runs int, seed uint64) (broken int) {
	fmt.Printf("%s\n\n| |", t.title)
	for _, c := range t.columns {
		fmt.Printf(" %s |", c)
	}
	fmt.Printf("\n|---%s|\n", strings.Repeat("|---", len(t.columns)))
	total, of := 0, 0
	for _, r := range t.rows {
		fmt.Printf("| %s |", r.name)
		for _, c := range r.cells {
			s := c.play(runs, seed, 1)
			total, of = total+s.trips(), of+len(s)
			fmt.Printf(" %s", s.show(t.get))
			if c.breaks(s, t.get, room) != "" {
				broken++
				fmt.Print(" !")
			}
			fmt.Print(" |")
		}
		fmt.Println()
	}
	fmt.Printf("\n%s of %s runs trip.\n\n", number(total), number(of))
	return broken
}

// room is how many times the median of a cell may be what was promised.
const room = 1.3

// breaks says how a sample breaks the promise of its cell, if it does.
func (c cell) breaks(s sample, get func(ending) int, room float64) string {
	switch median := s.until(0.5, get); {
	case c.median == never && s.trips() > 0:
		return fmt.Sprintf("%d of %d runs trip, want none", s.trips(), len(s))
	case c.median > 0 && (median < 0 || float64(median) > room*float64(c.median)):
		return fmt.Sprintf("%s, want a median of at most %.4g times %d", s.show(get), room, c.median)
	}
	return ""
}

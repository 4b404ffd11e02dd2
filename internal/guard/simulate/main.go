// Command simulate plays the traffic of a migrated pair against the rule of package guard and
// prints tables of what comes of it: how many requests of new it takes until the guard goes back to
// old (median/95th percentile, or how many of the runs tripped at all), and how often it goes back
// for nothing.
//
//	go run ./internal/guard/simulate            # the tables that the documentation quotes; minutes
//	go run ./internal/guard/simulate -runs 11   # about the same, sooner
//
// The same seed gives the same tables. It exits with 1 if a cell breaks what is promised of it;
// such a cell is marked with "!".
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	runs := flag.Int("runs", 101, "runs of each cell")
	seed := flag.Uint64("seed", 1, "of the first run")
	only := flag.String("only", "", "print only tables whose title holds this")
	flag.Parse()
	broken := 0
	for _, t := range tables() {
		if strings.Contains(t.title, *only) {
			broken += t.print(*runs, *seed)
		}
	}
	if broken > 0 {
		fmt.Printf("%d cells break their promise\n", broken)
		os.Exit(1)
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

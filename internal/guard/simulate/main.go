// Command simulate plays the traffic of a migrated pair against the rule of package guard and prints
// what comes of it: how many requests of new it takes until the guard goes back to old, how many
// clients were hurt until then, and how often it goes back for nothing.
//
//	go run ./internal/guard/simulate            # the tables that the documentation quotes; minutes
//	go run ./internal/guard/simulate -runs 11   # roughly the same, sooner
package main

import (
	"flag"
	"fmt"
)

func main() {
	runs := flag.Int("runs", 101, "runs of each cell")
	flag.Parse()
	fmt.Println("smoke")
	for _, c := range cells {
		s := c.world(1).sample(*runs, 20000, 1)
		m, ok := s.until(.5, requests)
		p, ok2 := s.until(.95, requests)
		fmt.Println(c, m, ok, p, ok2, s.trips())
	}
}

type cell struct{ new, old, share float64 }

var cells = []cell{{1, .001, .05}, {1, .01, .5}, {1, .01, .9}, {1, .01, .99}, {.1, .01, .05}, {.1, .01, .1}, {.1, .01, .5}, {.1, .01, .9}, {.1, .001, .9}, {.03, .001, .05}, {.03, .001, .5}, {.03, .001, .9}, {.02, .01, .05}}

func (c cell) world(_ int) world {
	return world{rate: 100, share: c.share, old: fails(c.old), new: fails(c.new)}
}

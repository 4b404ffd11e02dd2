package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/work"
)

// What middleware writes into the headers of one answer is in no other: values
// are never shared between requests, however much cheaper that would be. It is
// what makes rs/cors cheap, which shows that the test sees it.
func TestNoAnswerSpoilsTheNext(t *testing.T) {
	for _, w := range work.Workloads {
		for _, p := range ours.All {
			if shared(w, p) {
				t.Errorf("%s, %s: a value written into one answer is in the next one", w.Name, p.Name)
			}
		}
		if w.Name == "CORS actual" && !shared(w, baseline) {
			t.Errorf("%s, rs/cors: no longer shares its header values; README.md says that it does", w.Name)
		}
	}
}

func shared(w work.Workload, p work.Peer) bool {
	c := work.Open(w.App(p), w.Ask(p))
	defer c.Close()
	return c.(interface{ Shared(i int) bool }).Shared(0)
}

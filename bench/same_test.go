package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Figures compare only what does the same: every peer gives the same answers,
// to a second request as to the first.
func TestSameAnswers(t *testing.T) {
	work.Fill = true
	defer func() { work.Fill = false }()
	for _, w := range work.Workloads {
		want := work.Open(w.App(baseline), w.Ask(baseline)).Ask(0).String()
		for _, p := range peers {
			app := w.App(p)
			if app == nil {
				continue
			}
			requests := w.Ask(p)
			client := work.Open(app, requests)
			for i := range max(2, len(requests)) {
				if got := client.Ask(i).String(); got != want {
					t.Errorf("%s, %s, %v: answers\n%s\nwant\n%s", w.Name, p.Name, requests[i%len(requests)].Target, got, want)
					break
				}
			}
		}
	}
}

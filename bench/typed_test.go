package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Who reads a request as a value answers as the handler that reads it itself does.
func TestSameTyped(t *testing.T) {
	for _, w := range work.Typed {
		ask := func(app func() http.Handler) string { return work.Open(app(), w.Ask(work.Peer{})).Ask(1).String() }
		want := ask(binders[0].app)
		for _, b := range binders {
			if got := ask(b.app); got != want {
				t.Errorf("%s, %s: answers\n%s\nwant\n%s", w.Name, b.name, got, want)
			}
		}
	}
}

// A value costs few allocations more than what is read by hand: itself, and what the members need.
func TestTypedAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	for _, w := range work.Typed {
		r := measureTyped(w, options{rounds: 3, time: time.Millisecond})
		if more := r.allocs("fetch.Typed") - r.allocs("fetch, by hand"); more > 4.5 {
			t.Errorf("%s: %.1f allocations more than by hand", w.Name, more)
		}
	}
}

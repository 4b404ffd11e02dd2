package adapt

import (
	"slices"
	"testing"
)

func TestRouteText(t *testing.T) {
	r := Route{Method: "GET", Pattern: "/accounts/:id", Handler: "api.GetAccount", Source: "api/routes.go:18", Shape: ShapeFetch}
	if got, want := r.String(), "fetch GET /accounts/:id api.GetAccount api/routes.go:18"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
	for shape, want := range map[Shape]string{ShapeHTTP: "http", ShapeReqRes: "reqres", ShapeFetch: "fetch", 7: "shape 7"} {
		if got := shape.String(); got != want {
			t.Errorf("String of shape %d = %q, want %q", shape, got, want)
		}
	}
}

// Line 9 comes before line 10, and each file is a block.
func TestPositionsInOrder(t *testing.T) {
	want := []string{"", "a.go", "a.go:9", "a.go:10", "a.go:x", "b.go:1", "unknown location"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, comparePositions)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q, want %q", got, want)
	}
}

// Routes on one line of a helper are in the order of its callers, those of a loop in the order of
// their paths.
func TestSourceOrder(t *testing.T) {
	want := newEntries(t, "fetch GET /d", "fetch GET /c", "fetch GET /a", "fetch POST /b", "fetch ANY /b")
	for i, e := range want {
		e.Source, e.caller = "routes.go:7", []string{"main.go:9", "main.go:10", "main.go:11", "main.go:11", "main.go:11"}[i]
	}
	got := sorted(want, func(a, b *entry) int { return -bySource(a, b) })
	got = sorted(got, bySource)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q, want %q", entryLines(got), entryLines(want))
	}
}

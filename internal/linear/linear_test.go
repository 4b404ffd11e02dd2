package linear_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/linear"
)

// Check tells a loop from a loop in a loop, in time and in memory.
func TestCheck(t *testing.T) {
	sum := 0
	linear.Check(t, 1000, func(n int) func() {
		return func() {
			for i := range n {
				sum += i
			}
		}
	})
	for name, input := range map[string]func(n int) func(){
		"time": func(n int) func() {
			return func() {
				for i := range n {
					for j := range n {
						sum += i ^ j
					}
				}
			}
		},
		"memory": func(n int) func() {
			return func() {
				s := ""
				for range n {
					s += strings.Repeat("x", 10)
				}
				sum += len(s)
			}
		},
	} {
		if !fails(func(t *testing.T) { linear.Check(t, 200, input) }) {
			t.Errorf("quadratic %s passes", name)
		}
	}
}

// fails runs a test on its own.
func fails(f func(t *testing.T)) bool {
	return !testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "inner", F: f}})
}

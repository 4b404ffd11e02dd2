// Package full says whether tests take their full sizes. By default they take the sizes that a
// change is held to while it is written, all of the main module in about a minute on two
// processors; with CROSSFADE_FULL set they take those of the full matrix, which is many minutes and
// what .ci/run does. See CONTRIBUTING.md.
package full

import "os"

// On says that CROSSFADE_FULL is set.
var On = os.Getenv("CROSSFADE_FULL") != ""

// Size is small, or large if the tests take their full sizes. Both hold the same promise: large
// finds what is rare.
func Size[T any](small, large T) T {
	if On {
		return large
	}
	return small
}

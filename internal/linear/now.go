//go:build !linux

package linear

import "time"

var begin = time.Now()

// now returns the time of the clock, where there is no portable other one.
func now() time.Duration { return time.Since(begin) }

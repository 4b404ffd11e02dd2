//go:build race

package served

// RaceEnabled says that the race detector allocates, too.
const RaceEnabled = true

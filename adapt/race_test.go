//go:build race

package adapt_test

// raceEnabled says that the race detector allocates, too.
const raceEnabled = true

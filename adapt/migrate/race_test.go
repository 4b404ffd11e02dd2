//go:build race

package migrate_test

// simulations is the number of runs of a simulation. The race detector makes each ten times as slow and learns nothing
// from more of them.
const simulations = 15

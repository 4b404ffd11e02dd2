//go:build !race

package served

const RaceEnabled = false

//go:build race

package main

// The race detector allocates, and drops what is in pools.
const raceDetector = true

//go:build race

package simulate_test

const raced = true // everything takes ten times as long

//go:build !race

package migrate_test

const simulations = 300

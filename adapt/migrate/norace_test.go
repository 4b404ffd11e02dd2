//go:build !race

package migrate_test

import "github.com/crossfade-go/crossfade/internal/full"

var simulations = full.Size(60, 300)

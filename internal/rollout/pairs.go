package rollout

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/door"
)

// pairs is what package migrate keeps for this one: the decisions and counters of a pair.
var pairs = migrate.Internal(door.Key())

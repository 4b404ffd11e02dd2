package rollout

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/reqres"
)

// What other packages keep for this one: the decisions and counters of a pair, and both shapes from
// inside.
var (
	pairs    = migrate.Internal(door.Key())
	inFetch  = fetch.Internal(door.Key())
	inReqRes = reqres.Internal(door.Key())
)

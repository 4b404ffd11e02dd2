package migrate

import "github.com/crossfade-go/crossfade/internal/guard"

// Side names one of the two handlers of a pair.
type Side string

const (
	OldSide Side = "old" // the handler that is right
	NewSide Side = "new" // the handler on trial
)

// sides has the words for the numbers of the guard.
var sides = [...]Side{guard.OldSide: OldSide, guard.NewSide: NewSide}

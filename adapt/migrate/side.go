package migrate

// Side names one of the two handlers of a pair.
type Side string

const (
	OldSide Side = "old" // the handler that is right
	NewSide Side = "new" // the handler on trial
)

var sides = []Side{OldSide, NewSide}

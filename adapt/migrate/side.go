package migrate

// Side names one of the two handlers of a pair.
type Side string

const (
	OldSide Side = "old"
	NewSide Side = "new"
)

var sides = []Side{OldSide, NewSide}

package crossfade

// Range is one range of units (bytes, mostly), both ends included.
type Range struct{ Start, End int64 }

// Len returns the number of units in r.
func (r Range) Len() int64 { return r.End - r.Start + 1 }

package crossfade

// Range is one range of units (bytes, mostly), both ends included.
type Range struct{ Start, End int64 }

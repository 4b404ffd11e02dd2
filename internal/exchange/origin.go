package exchange

// Origin is the error with which a converted handler answers a probe: what it
// was made of. A func value carries no data, so this is how a round trip finds
// its way back.
type Origin struct{ Handler any }

func (Origin) Error() string { return "the origin of a converted handler" }

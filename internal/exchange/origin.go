package exchange

import "reflect"

// Origin is the error with which a converted handler answers a probe: what it was made of. A func
// value carries no data, so this is how a round trip finds its way back.
type Origin struct {
	Handler any
	Typed   *Typed // of fetch.Typed, whose function Handler is; else nil
}

func (Origin) Error() string { return "the origin of a converted handler" }

// Typed is what is known of a typed endpoint before it is called.
type Typed struct {
	In, Out reflect.Type
	Status  int      // of its answer
	Fails   string   // the statuses that it may be answered with instead, in order
	Path    []string // the path parameters that it reads
	Body    bool     // it reads a body
	Mistake error    // in the tags or the options; nil for none
}

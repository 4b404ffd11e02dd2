package message

import "github.com/crossfade-go/crossfade"

// Limits are the root's.
type Limits = crossfade.Limits

const (
	defaultBody       = 1 << 20
	defaultParts      = 1000
	defaultPartHeader = 16 << 10
)

// InnerLimits returns l with its zero fields taken from outer.
func InnerLimits(l, outer Limits) Limits {
	or(&l.Body, outer.Body)
	or(&l.Stream, outer.Stream)
	or(&l.Parts, outer.Parts)
	or(&l.PartHeader, outer.PartHeader)
	or(&l.FormMemory, outer.FormMemory)
	or(&l.Form, outer.Form)
	or(&l.ReadTimeout, outer.ReadTimeout)
	or(&l.WriteTimeout, outer.WriteTimeout)
	return l
}

// ResolvedLimits returns l with every default filled in, so that the code which
// enforces a limit only asks whether it is positive.
func ResolvedLimits(l Limits) Limits {
	l = InnerLimits(l, Limits{Body: defaultBody, Parts: defaultParts, PartHeader: defaultPartHeader})
	return InnerLimits(l, Limits{FormMemory: l.Body, Form: l.Body})
}

func or[T ~int | ~int64](field *T, outer T) {
	if *field == 0 {
		*field = outer
	}
}

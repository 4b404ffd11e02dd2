package route

// How limits inherit: a scope's from the scope around it, the outermost ones from the defaults.

import "github.com/crossfade-go/crossfade"

const (
	defaultBody       = 1 << 20
	defaultParts      = 1000
	defaultPartHeader = 16 << 10
)

// Inner returns l with its zero fields taken from outer.
func Inner(l, outer crossfade.Limits) crossfade.Limits {
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

// Resolved returns l with every default filled in, so that the code which enforces a limit only
// asks whether it is positive.
func Resolved(l crossfade.Limits) crossfade.Limits {
	l = Inner(l, crossfade.Limits{Body: defaultBody, Parts: defaultParts, PartHeader: defaultPartHeader})
	return Inner(l, crossfade.Limits{FormMemory: l.Body, Form: l.Body})
}

func or[T ~int | ~int64](field *T, outer T) {
	if *field == 0 {
		*field = outer
	}
}

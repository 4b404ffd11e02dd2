package route

// How limits inherit: a scope's from the scope around it, the outermost ones from the defaults.

import (
	"cmp"

	"github.com/crossfade-go/crossfade"
)

// Inner returns l with its zero fields taken from outer.
func Inner(l, outer crossfade.Limits) crossfade.Limits {
	l.Body = cmp.Or(l.Body, outer.Body)
	l.Stream = cmp.Or(l.Stream, outer.Stream)
	l.Parts = cmp.Or(l.Parts, outer.Parts)
	l.PartHeader = cmp.Or(l.PartHeader, outer.PartHeader)
	l.FormMemory = cmp.Or(l.FormMemory, outer.FormMemory)
	l.Form = cmp.Or(l.Form, outer.Form)
	l.ReadTimeout = cmp.Or(l.ReadTimeout, outer.ReadTimeout)
	l.WriteTimeout = cmp.Or(l.WriteTimeout, outer.WriteTimeout)
	return l
}

// Resolved returns l with every default filled in, so that the code which enforces a limit only
// asks whether it is positive.
func Resolved(l crossfade.Limits) crossfade.Limits {
	l = Inner(l, crossfade.Limits{Body: 1 << 20, Parts: 1000, PartHeader: 16 << 10})
	return Inner(l, crossfade.Limits{FormMemory: l.Body, Form: l.Body})
}

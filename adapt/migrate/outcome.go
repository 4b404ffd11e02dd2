package migrate

import (
	"errors"

	"github.com/crossfade-go/crossfade/internal/guard"
)

// ErrDecline is returned by a new handler that has done nothing and wants the old one to answer,
// whatever the method.
var ErrDecline = errors.New("migrate: the new handler declined and no old one could answer in its place")

// Outcome is what one side did with one request, as far as the guard and the fallback need to know.
// Like the other enumerations of this package it is a word, fit for logs, JSON and metric labels;
// Words lists them.
type Outcome string

const (
	Answered   Outcome = "answered"    // a status below 400
	Refused    Outcome = "refused"     // 4xx: the client's fault, as far as one can tell
	Failed     Outcome = "failed"      // 5xx, or an error that becomes one
	Panicked   Outcome = "panicked"    // a panic other than http.ErrAbortHandler, or runtime.Goexit
	Broken     Outcome = "broken"      // http.ErrAbortHandler, or the answer broke after its head was out
	ClientGone Outcome = "client-gone" // the client left first, which says nothing about the handler
	Declined   Outcome = "declined"    // ErrDecline
)

// outcomes has the words for the numbers of the guard.
var outcomes = [...]Outcome{guard.Answered: Answered, guard.Refused: Refused, guard.Failed: Failed,
	guard.Panicked: Panicked, guard.Broken: Broken, guard.Gone: ClientGone, guard.Declined: Declined}

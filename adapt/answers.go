package adapt

// Answers alike: a handler that has moved answers as before, because in a mux the immutable shape
// finishes its responses as the mutable one does under the same settings. What stands here decides
// for which routes that holds, and what an old side that is not a handler of ours changes.

import (
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Answers says how handlers of the immutable shape answer where the two shapes have defaults of
// their own: the types of text, JSON and bytes, the entity tag with its 304, the body of a
// redirection. The default body of an error of 400 to 499 follows it too, in both shapes.
// DIFFERENCES.md has the table. The zero value is that of the scope around, and in a Config Alike.
type Answers uint8

const (
	_ Answers = iota
	// Alike answers as the mutable shape does under Config.ReqRes, so that what has moved answers
	// as before. A type and a tag that the handler sets stay.
	Alike
	// Standard answers as the Fetch Standard and Route Handlers do, and as handlers do without a
	// mux.
	Standard
)

// answersOf returns what the answers of a route take over from the mutable shape, nil for nothing.
func (m *Mux) answersOf(e *entry) *route.Answers {
	if e.target.scope.Answers == Standard {
		return nil
	}
	app := e.app != nil && !e.asSent
	if !app && (e.target.line.pair == nil || !isHTTP(e.target.line.pair.OldOrigin)) {
		return m.answers
	}
	// The old side is not a handler of ours: what it adds to its answers is its own business, and a
	// port adds nothing by itself.
	a := &route.Answers{JSON: m.answers.JSON}
	if app && e.app.JSON != "" {
		a.JSON = e.app.JSON
	}
	return a
}

// isHTTP reports whether what a handler was converted from is of no shape of ours.
func isHTTP(origin any) bool {
	if _, ours := origin.(fetch.Handler); ours {
		return false
	}
	_, ok := origin.(http.Handler)
	return ok
}

// finishing is h whose responses are finished before middleware sees them. A conversion is left
// alone: it answers in the other shape.
func finishing(h fetch.Handler) fetch.Handler {
	if h == nil || originOf(h) != nil {
		return h
	}
	return inFetch.Alike(h)
}

func unknownAnswers(a Answers) error {
	return fmt.Errorf("Answers %d is neither Alike nor Standard", a)
}

// Package port makes a first translation of a handler that is simple enough, and says why where one is not.
package port

import (
	"errors"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// Translation is a handler in Go.
type Translation struct {
	Body    []string // its statements
	Imports []string
	Helpers []string // names of functions of Helpers
	Cases   []Case
}

// Case is a request, and what the JavaScript answers to it.
type Case struct {
	Method, Target string
	Params         map[string][]string
	Header         map[string]string
	Body           string
	Status         int
	Answer         map[string]string // headers of the answer
	Text           string            // its body
}

// Translate translates the handler of an endpoint. The error says what of it has no translation.
func Translate(e *project.Endpoint, next bool) (Translation, error) {
	return Translation{}, errors.New("not yet")
}

// Helper is a function that translations call.
type Helper struct {
	Source  string
	Imports []string
}

// Helpers are the functions that translations call, by name.
var Helpers = map[string]Helper{}

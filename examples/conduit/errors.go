package main

// What goes wrong, and what the API says of it: {"errors": {"article": ["not found"]}}, in one place
// for both shapes and for what the mux refuses by itself.

import (
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

func fault(status int, of, what string) error {
	return &crossfade.Error{Status: status, Message: of + " " + what, Fields: map[string]string{of: what}}
}

func notFound(what string) error  { return fault(404, what, "not found") }
func forbidden(what string) error { return fault(403, what, "forbidden") }
func taken(what string) error     { return fault(409, what, "has already been taken") }

// errorResponse is Config.ErrorResponse. A 5xx says nothing of its cause, which is in the log.
func errorResponse(_ *fetch.Request, err error) *fetch.Response {
	e, ok := errors.AsType[*crossfade.Error](err)
	if !ok || e.StatusCode() >= 500 {
		return nil
	}
	status, wrong := e.Status, map[string][]string{}
	for name, what := range e.Fields {
		wrong[name] = []string{what}
	}
	switch {
	case len(wrong) == 0:
		wrong["request"] = []string{e.Message}
	case status == 400:
		status = 422 // it can be read, and is wrong
	}
	return fetch.Must(fetch.JSON(map[string]any{"errors": wrong}, fetch.Status(status)))
}

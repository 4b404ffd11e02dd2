package legacyfiber

import (
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as fiber.DefaultErrorHandler does, for adapt.Config.ErrorResponse:
// the message of a 4xx as plain text. fiber sends the text of a 5xx as well; here that is the text
// of the status, and the error is in the log.
func ErrorResponse(_ *fetch.Request, err error) *fetch.Response {
	e, ok := errors.AsType[*crossfade.Error](err)
	if !ok {
		return nil // not from a mux
	}
	return fetch.Must(fetch.Text(e.Message, fetch.Status(e.Status), fetch.SetHeader("Content-Type", "text/plain; charset=utf-8")))
}

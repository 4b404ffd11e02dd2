package legacyfiber

import (
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as fiber.DefaultErrorHandler does, for adapt.Config.ErrorResponse:
// the message of a 4xx as plain text. fiber sends the text of a 5xx as well; here that is the text
// of the status, and the error is in the log.
func ErrorResponse(_ *fetch.Request, err error) *fetch.Response {
	status := http.StatusInternalServerError
	if e, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		status = e.StatusCode()
	}
	message := http.StatusText(status)
	if e, ok := errors.AsType[*crossfade.Error](err); ok && status < http.StatusInternalServerError && e.Message != "" {
		message = e.Message
	}
	return fetch.Must(fetch.Text(message, fetch.Status(status), fetch.SetHeader("Content-Type", "text/plain; charset=utf-8")))
}

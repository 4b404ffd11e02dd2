package legacygorilla

import (
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as http.Error does, which is what services on net/http and
// gorilla/mux write, for adapt.Config.ErrorResponse: the message of a 4xx, or the text of the
// status, as plain text with a line feed.
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
	return fetch.Must(fetch.Text(message+"\n", fetch.Status(status),
		fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"), fetch.SetHeader("X-Content-Type-Options", "nosniff")))
}

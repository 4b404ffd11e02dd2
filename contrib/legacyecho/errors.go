package legacyecho

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as echo.DefaultHTTPErrorHandler(false) does, for
// adapt.Config.ErrorResponse: {"message":…} with the message of a 4xx, or the text of the status.
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
	var body bytes.Buffer
	json.NewEncoder(&body).Encode(map[string]string{"message": message}) // as echo does: with a line feed, and <, > and & escaped
	return fetch.Must(fetch.Bytes(body.Bytes(), fetch.Status(status), fetch.SetHeader("Content-Type", "application/json")))
}

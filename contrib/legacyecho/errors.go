package legacyecho

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as echo.DefaultHTTPErrorHandler(false) does, for
// adapt.Config.ErrorResponse: {"message":…} with the message of a 4xx, or the text of the status.
func ErrorResponse(_ *fetch.Request, err error) *fetch.Response {
	e, ok := errors.AsType[*crossfade.Error](err)
	if !ok {
		return nil // not from a mux
	}
	var body bytes.Buffer
	json.NewEncoder(&body).Encode(map[string]string{"message": e.Message}) // as echo does: with a line feed, and <, > and & escaped
	return fetch.Must(fetch.Bytes(body.Bytes(), fetch.Status(e.Status), fetch.SetHeader("Content-Type", "application/json")))
}

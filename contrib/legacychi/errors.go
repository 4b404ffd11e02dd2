package legacychi

import (
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as http.Error does, which is what services on net/http and chi
// write, for adapt.Config.ErrorResponse: the message of a 4xx, or the text of the status, as plain
// text with a line feed.
func ErrorResponse(_ *fetch.Request, err error) *fetch.Response {
	e, ok := errors.AsType[*crossfade.Error](err)
	if !ok {
		return nil // not from a mux
	}
	return fetch.Must(fetch.Text(e.Message+"\n", fetch.Status(e.Status),
		fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"), fetch.SetHeader("X-Content-Type-Options", "nosniff")))
}

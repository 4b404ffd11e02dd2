package legacygin

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// ErrorResponse answers errors as gin services do, for adapt.Config.ErrorResponse: a 4xx as
// c.JSON(status, gin.H{"error": message}), and what gin.Recovery makes of a panic for a 5xx: the
// status, and no body.
func ErrorResponse(_ *fetch.Request, err error) *fetch.Response {
	e, ok := errors.AsType[*crossfade.Error](err)
	if !ok {
		return nil // not from a mux
	}
	if e.Status >= http.StatusInternalServerError {
		return fetch.Must(fetch.NoContent(fetch.Status(e.Status)))
	}
	body, _ := json.Marshal(map[string]string{"error": e.Message}) // as gin does, which escapes <, > and &
	return fetch.Must(fetch.Bytes(body, fetch.Status(e.Status), fetch.SetHeader("Content-Type", "application/json; charset=utf-8")))
}

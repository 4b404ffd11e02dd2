package reqres

// Content negotiation of the answer: one handler for each type.

import (
	"errors"
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/internal/status"
)

// Offer is one form of an answer: a media type or an extension, and the handler that makes it. The
// type "default" is for clients that accept no other offer.
type Offer struct {
	Type    string  // a media type, or an extension that stands for one
	Handler Handler // answers those who prefer it
}

// Format answers by the offer that the client prefers, with its Content-Type, and adds Accept to
// Vary. Without an Accept header it is the first one. If none is acceptable and there is no
// "default", it returns an Error with the status 406, whose cause lists the types.
func (r *Response) Format(offers ...Offer) error {
	var keys []string
	var other Handler
	for _, o := range offers {
		if o.Type == "default" {
			other = o.Handler
		} else {
			keys = append(keys, o.Type)
		}
	}
	key := (*Request)(r).Accepts(keys...)
	r.Vary("Accept")
	for _, o := range offers {
		if key != "" && o.Type == key {
			r.Set("Content-Type", mediaType(key))
			return o.Handler((*Request)(r), r)
		}
	}
	if other != nil {
		return other((*Request)(r), r)
	}
	types := make([]string, len(keys))
	for i, k := range keys {
		types[i] = mediaType(k)
	}
	return &Error{Status: http.StatusNotAcceptable, Message: status.Phrase(http.StatusNotAcceptable), Err: errors.New("none of the offered types is acceptable: " + strings.Join(types, ", "))}
}

// mediaType returns the media type of an offer, without its parameters.
func mediaType(offer string) string {
	essence, _, _ := strings.Cut(typeOf(offer), ";")
	return strings.TrimSpace(essence)
}

package adapt

// An id for each request, in one header: that of the client or of a proxy, if it is fit for a log,
// or one that is made here. It stands in the request, so that handlers of every shape read it and
// proxies pass it on, in the head of the answer, and in the log.

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// maxRequestID bounds the ids of clients, which go into every line of the log.
const maxRequestID = 128

var inRequestID = text.Set("-_.:/+=@")

// identify gives a request an id, in its header map, which must be its own.
func identify(r *http.Request, name string) {
	if values := r.Header[name]; len(values) == 1 && fitID(values[0]) {
		return
	}
	if r.Header == nil {
		r.Header = make(http.Header)
	}
	r.Header[name] = []string{rand.Text()}
}

func fitID(id string) bool {
	return 0 < len(id) && len(id) <= maxRequestID && strings.IndexFunc(id, func(r rune) bool { return r >= 0x80 || !inRequestID.Has(byte(r)) }) < 0
}

// answerID returns the head hook that puts the id into an answer.
func answerID(name string) headHook {
	return func(r *http.Request, _ int, h http.Header) {
		if values := r.Header[name]; len(values) > 0 {
			h[name] = []string{values[0]}
		}
	}
}

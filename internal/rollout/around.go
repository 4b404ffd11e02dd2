package rollout

// What stands around a pair adds to the answers of both sides, but the candidate runs without it. A
// header that the chain would have given to either side is not a difference between them.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/etag"
	"github.com/crossfade-go/crossfade/internal/status"
)

// given are the headers that went out and that the side which served has not set.
func given(sent, own http.Header) http.Header {
	var h http.Header
	for name, values := range sent {
		switch name {
		case "Content-Encoding", "Content-Length", "Set-Cookie", "Trailer": // they belong to a body, or add up
			continue
		}
		if own[name] == nil && len(values) > 0 {
			if h == nil {
				h = make(http.Header)
			}
			h[name] = append([]string(nil), values...)
		}
	}
	return h
}

// take gives the answer of the side that served what the chain has added, where the other side sets
// that itself. The reverse cannot be known: what the chain would add to the candidate shows only
// once that serves.
func take(served, candidate, given http.Header) {
	for name, values := range given {
		if candidate[name] != nil && served != nil {
			served[name] = values
		}
	}
}

// tag adds to the answer the tag that fetch.ETag gives to what is not a stream.
func (r *recording) tag(m *parity.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flowed || status.NullBody(m.Status) || m.Header == nil || m.Header["Etag"] != nil {
		return
	}
	m.Header.Set("Etag", etag.Weak(m.Body))
}

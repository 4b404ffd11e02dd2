package inbound

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/etag"
)

// Conditional reports whether the request asks for an answer only if that is another one than the
// client has, so that 304 may answer it.
func (r *Request) Conditional() bool {
	h := r.R.Header
	if h["If-None-Match"] == nil && h["If-Modified-Since"] == nil {
		return false
	}
	switch r.R.Method {
	case http.MethodGet, http.MethodHead, "QUERY":
		return true
	}
	return false
}

// Fresh reports whether what the client has is as good as an answer with this tag and this
// Last-Modified, whatever the method.
func (r *Request) Fresh(tag, modified string) bool {
	return etag.Conditions{
		IfNoneMatch:     r.Header("If-None-Match"),
		IfModifiedSince: r.Header("If-Modified-Since"),
		CacheControl:    r.Header("Cache-Control"),
	}.Fresh(tag, modified)
}

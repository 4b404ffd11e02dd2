package fetch

import (
	"net/http"

	"github.com/crossfade-go/crossfade/internal/etag"
)

// ETag is middleware that adds an entity tag to every buffered answer that has none, and answers
// 304 to a GET or HEAD whose client has the same: what reqres.Response does by itself. Streams pass
// untouched.
func ETag(next Handler) Handler {
	return func(req *Request) (*Response, error) {
		res, err := next(req)
		if err != nil || res == nil || res.kind == nullBody {
			return res, err
		}
		body, ok := res.buffered()
		if !ok {
			return res, nil
		}
		tag := res.Header("Etag")
		if tag == "" {
			tag = etag.Weak(body)
			res = res.WithHeader("Etag", tag)
		}
		if m := req.Method(); m != http.MethodGet && m != http.MethodHead || !res.OK() {
			return res, nil
		}
		if req.x.Fresh(tag, res.Header("Last-Modified")) {
			return res.notModified(), nil
		}
		return res, nil
	}
}

// notModified returns r as a 304 without its body (RFC 9110, 15.4.5).
func (r *Response) notModified() *Response {
	c := newResponse(http.StatusNotModified, nullBody)
	c.fields, _ = r.fields.Without("Content-Type", "Content-Length")
	return c
}

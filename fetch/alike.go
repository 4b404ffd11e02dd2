package fetch

// Answers alike. In a mux a response is finished as the mutable shape finishes its own under the
// same settings: the default type, the entity tag and its 304, the body of a redirection. So a
// handler that has moved answers as before. It is done once, where the handler returns, so that
// middleware sees what it saw around the old handler; for what middleware answers itself it is done
// where that is sent. A response bears the mark of its constructor until then. What bears none is
// left alone: streams, bodies of NewResponse, what comes from the other shape.

import (
	"net/http"
	"slices"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/redirection"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/text"
)

// mark says which constructor made a response that is to be finished.
type mark uint8

const (
	unmarked mark = iota
	markJSON
	markText
	markHTML
	markBytes
	markRedirect // its text is the target as it was given
)

// alike is h whose responses are finished.
func alike(h Handler) Handler {
	return func(req *Request) (*Response, error) {
		res, err := h(req)
		return finished(&req.x, res), err
	}
}

// finished returns res as the client of x gets it: res itself where nothing is to be done.
func finished(x *exchange.Exchange, res *Response) *Response {
	a := x.Env.Answers
	if res == nil || res.mark == unmarked || a == nil || res.err != nil {
		return res
	}
	if res.mark == markRedirect {
		return res.redirected(x, a)
	}
	room := &roomy{Response: *res}
	c := &room.Response
	c.mark = unmarked
	c.respace(a, res.mark)
	contentType, tag, fresh := res.dress(x, a, c.bytes)
	fields := append(room.fields[:0], res.fields...)
	if contentType != "" {
		fields = put(fields, "Content-Type", contentType)
	}
	if header.Check("Etag", tag) == nil && tag != "" {
		fields = put(fields, "Etag", tag)
	}
	c.fields = slices.Clip(fields)
	if fresh {
		c.kind, c.status, c.text, c.bytes = nullBody, http.StatusNotModified, "", nil
		c.fields, _ = c.fields.Without(bodyless(a)...)
	}
	return c
}

// roomy is a response with what is new of it in one object: few have more fields.
type roomy struct {
	Response
	fields [3]header.Field
}

// put returns fields with the value for a header that is there once or not at all.
func put(fields []header.Field, name, value string) []header.Field {
	for i := range fields {
		if fields[i].Name == name {
			fields[i].Value = value
			return fields
		}
	}
	return append(fields, header.Field{Name: name, Value: value})
}

// respace gives JSON the form that the settings ask for.
func (r *Response) respace(a *route.Answers, m mark) {
	if m == markJSON && a.Respace != nil {
		buf, _ := r.buffered()
		r.kind, r.bytes, r.text = bytesBody, a.Respace(buf), ""
	}
}

// bodyless returns the headers that a 304 takes away.
func bodyless(a *route.Answers) []string {
	if a.NextJS {
		return []string{"Content-Length"}
	}
	return []string{"Content-Type", "Content-Length"}
}

// dress returns what is to be added to r, whose body is its text or body: a type, a tag, both ""
// for none, and whether the client has the answer already.
func (r *Response) dress(x *exchange.Exchange, a *route.Answers, body []byte) (contentType, tag string, fresh bool) {
	if r.defaultType {
		switch r.mark {
		case markJSON:
			contentType = a.JSON
		case markText:
			contentType = "text/plain; charset=utf-8"
		case markHTML:
			contentType = "text/html; charset=utf-8"
		case markBytes:
			contentType = "application/octet-stream"
		}
	}
	own := said(x, r.fields, "Etag")
	if own == "" && a.Tag != nil && (r.kind == textBody || body != nil) {
		tag = a.Tag(r.text, body, r.mark == markBytes)
		own = tag
	}
	return contentType, tag, r.fresh(x, a, own)
}

// said returns a header of the answer, or else the one that middleware around it has set.
func said(x *exchange.Exchange, fields header.Fields, name string) string {
	if v := fields.Get(name); v != "" || x.W == nil {
		return v
	}
	if values := x.W.Header()[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// fresh reports whether a 304 answers the request.
func (r *Response) fresh(x *exchange.Exchange, a *route.Answers, tag string) bool {
	if !x.Conditional() || !r.OK() || a.NextJS && tag == "" {
		return false
	}
	return x.Fresh(tag, said(x, r.fields, "Last-Modified"))
}

// redirected returns a redirection with the body, the status and the spelling of the target that
// the mutable shape gives it.
func (r *Response) redirected(x *exchange.Exchange, a *route.Answers) *Response {
	if a.Redirect == 0 || !status.Redirect(int(r.status)) {
		return r
	}
	c := r.copied()
	c.mark, c.kind = unmarked, textBody
	if r.defaultStatus {
		c.status = int32(a.Redirect)
	}
	target := r.fields.Get("Location")
	if sent, _ := location(r.text); sent == target {
		if target = text.EncodeURL(r.text); a.NextJS && text.IsASCII(r.text) {
			target = r.text
		}
		c.change(c.fields.With("Location", target))
	}
	if c.text = r.text; a.NextJS {
		return c
	}
	vary, _ := header.Vary(c.fields.Values("Vary"), "Accept")
	c.change(c.fields.With("Vary", vary))
	var contentType string
	contentType, c.text = redirection.Body(x.R.Header["Accept"], c.Status(), target)
	if contentType == "" {
		c.fields, _ = c.fields.Without("Content-Type")
	} else {
		c.fields, _ = c.fields.With("Content-Type", contentType)
	}
	return c
}

package reqres

// What API Routes of Next.js do otherwise than Express (the Flavor NextJS), in one place: how a
// body is parsed and refused, how send ends, what an error looks like. Where Next.js does harm, the
// harm is left out: an error after the first byte is not appended to the answer, the length of an
// answer that was not sent is not promised for its error, only GET and HEAD of a good answer are
// turned into 304, and a handler that does not answer is a 500.

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/text"
)

// runNextJS is run whose failures are answered as text, beside the headers that the handler has set.
// A refusal that the handler returns is JSON, as in the other shape; there is none in Next.js.
func (h Handler) runNextJS(req *Request, res *Response, parses bool) error {
	err := exchange.Caught(func() error { return h.run(req, res, parses) })
	if err != nil && !errors.Is(err, http.ErrAbortHandler) && exchange.StatusOf(err) >= 500 {
		return &exchange.TextError{Err: err}
	}
	return err
}

// nextBodyError returns what Next.js says of a body that it cannot read or parse.
func nextBodyError(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	status, text := http.StatusBadRequest, "Invalid body"
	if _, ok := errors.AsType[*jsontext.Error](err); ok {
		text = "Invalid JSON"
	}
	if e.Status == http.StatusRequestEntityTooLarge {
		status, text = e.Status, "Body exceeded the limit"
		if limit, ok := errors.AsType[*http.MaxBytesError](err); ok {
			text = "Body exceeded " + bytesText(limit.Limit) + " limit"
		}
	}
	return &exchange.TextError{Err: &Error{Status: status, Message: text, Err: err}}
}

// bytesText returns a number of bytes as it is written in the configuration of an API Route.
func bytesText(n int64) string {
	for _, unit := range [...]struct {
		size int64
		name string
	}{{1 << 30, "gb"}, {1 << 20, "mb"}, {1 << 10, "kb"}} {
		if n >= unit.size && n%unit.size == 0 {
			return strconv.FormatInt(n/unit.size, 10) + unit.name
		}
	}
	return strconv.FormatInt(n, 10) + "b"
}

// finishNextJS is the end of res.send: nothing is said about null, a body is dropped with all that
// describes it where the status has none, and the tag is Next.js's own, whatever the handler has
// set.
func (r *Response) finishNextJS(c content) error {
	x, h := &r.x, r.Header()
	if !c.isText && c.bytes == nil {
		return r.write(c)
	}
	if r.dropped() {
		return r.write(content{})
	}
	if tag := settingsOf(&r.x).tag(&c); tag != "" {
		x.SetHeader(h, "Etag", tag)
	}
	if r.fresh() {
		r.code = http.StatusNotModified
		delete(h, "Content-Length")
		c = content{}
	}
	return r.write(c)
}

// dropped reports whether the status has no body, and removes what describes it.
func (r *Response) dropped() bool {
	switch r.StatusCode() {
	case http.StatusNoContent, http.StatusNotModified:
		h := r.Header()
		delete(h, "Content-Type")
		delete(h, "Content-Length")
		return true
	}
	return false
}

// redirectNextJS answers with the target as it is given, also as the body.
func (r *Response) redirectNextJS(url string, code int) error {
	if text.IsASCII(url) {
		r.Set("Location", url)
	} else {
		r.Location(url)
	}
	r.Status(code)
	if err := r.begin(callRedirect); err != nil {
		return err
	}
	return r.write(content{text: url, isText: true})
}

// bufferJSON returns the JSON of a Buffer in JavaScript, which Next.js hashes.
func bufferJSON(b []byte) []byte {
	out := append(make([]byte, 0, 4*len(b)+32), `{"type":"Buffer","data":[`...)
	for i, c := range b {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendUint(out, uint64(c), 10)
	}
	return append(out, "]}"...)
}

// QueryParams returns all query parameters.
func (r *Request) QueryParams() Params { return crossfade.ParseParams("?" + r.x.RawQuery()) }

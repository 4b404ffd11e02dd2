package fetch

// The immutable response and its constructors. A constructor returns
// (*Response, error), so that `return fetch.JSON(v, fetch.Status(201))` is the
// whole end of a handler; With… returns a changed copy.

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/text"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// Response is an immutable answer (Fetch Standard, "Response class"). Make one with JSON, Text,
// HTML, Bytes, Redirect, NoContent, NotFound, Stream, StreamFunc, StreamSeq, SSE or NDJSON.
//
// A Response with a buffered body may be kept in a package variable, sent any number of times and
// used from several goroutines. One with a stream is sent or read once; all its copies share that
// stream.
//
// A change that is refused, such as a header value with a line break, is remembered: Err reports
// it, and in place of such a response an error is sent.
type Response struct {
	status int32
	kind   bodyKind
	mark   mark // of what is to be finished; see alike.go
	ran    bool // a handler on the engine has written it
	// Whether the Content-Type and the status are those of the constructor.
	defaultType, defaultStatus bool

	fields header.Fields
	few    [1]header.Field // storage of fields while there are no more
	err    error           // the first change that was refused

	text   string
	bytes  []byte
	stream *stream // of a streamed body, or for its statusText alone
}

type bodyKind uint8

const (
	nullBody bodyKind = iota
	textBody
	bytesBody
	streamBody
	upgradeBody
)

func (k bodyKind) streamed() bool { return k >= streamBody }

func newResponse(code int, kind bodyKind) *Response {
	r := &Response{status: int32(code), kind: kind}
	r.fields = r.few[:0]
	return r
}

// built ends a constructor: the rules of the Fetch Standard's "initialize a response", and every
// refused option, as the error.
func (r *Response) built(opts []ResponseOption) (*Response, error) {
	r.apply(opts)
	if err := r.Err(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// JSON returns a response with the JSON of v. It is the JSON of JSON.stringify where Go can: no
// HTML escapes and no line break at the end. In a mux it is answered as res.JSON answers it: as
// application/json; charset=utf-8, with an entity tag, and with 304 where the client has it. With
// adapt.Standard, and without a mux, it is of the type application/json and has no tag. A
// Content-Type and an ETag that an option sets stay, here as in Text, HTML and Bytes.
func JSON(v any, opts ...ResponseOption) (*Response, error) {
	b, err := jsontext.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("fetch.JSON: %w", err)
	}
	r := newResponse(http.StatusOK, bytesBody)
	r.bytes = b
	return r.typed(markJSON, "application/json", opts)
}

// Text returns a response with s, of the type text/plain;charset=UTF-8, which a mux spells
// text/plain; charset=utf-8; see JSON.
func Text(s string, opts ...ResponseOption) (*Response, error) {
	r := newResponse(http.StatusOK, textBody)
	r.text = s
	return r.typed(markText, "text/plain;charset=UTF-8", opts)
}

// HTML returns a response with s, of the type text/html;charset=UTF-8, which a mux spells
// text/html; charset=utf-8; see JSON.
func HTML(s string, opts ...ResponseOption) (*Response, error) {
	r := newResponse(http.StatusOK, textBody)
	r.text = s
	return r.typed(markHTML, "text/html;charset=UTF-8", opts)
}

// Bytes returns a response with b, of the type application/octet-stream in a mux, and of none with
// adapt.Standard and without a mux; see JSON. The bytes are not copied; the caller must not change
// them.
func Bytes(b []byte, opts ...ResponseOption) (*Response, error) {
	r := newResponse(http.StatusOK, bytesBody)
	r.bytes = b
	return r.typed(markBytes, "", opts)
}

// NoContent returns a 204 without a body.
func NoContent(opts ...ResponseOption) (*Response, error) {
	return newResponse(http.StatusNoContent, nullBody).built(opts)
}

// NotFound returns a 404 with the body that every error has.
func NotFound(opts ...ResponseOption) (*Response, error) {
	r := newResponse(http.StatusNotFound, textBody)
	r.text = `{"error":"Not Found"}`
	return r.typed(markJSON, "application/json", opts)
}

// Redirect returns a redirection to target, 302 unless Status says 301, 303, 307 or 308. In a mux
// it is answered as res.Redirect answers it; with adapt.Standard, and without a mux, it has no
// body. An absolute URL is sent in a form that net/url and browsers read alike, and is an error if
// it has none. Unlike the Fetch Standard's, the target may be relative; then it is sent
// percent-encoded where it has to be, but not resolved. An empty one is an error: it would lead
// back to the page itself, for ever. (res.Redirect sends it, as Express does.) Where a target leads
// is not judged: one that a client has chosen, such as //evil.test, needs a check of your own.
func Redirect(target string, opts ...ResponseOption) (*Response, error) {
	location, err := location(target)
	if err != nil {
		return nil, err
	}
	r := newResponse(http.StatusFound, nullBody)
	r.mark, r.text, r.defaultStatus = markRedirect, target, true
	r.add("Location", location)
	for i := range opts {
		if o := &opts[i]; o.kind == optStatus && !status.Redirect(o.status) {
			return nil, fmt.Errorf("fetch.Redirect: the status %d is %w: a redirection has 301, 302, 303, 307 or 308", o.status, ErrRange)
		}
	}
	return r.built(opts)
}

// location returns the value of the Location header for a target.
func location(target string) (string, error) {
	if strings.HasPrefix(target, "/") && target == text.EncodeURL(target) {
		return target, nil // the common case
	}
	absolute, err := weburl.Parse(target)
	switch {
	case err == nil:
		return absolute, nil
	case errors.Is(err, weburl.ErrNotWeb), errors.Is(err, weburl.ErrIDN): // browsers read an escaped host
		if target = weburl.Trim(target); target != "" {
			return text.EncodeURL(target), nil
		}
		return "", errors.New("fetch.Redirect: the target is empty")
	default:
		return "", fmt.Errorf("fetch.Redirect: the target %q is not a URL: %w", weburl.Redacted(target), err)
	}
}

// Must returns res and panics where err is not nil: for responses that are package variables.
func Must(res *Response, err error) *Response {
	if err != nil {
		panic(err)
	}
	return res
}

// typed builds the response with a default Content-Type, "" for none.
func (r *Response) typed(m mark, contentType string, opts []ResponseOption) (*Response, error) {
	r.mark, r.defaultType = m, !hasHeader(opts, "Content-Type")
	if r.defaultType && contentType != "" {
		r.fields = append(r.fields, header.Field{Name: "Content-Type", Value: contentType})
	}
	return r.built(opts)
}

// The four changes below happen only before r is published.

func (r *Response) setStatus(code int) {
	switch {
	case code < 200 || code > 599:
		r.fail(fmt.Errorf("the status %d is %w: a response has 200 to 599", code, ErrRange))
		return
	case r.kind != nullBody && status.NullBody(code):
		r.fail(fmt.Errorf("status %d cannot carry a body: use NoContent with Status(%d)", code, code))
		return
	}
	r.status, r.defaultStatus = int32(code), false
}

func (r *Response) setStatusText(s string) {
	if !text.IsField(s) {
		r.fail(fmt.Errorf("the status text %q must be one line without control characters (RFC 9112, 4)", s))
		return
	}
	if r.stream == nil {
		r.stream = new(stream)
	}
	r.stream.statusText = s
}

func (r *Response) set(name, value string) {
	if r.fields.Has(name) {
		r.change(r.fields.With(name, value))
		return
	}
	r.add(name, value)
}

func (r *Response) setAll(h Header) {
	fields := crossfade.Internal(door.Key()).Fields(h)
	for _, f := range r.fields {
		if !h.Has(f.Name) {
			fields = append(slices.Clip(fields), f)
		}
	}
	r.fail(h.Err())
	r.fields = fields
}

func (r *Response) add(name, value string) {
	name, value, err := header.Clean(name, value)
	if err != nil {
		r.fail(err)
		return
	}
	r.fields = append(r.fields, header.Field{Name: name, Value: value})
}

func (r *Response) change(fields header.Fields, err error) {
	r.fields = fields
	r.fail(err)
}

func (r *Response) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// copied returns a copy that shares the body and the fields.
func (r *Response) copied() *Response {
	c := *r
	c.fields = slices.Clip(r.fields) // the next append makes storage of its own
	return &c
}

// retyped returns a copy of r whose named headers are going to change.
func (r *Response) retyped(names ...string) *Response {
	c := r.copied()
	for _, name := range names {
		c.defaultType = c.defaultType && !strings.EqualFold(name, "Content-Type")
	}
	return c
}

// Status returns the status code.
func (r *Response) Status() int { return int(r.status) }

// StatusText returns what the option StatusText said, or "". It is never sent: HTTP/2 has no reason
// phrase, and net/http writes its own.
func (r *Response) StatusText() string {
	if r.stream == nil {
		return ""
	}
	return r.stream.statusText
}

// OK reports whether the status is 200 to 299.
func (r *Response) OK() bool { return r.status >= 200 && r.status <= 299 }

// Header returns the values of a header joined with ", ", or "".
func (r *Response) Header(name string) string { return r.fields.Get(name) }

// Headers returns the headers.
func (r *Response) Headers() Header {
	return crossfade.Internal(door.Key()).Header(slices.Clip(r.fields), r.err)
}

// Err returns the first change that was refused. A response with an error is never sent; an error
// response is sent in its place.
func (r *Response) Err() error { return r.err }

// WithStatus returns a copy with another status, 200 to 599.
func (r *Response) WithStatus(code int) *Response {
	c := r.copied()
	c.setStatus(code)
	return c
}

// WithHeader returns a copy in which the header has just this value.
func (r *Response) WithHeader(name, value string) *Response {
	c := r.retyped(name)
	c.change(c.fields.With(name, value))
	return c
}

// WithAddedHeader returns a copy in which the header has one value more.
func (r *Response) WithAddedHeader(name, value string) *Response {
	c := r.retyped(name)
	c.change(c.fields.WithAdded(name, value))
	return c
}

// WithoutHeader returns a copy that lacks the named headers.
func (r *Response) WithoutHeader(names ...string) *Response {
	c := r.retyped(names...)
	c.change(c.fields.Without(names...))
	return c
}

// WithCookie returns a copy with one Set-Cookie header more.
func (r *Response) WithCookie(name, value string, o CookieOptions) *Response {
	c := r.copied()
	option := SetCookie(name, value, o)
	c.applyHeader(&option)
	return c
}

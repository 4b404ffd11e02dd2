package reqres

// The terminal calls. Each answers the request once and returns the error for the handler to
// return.

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"sync"

	"github.com/crossfade-go/crossfade/internal/etag"
	"github.com/crossfade-go/crossfade/internal/eventstream"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/redirection"
	"github.com/crossfade-go/crossfade/internal/status"
)

// JSON answers with the JSON of v, as JSON.stringify writes it where Go can. The Content-Type is
// application/json; charset=utf-8 unless one is set, which then gets this charset.
func (r *Response) JSON(v any) error {
	if err := r.begin(callJSON); err != nil {
		return err
	}
	return r.json(v)
}

// maxIndent is how much of json spaces JSON.stringify uses.
const maxIndent = 10

func (r *Response) json(v any) error {
	s := settingsOf(&r.x)
	if s.nextJS() {
		r.x.SetHeader(r.Header(), "Content-Type", "application/json; charset=utf-8")
	}
	written, err := jsontext.Options{Indent: s.indent(), EscapeHTML: s.JSONEscape}.Encode((*jsonAnswer)(r), v)
	if !written {
		return fmt.Errorf("reqres: res.JSON: %w", err)
	}
	return err
}

// jsonAnswer is a Response that a whole text of JSON is written to. The text goes no further than
// the writer underneath, which must not keep it.
type jsonAnswer Response

func (a *jsonAnswer) Write(text []byte) (int, error) {
	r := (*Response)(a)
	h := r.Header()
	if ct, ok := contentType(h); !ok {
		r.x.SetHeader(h, "Content-Type", "application/json; charset=utf-8")
	} else if ct != "" && !isUTF8(ct) {
		h["Content-Type"] = []string{media.WithCharset(ct, "utf-8")}
	}
	return len(text), r.finish(content{bytes: text})
}

// contentType returns the Content-Type and whether there is one.
func contentType(h http.Header) (string, bool) {
	values, ok := h["Content-Type"]
	if len(values) == 0 {
		return "", ok
	}
	return values[0], true
}

// Send answers with body: a string as text/html, bytes as application/octet-stream, nil as nothing,
// an io.Reader as a stream, and anything else as JSON. A Content-Type that is set stays.
func (r *Response) Send(body any) error {
	if err := r.begin(callSend); err != nil {
		return err
	}
	h := r.Header()
	next := settingsOf(&r.x).nextJS()
	switch b := body.(type) {
	case nil:
		return r.finish(content{isText: !next}) // Express tags the empty body
	case string:
		if ct, ok := contentType(h); ok {
			if ct != "" && !next && !isUTF8(ct) {
				h["Content-Type"] = []string{media.WithCharset(ct, "utf-8")}
			}
		} else if !next {
			r.x.SetHeader(h, "Content-Type", "text/html; charset=utf-8")
		}
		return r.finish(content{text: b, isText: true})
	case []byte:
		r.defaultType(octetStream)
		return r.finish(content{bytes: b, isBuffer: true})
	case io.Reader:
		r.defaultType(octetStream)
		if next && r.dropped() {
			b = http.NoBody
		}
		return r.pipe(b)
	case error:
		return fmt.Errorf("reqres: res.Send: an error is not a body; return it from the handler: %w", b)
	default:
		return r.json(body)
	}
}

func (r *Response) defaultType(t string) {
	h := r.Header()
	if _, ok := contentType(h); !ok {
		r.x.SetHeader(h, "Content-Type", t)
	}
}

// SendStatus answers with a status and its reason phrase as the text.
func (r *Response) SendStatus(code int) error {
	r.Status(code)
	if err := r.begin(callSendStatus); err != nil {
		return err
	}
	phrase := cmp.Or(status.Phrase(code), strconv.Itoa(code))
	r.x.SetHeader(r.Header(), "Content-Type", "text/plain; charset=utf-8")
	return r.finish(content{text: phrase, isText: true})
}

// Redirect answers with a redirection to url, by default with the status 302
// (Settings.RedirectCode). The body is a short text or page, as the client prefers.
func (r *Response) Redirect(url string, code ...int) error {
	s := settingsOf(&r.x)
	c := s.redirectCode()
	if len(code) > 0 {
		c = code[0]
	}
	if s.nextJS() {
		return r.redirectNextJS(url, c)
	}
	if err := r.Status(c).begin(callRedirect); err != nil {
		return err
	}
	r.Location(url).Vary("Accept")
	contentType, body := redirection.Body(r.x.R.Header["Accept"], c, r.Get("Location"))
	if contentType != "" {
		r.x.SetHeader(r.Header(), "Content-Type", contentType)
	} else {
		delete(r.Header(), "Content-Type")
	}
	return r.write(content{text: body, isText: true})
}

// End answers with no body, or ends one that was written with Write.
func (r *Response) End() error {
	if r.Err() == nil && r.first == noCall && r.x.Committed() {
		r.first = callEnd
		r.x.End()
		return nil
	}
	if err := r.begin(callEnd); err != nil {
		return err
	}
	return r.write(content{})
}

// content is a whole body.
type content struct {
	text     string
	bytes    []byte
	isText   bool
	isBuffer bool // bytes that the handler has sent as such
}

func (c *content) all() []byte {
	if c.isText {
		return []byte(c.text)
	}
	return c.bytes
}

// finish is Express's end of res.send: the entity tag, 304 where the client has the same, and no
// body where the status has none.
func (r *Response) finish(c content) error {
	s := settingsOf(&r.x)
	if s.nextJS() {
		return r.finishNextJS(c)
	}
	x, h := &r.x, r.Header()
	if _, ok := h["Etag"]; !ok && (c.isText || c.bytes != nil) {
		if tag := s.tag(&c); tag != "" {
			x.SetHeader(h, "Etag", tag)
		}
	}
	if r.fresh() {
		r.code = http.StatusNotModified
	}
	if r.StatusCode() == http.StatusResetContent {
		h["Content-Length"] = []string{"0"}
		c = content{}
	}
	if r.dropped() {
		c = content{}
	}
	return r.write(c)
}

// tag returns the entity tag of a body, "" for none.
func (s *Settings) tag(c *content) string {
	switch {
	case s.ETagFunc != nil:
		return s.ETagFunc(append([]byte(c.text), c.bytes...)) // a copy: it may keep it
	case s.ETag == NoETag:
		return ""
	case s.nextJS() && c.isBuffer:
		return etag.NextJS(bufferJSON(c.bytes))
	case s.nextJS():
		return etag.NextJS(c.all())
	case s.ETag == StrongETag:
		return etag.Strong(c.all())
	}
	return etag.Weak(c.all())
}

// write sends the head and a whole body.
func (r *Response) write(c content) error {
	x, h := &r.x, r.Header()
	code := r.StatusCode()
	head, null := x.R.Method == http.MethodHead, status.NullBody(code)
	if n := len(c.text) + len(c.bytes); n > 0 || head && (c.isText || c.isBuffer) {
		if !null && (n > outbound.ServerCounts || head) {
			x.SetLength(h, n)
		} else {
			delete(h, "Content-Length") // net/http counts; one set by hand may be wrong
		}
		if head || null {
			c = content{}
		}
	}
	err := x.SendWhole(h, code, c.text, c.bytes)
	r.whole = err == nil
	return err
}

// pipe streams src; it is flushed whenever no more is at hand.
func (r *Response) pipe(src io.Reader) error {
	var close func() error
	if c, ok := src.(io.Closer); ok {
		close = sync.OnceValue(c.Close)
		defer close()
	}
	if code := r.StatusCode(); status.NullBody(code) || r.x.R.Method == http.MethodHead {
		return r.write(content{})
	}
	sink := &exchange.Sink{X: &r.x, Status: r.StatusCode()}
	err := sink.Copy(src, close)
	if err == nil {
		err = sink.X.CommitOnce(sink.Status) // of an empty stream
		sink.X.End()
	}
	return err
}

// SSE answers with an event stream (HTML Standard, "Server-sent events"). The head goes out at once
// and each event is flushed. It returns when events ends, with its error if it failed, or when the
// client leaves.
//
// A stream may last for ever and be silent for any time: each write may take Limits.WriteTimeout,
// or else as long as the server's WriteTimeout, so that only a client which does not read is cut
// off.
func (r *Response) SSE(events iter.Seq2[Event, error]) error {
	if err := r.begin(callSSE); err != nil {
		return err
	}
	r.defaultType("text/event-stream")
	if r.Get("Cache-Control") == "" {
		r.Set("Cache-Control", "no-cache, no-transform")
	}
	x := &r.x
	if err := x.Commit(r.StatusCode()); err != nil || r.x.R.Method == http.MethodHead {
		return err
	}
	if err := x.Flush(); err != nil && !outbound.NotSupported(err) {
		return err
	}
	var b []byte
	sink := exchange.Sink{X: x}
	for event, err := range events {
		if err != nil {
			return err
		}
		b = eventstream.Append(b[:0], event)
		if err := sink.Send(b); err != nil {
			return err
		}
	}
	x.End()
	return nil
}

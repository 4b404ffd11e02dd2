package conformance

// Requests and responses: constructed, derived, cloned and read.

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/door"
)

// bodyInit is a body of a case.
type bodyInit struct {
	Kind, Value, B64, Type string
	Entries                []entry
	Chunks                 []string
}

// option is the body as an option, and the bytes that the option was made from.
func (b *bodyInit) option(t *testing.T) (fetch.RequestOption, []byte) {
	switch b.Kind {
	case "string":
		return textBody(b.Value), nil
	case "bytes":
		content := fromBase64(t, b.B64)
		return fetch.Body(content), content
	case "blob":
		content := fromBase64(t, b.B64)
		return fetch.BlobBody(content, b.Type), content
	case "params":
		return paramsBody(crossfade.ParseParams(b.Value)), nil
	case "form":
		return fetch.FormBody(form(t, b.Entries)), nil
	case "stream":
		var readers []io.Reader
		for _, c := range b.Chunks {
			readers = append(readers, strings.NewReader(string(fromBase64(t, c))))
		}
		return fetch.StreamBody(io.MultiReader(readers...)), nil
	case "errorStream":
		return fetch.StreamBody(io.MultiReader(failing{})), nil
	}
	t.Fatalf("the runner does not know bodies of the kind %s", b.Kind)
	return fetch.RequestOption{}, nil
}

// textBody is a body of a JavaScript string.
func textBody(s string) fetch.RequestOption {
	return fetch.BlobBody([]byte(s), "text/plain;charset=UTF-8")
}

// paramsBody is a body of URLSearchParams.
func paramsBody(p crossfade.Params) fetch.RequestOption {
	return fetch.BlobBody([]byte(p.String()), "application/x-www-form-urlencoded;charset=UTF-8")
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the stream fails") }

// messageWant is what is said of a request or a response.
type messageWant struct {
	Throws, DeriveThrows                       string
	Status                                     *float64
	StatusText, Type, URL, Method              *string
	OK, Redirected, BodyNull, BodyUsed         *bool
	BodyUsedAfter, OrigBodyUsed                *bool
	Headers                                    *[][2]string
	ContentType                                any
	ContentTypePrefix, Text, TextB64, OrigText *string
	Consume                                    []outcome
	Immutable, Aborted, CloneAborted           bool

	hasContentType bool
}

func (w *messageWant) UnmarshalJSON(b []byte) error {
	type plain messageWant
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode((*plain)(w)); err != nil {
		return err
	}
	var members map[string]any
	err := json.Unmarshal(b, &members)
	_, w.hasContentType = members["contentType"]
	return err
}

// message is what requests and responses have in common.
type message interface {
	Headers() fetch.Header
	Bytes() ([]byte, error)
	Text() (string, error)
	JSON(dst any) error
	Form() (*fetch.Form, error)
	BodyUsed() bool
}

// compare compares what does not read the body, then the body.
func (w *messageWant) compare(t *testing.T, v *verdict, m message, bodyNull bool) {
	same := func(what string, want *bool, got bool) {
		if want != nil {
			v.differ(what, *want, got)
		}
	}
	same("bodyUsed", w.BodyUsed, m.BodyUsed())
	same("bodyNull", w.BodyNull, bodyNull)
	h := m.Headers()
	if w.Headers != nil {
		got := [][2]string{}
		for name, value := range h.All() {
			if name != "Host" { // of the wire, not of the constructor
				v.norm("name case")
				got = append(got, [2]string{strings.ToLower(name), fromLatin1(value)})
			}
		}
		v.differ("headers", *w.Headers, got)
	}
	if w.hasContentType {
		var got any
		if h.Has("Content-Type") {
			got = fromLatin1(h.Get("Content-Type"))
		}
		v.differ("contentType", w.ContentType, got)
	}
	if w.ContentTypePrefix != nil && !strings.HasPrefix(h.Get("Content-Type"), *w.ContentTypePrefix) {
		v.differ("contentType", *w.ContentTypePrefix+"…", h.Get("Content-Type"))
	}
	if w.Text != nil || w.TextB64 != nil {
		b, err := m.Bytes()
		if err != nil {
			v.differ("reading", nil, err.Error())
		}
		if w.TextB64 != nil {
			v.differ("bytes", *w.TextB64, base64.StdEncoding.EncodeToString(b))
		} else {
			s := string(b)
			if _, boundary, ok := strings.Cut(h.Get("Content-Type"), "boundary="); ok {
				s = strings.ReplaceAll(s, boundary, "{BOUNDARY}")
			}
			v.differ("text", *w.Text, s)
		}
	}
}

// consume reads a message by the named methods, one after another.
func consume(t *testing.T, v *verdict, m message, methods []string) (got []outcome) {
	for _, method := range methods {
		var o outcome
		var err error
		switch method {
		case "text":
			o.Value, err = m.Text()
		case "json":
			err = m.JSON(&o.Value)
		case "bytes", "arrayBuffer", "blob":
			if method == "blob" {
				v.norm("Blob")
			}
			var b []byte
			b, err = m.Bytes()
			o.Value = base64.StdEncoding.EncodeToString(b)
		case "blobType":
			v.norm("Blob")
			_, err = m.Bytes()
			o.Value = fromLatin1(strings.ToLower(m.Headers().MediaType()))
		case "formData":
			var f *fetch.Form
			if f, err = m.Form(); err == nil {
				list := []any{}
				for _, e := range entries(t, f) {
					list = append(list, []any{e.Name, e.Value})
				}
				o.Value = list
			}
		default:
			t.Fatalf("the runner does not know the method %s", method)
		}
		if o.Throws = class(err); err != nil {
			o.Value = nil
		}
		got = append(got, o)
	}
	return got
}

func responseCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src, Name, Profile string
		NodeDiffers, Note      any
		Make                   struct {
			Ctor   string
			Body   *bodyInit
			Data   ordered
			URL    string
			Status any // WebIDL converts what is not a number
			Init   struct {
				Status     any
				StatusText *string
				Headers    pairs
			}
			DeleteHeaders []string
			Consume       []string
		}
		Want messageWant
	}
	decode(t, raw, &c)
	m := c.Make
	switch {
	case m.Ctor == "error":
		return verdict{out: "client-only"}
	case m.Ctor == "json" && c.Want.Throws == "TypeError" && m.Init.Status == nil && m.Init.Headers == nil:
		return verdict{out: "WebIDL"} // undefined, a symbol, a function, a bigint, a cycle: no JSON says them
	case m.Body != nil && m.Body.Kind == "lockedStream":
		return verdict{out: "locked stream"}
	case (m.Ctor == "redirect" || m.Ctor == "cloneRedirect") && m.URL != "" && !strings.Contains(m.URL, ":"):
		return verdict{out: "relative URL"}
	case beyondASCII(m.URL):
		return verdict{out: "IDNA"}
	case m.Init.Headers.wideValue(), m.Init.StatusText != nil && wide(*m.Init.StatusText), !whole(m.Status), !whole(m.Init.Status):
		return verdict{out: "WebIDL"}
	}
	if oddIPv4.MatchString(m.URL) {
		v.like = "other forms of IPv4 addresses"
	}
	var opts []fetch.ResponseOption
	var body fetch.RequestOption
	var source []byte
	if code, ok := m.Init.Status.(float64); ok {
		opts = append(opts, fetch.Status(int(code)))
	}
	if m.Init.StatusText != nil {
		opts = append(opts, fetch.StatusText(byteString(*m.Init.StatusText)))
	}
	if m.Init.Headers != nil {
		opts = append(opts, fetch.Headers(crossfade.NewHeader(m.Init.Headers.flat()...)))
	}
	if m.Body != nil {
		body, source = m.Body.option(t)
	}
	if code, ok := m.Status.(float64); ok {
		opts = append(opts, fetch.Status(int(code)))
	}
	var res, orig *fetch.Response
	var err error
	switch m.Ctor {
	case "json":
		res, err = fetch.JSON(m.Data.value, opts...)
	case "redirect":
		res, err = fetch.Redirect(m.URL, opts...)
	case "cloneRedirect":
		if orig, err = fetch.Redirect(m.URL, opts...); err == nil {
			res, err = orig.Clone()
		}
	case "new":
		res, err = fetch.NewResponse(body, opts...)
	case "snapshot":
		if res, err = fetch.NewResponse(body, opts...); err == nil {
			clear(source)
		}
	case "clone", "cloneAfterUse", "cloneThenMutateHeaders":
		if orig, err = fetch.NewResponse(body, opts...); err != nil {
			break
		}
		if m.Ctor == "cloneAfterUse" {
			if _, err := orig.Text(); err != nil {
				t.Fatal(err)
			}
		}
		if res, err = orig.Clone(); m.Ctor == "cloneThenMutateHeaders" {
			orig = orig.WithHeader("X-Mutated", "1").WithoutHeader("name")
		}
	default:
		t.Fatalf("the runner does not know the constructor %s", m.Ctor)
	}
	if v.differ("throws", c.Want.Throws, class(err)); err != nil {
		return v
	}
	for _, name := range m.DeleteHeaders {
		res = res.WithoutHeader(name)
	}
	w := &c.Want
	if w.Status != nil {
		v.differ("status", int(*w.Status), res.Status())
	}
	if w.StatusText != nil {
		v.differ("statusText", *w.StatusText, fromLatin1(res.StatusText()))
	}
	if w.OK != nil {
		v.differ("ok", *w.OK, res.OK())
	}
	if w.Type != nil || w.URL != nil || w.Redirected != nil {
		v.norm("client members")
	}
	if w.Immutable {
		v.norm("immutable")
		before := res.Headers()
		res.WithHeader("X-A", "1").WithoutHeader("Location")
		if !before.Equal(res.Headers()) {
			v.diff += "a With… changed the original\n"
		}
	}
	_, buffered := res.Buffered()
	b, _ := res.Buffered()
	w.compare(t, &v, res, buffered && b == nil)
	if w.OrigText != nil {
		s, err := orig.Text()
		v.differ("text of the original", outcome{Value: *w.OrigText}, outcome{Value: s, Throws: class(err)})
	}
	if m.Consume != nil {
		v.differ("consume "+strings.Join(m.Consume, ", "), w.Consume, consume(t, &v, res, m.Consume))
	}
	if w.BodyUsedAfter != nil {
		v.differ("bodyUsed afterwards", *w.BodyUsedAfter, res.BodyUsed())
	}
	return v
}

// whole reports whether a status is left out, or an integer of 16 bits, which WebIDL's conversion
// leaves alone.
func whole(status any) bool {
	code, ok := status.(float64)
	return status == nil || ok && code == float64(int(code)) && code >= 0 && code < 1<<16
}

// oddIPv4 finds the URLs whose host ends in a number, of which only four decimal ones are read.
var oddIPv4 = regexp.MustCompile(`^\w+://([^/?#]*\.)?(\d+|0x[0-9a-fA-F]*)\.?(:\d*)?([/?#]|$)`)

// beyondASCII reports whether the host of a URL has characters beyond ASCII.
func beyondASCII(rawURL string) bool {
	_, rest, _ := strings.Cut(rawURL, "://")
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	return strings.IndexFunc(rest, func(r rune) bool { return r > 0x7F }) >= 0
}

// requestInit is the second argument of new Request.
type requestInit struct {
	Method  *string
	Headers *pairs
	Body    *bodyInit
	Duplex  string
}

func (init *requestInit) options(t *testing.T) (opts []fetch.RequestOption) {
	if init.Headers != nil {
		opts = append(opts, fetch.RequestHeaders(crossfade.NewHeader(init.Headers.flat()...)))
	}
	if init.Body != nil {
		o, _ := init.Body.option(t)
		opts = append(opts, o)
	}
	return opts
}

func requestCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src, Name, Profile string
		NodeDiffers, Note      any
		Make                   struct {
			URL string
			requestInit
			Derive                         *requestInit
			UseFirst, Clone, CloneAfterUse bool
			Signal                         string
			Consume                        []string
		}
		Want messageWant
	}
	decode(t, raw, &c)
	m := c.Make
	switch {
	case m.Duplex == "full":
		return verdict{out: "client-only"}
	case m.Body != nil && m.Body.Kind == "lockedStream":
		return verdict{out: "locked stream"}
	case m.Body != nil && (m.Body.Kind == "stream" || m.Body.Kind == "errorStream") && m.Duplex == "" && c.Want.Throws != "":
		return verdict{out: "client-only"} // a stream needs duplex: "half"
	case strings.HasPrefix(m.URL, "/"):
		return verdict{out: "relative URL"}
	case beyondASCII(m.URL):
		return verdict{out: "IDNA"}
	case m.Headers != nil && m.Headers.wideValue():
		return verdict{out: "WebIDL"}
	}
	if oddIPv4.MatchString(m.URL) {
		v.like = "other forms of IPv4 addresses"
	}
	path, _, _ := strings.Cut(m.URL, "?")
	if _, err := url.PathUnescape(path); err != nil && c.Want.Throws == "" {
		return verdict{out: "malformed escape"}
	}
	method := "GET"
	if m.Method != nil {
		method = byteString(*m.Method)
	}
	first := fetch.NewRequest(method, m.URL, m.options(t)...)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if m.Signal != "" && m.Signal != "abort-after" {
		cancel(errors.New("aborted before"))
	}
	if m.Signal != "" {
		first = first.WithContext(ctx)
	}
	err := first.Err()
	if err == nil && (m.UseFirst || m.CloneAfterUse) {
		if _, err := first.Text(); err != nil {
			t.Fatal(err)
		}
	}
	req, orig := first, first
	if err == nil && (m.Clone || m.CloneAfterUse) {
		req, err = first.Clone()
	}
	if v.differ("throws", c.Want.Throws, class(err)); err != nil {
		return v
	}
	if d := m.Derive; d != nil {
		opts := d.options(t)
		if d.Method != nil {
			opts = append(opts, fetch.Method(byteString(*d.Method)))
		}
		req, err = first.Derive(opts...)
		v.differ("throws, derived", c.Want.DeriveThrows, class(err))
	}
	w := &c.Want
	if w.OrigBodyUsed != nil {
		v.differ("bodyUsed of the original", *w.OrigBodyUsed, orig.BodyUsed())
	}
	if err != nil {
		return v
	}
	if w.Method != nil {
		v.differ("method", *w.Method, fromLatin1(req.Method()))
	}
	if w.URL != nil {
		v.differ("url", *w.URL, req.URL().String())
	}
	if m.Signal != "" {
		cancel(errors.New("the reason"))
		reason := context.Cause(ctx)
		for _, one := range []struct {
			what string
			want bool
			req  *fetch.Request
		}{{"aborted", w.Aborted, orig}, {"cloneAborted", w.CloneAborted, req}} {
			v.differ(one.what, one.want, one.req.Context().Err() != nil && context.Cause(one.req.Context()) == reason)
		}
	}
	w.compare(t, &v, req, fetch.Internal(door.Key()).Exchange(req).NullBody())
	if w.OrigText != nil {
		s, err := orig.Text()
		v.differ("text of the original", outcome{Value: *w.OrigText}, outcome{Value: s, Throws: class(err)})
	}
	if m.Consume != nil {
		v.differ("consume "+strings.Join(m.Consume, ", "), w.Consume, consume(t, &v, req, m.Consume))
	}
	if w.BodyUsedAfter != nil {
		v.differ("bodyUsed afterwards", *w.BodyUsedAfter, req.BodyUsed())
	}
	return v
}

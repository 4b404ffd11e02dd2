package reqres

// The response as handlers change it: what may be said before the head goes out. A call that is
// refused is remembered and reported by the terminal call, so that calls can be chained and nothing
// wrong is ever sent.

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Response is the answer as Express shows it. The mutators (Status, Set, Append, Type, Vary,
// Cookie, Location, Links, Attachment) return it, so that they chain; the terminal calls (JSON,
// Send, SendStatus, Redirect, End, SSE) return the error that the handler returns. A Response may
// be written to from several goroutines while its handler runs; afterwards every write is refused.
type Response struct {
	x exchange.Exchange
	answer
}

// answer is what a Response knows of itself. A Request has the same fields, because the two are one
// record, seen from either side.
type answer struct {
	code  int16
	first call // that answered
	whole bool // the answer was sent in one piece
}

// call is a call that answers.
type call uint8

const (
	noCall call = iota
	callJSON
	callSend
	callSendStatus
	callRedirect
	callEnd
	callSSE
	callSendFile
	callDownload
	callHTTP
	callWrite
)

func (c call) String() string {
	return [...]string{"a write", "res.JSON", "res.Send", "res.SendStatus", "res.Redirect", "res.End", "res.SSE",
		"res.SendFile", "res.Download", "an http.Handler", "res.Write"}[c]
}

// Status sets the status, 100 to 999.
func (r *Response) Status(code int) *Response {
	if code < 100 || code > 999 {
		return r.refuse(&RefusedError{Message: fmt.Sprintf(
			"Invalid status code: %d. Status code must be greater than 99 and less than 1000.", code)})
	}
	r.code = int16(code)
	return r
}

// StatusCode returns the status that is going to be sent, or was.
func (r *Response) StatusCode() int {
	return cmp.Or(r.x.Status(), int(r.code), http.StatusOK)
}

// Set gives a header one value in place of those it has. A Content-Type without a charset gets the
// one that its type usually has; a word without a slash is an extension, and an unknown one is not
// a type.
func (r *Response) Set(name, value string) *Response {
	if name == "Content-Type" && (usualType(value) || value == octetStream) && !r.x.Committed() {
		r.x.SetHeader(r.Header(), name, value)
		return r
	}
	if name, value, ok := r.checked(name, value); ok {
		if name == "Content-Type" {
			if !isUTF8(value) && !settingsOf(&r.x).nextJS() {
				if value = media.ContentType(value); value == "" {
					delete(r.Header(), name)
					return r
				}
			}
		}
		r.x.SetHeader(r.Header(), name, value)
	}
	return r
}

// Append adds values to a header, a line each. There is only one Content-Type.
func (r *Response) Append(name string, values ...string) *Response {
	if header.Canonical(name) == "Content-Type" && len(values) > 0 {
		if len(values) > 1 || r.Get(name) != "" {
			return r.refuse(&RefusedError{Message: "Content-Type cannot be set to an Array"})
		}
		return r.Set(name, values[0])
	}
	for _, value := range values {
		if _, _, ok := r.checked(name, value); !ok {
			return r
		}
	}
	for _, value := range values {
		r.x.AddHeader(r.Header(), header.Canonical(name), header.Normalize(value))
	}
	return r
}

// Remove removes a header.
func (r *Response) Remove(name string) *Response {
	if name, _, ok := r.checked(name, ""); ok {
		delete(r.Header(), name)
	}
	return r
}

// Get returns a header that is going to be sent, its lines joined, or "".
func (r *Response) Get(name string) string {
	return strings.Join(r.Header()[header.Canonical(name)], ", ")
}

// Type sets the Content-Type, by a media type, an extension or a file name.
func (r *Response) Type(t string) *Response {
	return r.Set("Content-Type", typeOf(t))
}

// typeOf returns a media type as it is, or that of an extension or a file name.
func typeOf(t string) string {
	if usualType(t) || strings.Contains(t, "/") {
		return t
	}
	return cmp.Or(media.Lookup(t), octetStream)
}

// Vary adds header names to Vary, each once. A single one may be a list with commas.
func (r *Response) Vary(names ...string) *Response {
	if _, _, ok := r.checked("Vary", ""); !ok {
		return r
	}
	if len(names) > 1 && slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, ",") }) {
		return r.refuse(refusedVary(names, errList))
	}
	value, err := header.Vary(r.Header()["Vary"], names...)
	if err != nil {
		return r.refuse(refusedVary(names, err))
	}
	if value != "" {
		r.x.SetHeader(r.Header(), "Vary", value)
	}
	return r
}

// Location sets the Location header to url, percent-encoded where it has to be. It is not resolved.
func (r *Response) Location(url string) *Response {
	return r.Set("Location", text.EncodeURL(url))
}

// Links adds relations to the Link header, rel to URL, in the order of the relations' names. Link
// adds them in the order of its calls.
func (r *Response) Links(links map[string]string) *Response {
	if len(links) == 0 {
		return r
	}
	link := r.Get("Link")
	for _, rel := range slices.Sorted(maps.Keys(links)) { // a map has no order to keep
		link = related(link, rel, links[rel])
	}
	return r.Set("Link", link)
}

// Link adds a relation to the Link header, with each of its targets.
func (r *Response) Link(rel string, urls ...string) *Response {
	link := r.Get("Link")
	for _, url := range urls {
		link = related(link, rel, url)
	}
	return r.Set("Link", link)
}

// related returns a Link header with one relation more.
func related(link, rel, url string) string {
	if link != "" {
		link += ", "
	}
	return link + "<" + url + `>; rel="` + rel + `"`
}

// Attachment says that the body is to be saved as a file. The name, if there is one, also sets the
// Content-Type; folders in it are cut off.
func (r *Response) Attachment(filename ...string) *Response {
	if len(filename) == 0 {
		return r.Set("Content-Disposition", media.ContentDisposition("attachment", "", false))
	}
	name := baseName(filename[0])
	if name != "" {
		r.Type(extension(name))
	}
	return r.Set("Content-Disposition", media.ContentDisposition("attachment", name, true))
}

// baseName returns the last element of a path, "" of an empty one.
func baseName(path string) string {
	path = strings.TrimRight(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// extension returns the extension of a file name; .profile has none.
func extension(name string) string {
	if ext := filepath.Ext(name); ext != name {
		return ext
	}
	return ""
}

// Locals is a map for what middleware leaves for the handler. There is one for each request, in
// whatever shapes it is handled. It is not safe for concurrent use.
func (r *Response) Locals() map[string]any { return r.x.Locals() }

// HeadersSent reports whether the head is out, so that it can no longer be changed.
func (r *Response) HeadersSent() bool { return r.x.Committed() }

// Err returns the first call that was refused. Nothing is sent after it: the terminal call returns
// it.
func (r *Response) Err() error { return r.x.Err() }

// checked validates a header that is about to change, and returns it as it is to be written.
func (r *Response) checked(name, value string) (string, string, bool) {
	canonical, value, err := header.Clean(name, value)
	if err != nil {
		r.refuse(refusedHeader(err))
		return "", "", false
	}
	if r.x.Committed() {
		r.refuse(fmt.Errorf("header %s: %w", name, ErrAlreadySent))
		return "", "", false
	}
	return canonical, value, true
}

func (r *Response) refuse(err error) *Response {
	if r.Err() == nil {
		r.x.Extras().Err = fmt.Errorf("reqres: %w", err)
	}
	return r
}

const octetStream = "application/octet-stream"

// usualType recognises values of Content-Type that need neither a check nor a charset.
func usualType(value string) bool {
	switch value {
	case "text/html; charset=utf-8", "text/plain; charset=utf-8", "application/json; charset=utf-8":
		return true
	}
	return false
}

// isUTF8 recognises the usual spelling, for which there is nothing to do.
func isUTF8(contentType string) bool {
	if usualType(contentType) {
		return true
	}
	essence, ok := strings.CutSuffix(contentType, "; charset=utf-8")
	return ok && !strings.ContainsFunc(essence, func(c rune) bool { return c == ';' || 'A' <= c && c <= 'Z' })
}

var _ http.ResponseWriter = (*Response)(nil)

package reqres

// What the client would like: Express's questions about the request's headers.

import (
	"cmp"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/negotiate"
)

// Get returns a request header, or "". Referer and Referrer are one.
func (r *Request) Get(name string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Referer", "Referrer":
		return cmp.Or(r.x.Header("Referrer"), r.x.Header("Referer"))
	}
	return r.x.Header(name)
}

// Is returns the first of types that the Content-Type of the body matches, or "" where none does or
// there is no body. A type may be an extension, a media type, a pattern such as text/* or a suffix
// such as +json; for patterns the Content-Type itself is returned.
func (r *Request) Is(types ...string) string {
	return negotiate.Is(r.x.Header("Content-Type"), r.x.HasBody(), types...)
}

// Accepts returns the best of types, as given, for the Accept header, or "" where none is
// acceptable. A type may be an extension.
func (r *Request) Accepts(types ...string) string {
	return negotiate.Types(r.x.R.Header["Accept"], types...)
}

// AcceptsCharsets returns the best of charsets for Accept-Charset, or "".
func (r *Request) AcceptsCharsets(charsets ...string) string {
	return negotiate.Charsets(r.x.R.Header["Accept-Charset"], charsets...)
}

// AcceptsEncodings returns the best of encodings for Accept-Encoding, or "".
func (r *Request) AcceptsEncodings(encodings ...string) string {
	return negotiate.Encodings(r.x.R.Header["Accept-Encoding"], encodings...)
}

// AcceptsLanguages returns the best of languages for Accept-Language, or "".
func (r *Request) AcceptsLanguages(languages ...string) string {
	return negotiate.Languages(r.x.R.Header["Accept-Language"], languages...)
}

// Accepted lists what a header of the request accepts, best first: Accept, Accept-Charset,
// Accept-Encoding or Accept-Language; nil of another. It is what Express's req.accepts,
// req.acceptsCharsets, req.acceptsEncodings and req.acceptsLanguages return without arguments.
func (r *Request) Accepted(name string) []string {
	name = http.CanonicalHeaderKey(name)
	lines := r.x.R.Header[name]
	switch name {
	case "Accept":
		return negotiate.TypeList(lines)
	case "Accept-Charset":
		return negotiate.CharsetList(lines)
	case "Accept-Encoding":
		return negotiate.EncodingList(lines)
	case "Accept-Language":
		return negotiate.LanguageList(lines)
	}
	return nil
}

// Fresh reports whether the client's copy is as good as the answer that is being made: its ETag and
// Last-Modified against If-None-Match and If-Modified-Since, for GET and HEAD and a status of 2xx
// or 304.
func (r *Request) Fresh() bool { return (*Response)(r).fresh() }

func (r *Response) fresh() bool {
	switch code := r.StatusCode(); {
	case !r.x.Conditional(), (code < 200 || code > 299) && code != http.StatusNotModified:
		return false
	case settingsOf(&r.x).nextJS() && r.Get("Etag") == "":
		return false
	}
	return r.x.Fresh(r.Get("Etag"), r.Get("Last-Modified"))
}

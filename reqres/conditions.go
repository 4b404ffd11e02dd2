package reqres

// Preconditions and ranges of a file (RFC 9110, sections 13 and 14), decided as npm send 1.2 does.

import (
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/internal/byterange"
	"github.com/crossfade-go/crossfade/internal/etag"
	"github.com/crossfade-go/crossfade/internal/status"
)

// choose decides which bytes of a file are sent, and with which status. An error carries the
// headers that describe the file.
func (r *Response) choose(info fs.FileInfo, o *FileOptions) (first, n int64, err error) {
	h := r.x.R.Header
	if len(h["If-Match"])+len(h["If-Unmodified-Since"])+len(h["If-None-Match"])+len(h["If-Modified-Since"]) > 0 {
		if r.preconditionFails() {
			return 0, 0, r.fileAnswer(http.StatusPreconditionFailed)
		}
		if code := r.StatusCode(); (code >= 200 && code < 300 || code == http.StatusNotModified) && r.x.Fresh(r.Get("Etag"), r.Get("Last-Modified")) {
			r.code = http.StatusNotModified
			for _, name := range [...]string{"Content-Encoding", "Content-Language", "Content-Length", "Content-Range", "Content-Type"} {
				delete(r.Header(), name)
			}
			return 0, 0, nil
		}
	}
	first, n = o.Start, max(info.Size()-o.Start, 0)
	if o.End > 0 {
		n = min(n, o.End-o.Start+1)
	}
	if n < 0 || first < 0 {
		return 0, 0, errOutsideFile
	}
	if header := h["Range"]; len(header) == 0 || o.NoRanges || !strings.HasPrefix(header[0], "bytes=") || !r.rangeFresh() {
		return first, n, nil
	}
	_, ranges, err := byterange.Parse(n, r.x.Header("Range"), true)
	switch {
	case err == byterange.ErrUnsatisfiable:
		r.Set("Content-Range", "bytes */"+strconv.FormatInt(n, 10))
		return 0, 0, r.fileAnswer(http.StatusRequestedRangeNotSatisfiable)
	case err != nil || len(ranges) != 1:
		return first, n, nil
	}
	one := ranges[0]
	r.code = http.StatusPartialContent
	r.Set("Content-Range", "bytes "+strconv.FormatInt(one.Start, 10)+"-"+strconv.FormatInt(one.End, 10)+"/"+strconv.FormatInt(n, 10))
	return first + one.Start, one.End - one.Start + 1, nil
}

// preconditionFails judges If-Match, and without it If-Unmodified-Since. Tags are compared weakly,
// since the tags of files are weak.
func (r *Response) preconditionFails() bool {
	if match := r.x.Header("If-Match"); match != "" {
		tag := r.Get("Etag")
		if tag == "" || match == "*" {
			return tag == ""
		}
		return !etag.Matches(match, tag)
	}
	since, err := http.ParseTime(r.x.Header("If-Unmodified-Since"))
	if err != nil {
		return false
	}
	modified, err := http.ParseTime(r.Get("Last-Modified"))
	return err != nil || modified.After(since)
}

// rangeFresh judges If-Range: the part is of exactly what the client has. A weak tag says too
// little for that (RFC 9110, 13.1.5), so that a file needs a strong one of the handler's, or is
// asked for by its date.
func (r *Response) rangeFresh() bool {
	condition := r.x.Header("If-Range")
	if condition == "" {
		return true
	}
	if date, err := http.ParseTime(condition); err == nil {
		modified, err := http.ParseTime(r.Get("Last-Modified"))
		return err == nil && modified.Equal(date)
	}
	return condition[0] == '"' && condition == r.Get("Etag")
}

// fileAnswer returns an error that keeps what describes the file.
func (r *Response) fileAnswer(code int) error {
	kept := make(http.Header)
	for _, name := range [...]string{"Accept-Ranges", "Cache-Control", "Content-Range", "Etag", "Last-Modified"} {
		if values, ok := r.Header()[name]; ok {
			kept[name] = values
		}
	}
	return &Error{Status: code, Message: status.Phrase(code), Header: kept}
}

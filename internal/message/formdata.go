package message

// Forms: whole ones with limits, and the parts of an upload as a stream.

import (
	"bytes"
	"io"
	"iter"
	"mime/multipart"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/media"
)

// multipartBoundary returns the media type of the body and its boundary.
func (x *Exchange) formType() (essence, boundary string, err error) {
	t, ok := media.Extract(x.R.Header["Content-Type"])
	if !ok {
		return "", "", Errorf(http.StatusUnsupportedMediaType, "a form needs a Content-Type of multipart/form-data or application/x-www-form-urlencoded")
	}
	switch essence = t.Essence(); essence {
	case "application/x-www-form-urlencoded":
		return essence, "", nil
	case "multipart/form-data":
		if boundary = form.Boundary(t); boundary == "" {
			return "", "", Errorf(http.StatusBadRequest, "the Content-Type multipart/form-data names no boundary")
		}
		return essence, boundary, nil
	default:
		return "", "", Errorf(http.StatusUnsupportedMediaType, "a form needs a Content-Type of multipart/form-data or application/x-www-form-urlencoded, not %s", essence)
	}
}

// Form parses the whole body as a form. A body that is already collected is
// parsed where it lies; otherwise it is parsed as it arrives, so that its files
// need not fit into memory.
func (x *Exchange) Form(collect func() ([]byte, error), stream func() io.Reader) (*form.Form, error) {
	essence, boundary, err := x.formType()
	if err != nil {
		return nil, err
	}
	if essence == "application/x-www-form-urlencoded" {
		b, err := collect()
		if err != nil {
			return nil, err
		}
		f := form.ParseURLEncoded(b)
		if max := x.Env.Limits.Parts; max > 0 && f.Len() > max {
			return nil, ReadError(&form.LimitError{Limit: "entries", Max: int64(max)})
		}
		return f, nil
	}
	src := stream()
	if s, ok := src.(*streamReader); ok {
		if max := x.Env.Limits.Form; max > 0 && x.R.ContentLength > max {
			return nil, tooLarge(max)
		}
		defer func() {
			if s.err == nil {
				io.Copy(io.Discard, io.LimitReader(s, 4<<10)) // the epilogue, so that the end is seen
			}
		}()
	}
	l := x.Env.Limits
	f, err := form.ParseMultipart(src, boundary, form.Limits{
		Parts: l.Parts, Header: l.PartHeader, Memory: l.FormMemory, Total: l.Form,
	})
	if err != nil {
		return nil, ReadError(err)
	}
	x.Cleanup(func() { f.Close() })
	return f, nil
}

// CollectedForm is Form over the kept bytes, for the shape that reads a body
// again and again.
func (x *Exchange) CollectedForm() (*form.Form, error) {
	if m := x.ext(); m.body.have {
		return x.Form(x.Collect, func() io.Reader { return bytes.NewReader(m.body.buf) })
	}
	return x.Form(x.Collect, x.Stream)
}

// Parts yields the parts of a multipart body as they arrive. A part is valid
// until the next one is asked for; after an error nothing more is yielded.
func (x *Exchange) Parts(stream func() io.Reader) iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) {
		essence, boundary, err := x.formType()
		if err == nil && essence != "multipart/form-data" {
			err = Errorf(http.StatusUnsupportedMediaType, "parts need a Content-Type of multipart/form-data, not %s", essence)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		parts := multipart.NewReader(stream(), boundary)
		max := x.Env.Limits.Parts
		for n := 1; ; n++ {
			part, err := parts.NextRawPart()
			switch {
			case err == io.EOF:
				return
			case err == nil && max > 0 && n > max:
				err = &form.LimitError{Limit: "entries", Max: int64(max)}
			}
			if err != nil {
				yield(nil, ReadError(err))
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

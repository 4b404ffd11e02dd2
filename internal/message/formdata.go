package message

// Whole forms, within limits.

import (
	"bytes"
	"io"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/media"
)

// formType returns the media type of the body and its boundary.
func (x *Exchange) formType() (essence, boundary string, err error) {
	t, ok := media.Extract(x.R.Header["Content-Type"])
	if !ok {
		return "", "", crossfade.Errorf(http.StatusUnsupportedMediaType, "a form needs a Content-Type of multipart/form-data or application/x-www-form-urlencoded")
	}
	switch essence = t.Essence(); essence {
	case "application/x-www-form-urlencoded":
		return essence, "", nil
	case "multipart/form-data":
		if boundary = form.Boundary(t); boundary == "" {
			return "", "", crossfade.Errorf(http.StatusBadRequest, "the Content-Type multipart/form-data names no boundary")
		}
		return essence, boundary, nil
	default:
		return "", "", crossfade.Errorf(http.StatusUnsupportedMediaType, "a form needs a Content-Type of multipart/form-data or application/x-www-form-urlencoded, not %s", essence)
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
		if max := x.Env.Limits.Parts; max > 0 && entries(b) > max {
			return nil, ReadError(&form.LimitError{Limit: "entries", Max: int64(max)})
		}
		return form.ParseURLEncoded(b), nil
	}
	src := stream()
	if s, ok := src.(*streamReader); ok {
		if max := x.Env.Limits.Form; max > 0 && x.R.ContentLength > max {
			return nil, tooLarge(max)
		}
		defer func() {
			if s.err == nil {
				io.Copy(io.Discard, io.LimitReader(s, epilogue))
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
	x.Cleanup(func() { form.Close(f) })
	return f, nil
}

// entries counts those of an urlencoded form before they cost memory.
func entries(b []byte) (n int) {
	for entry := range bytes.SplitSeq(b, []byte("&")) {
		if len(entry) > 0 {
			n++
		}
	}
	return n
}

// CollectedForm is Form over the kept bytes, for the shape that reads a body
// again and again.
func (x *Exchange) CollectedForm() (*form.Form, error) {
	if m := x.ext(); m.body.have {
		return x.Form(x.Collect, func() io.Reader { return bytes.NewReader(m.body.buf) })
	}
	return x.Form(x.Collect, x.Stream)
}

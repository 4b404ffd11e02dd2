package inbound

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
func (r *Request) formType() (essence, boundary string, err error) {
	t, ok := media.Extract(r.R.Header["Content-Type"])
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

// UseForm parses the whole body as a form, with the Fetch Standard's rule. The form is closed when
// the request has been answered.
func (b Body) UseForm() (*crossfade.Form, error) { return b.form(b.Use, b.UseStream) }

// Form is UseForm over the kept bytes, for the shape that reads a body again and again.
func (b Body) Form() (*crossfade.Form, error) { return b.form(b.Collect, b.Stream) }

// form parses a body that is already collected where it lies; otherwise it is parsed as it arrives,
// so that its files need not fit into memory.
func (b Body) form(collect func() ([]byte, error), stream func() io.Reader) (*crossfade.Form, error) {
	essence, boundary, err := b.r.formType()
	if err != nil {
		return nil, err
	}
	l := b.r.Env.Limits
	if essence == "application/x-www-form-urlencoded" {
		buf, err := collect()
		if err != nil {
			return nil, err
		}
		if l.Parts > 0 && entries(buf) > l.Parts {
			return nil, ReadError(&form.LimitError{Limit: "entries", Max: int64(l.Parts)})
		}
		return form.ParseURLEncoded(buf), nil
	}
	src := stream()
	if s, ok := src.(*streamReader); ok {
		if l.Form > 0 && b.r.R.ContentLength > l.Form {
			return nil, tooLarge(l.Form)
		}
		defer func() {
			if s.err == nil {
				io.Copy(io.Discard, io.LimitReader(s, epilogue))
			}
		}()
	}
	f, err := form.ParseMultipart(src, boundary, form.Limits{
		Parts: l.Parts, Header: l.PartHeader, Memory: l.FormMemory, Total: l.Form,
	})
	if err != nil {
		return nil, ReadError(err)
	}
	b.keepForm(f)
	return f, nil
}

// epilogue is how much is read behind the last boundary, so that the end of the body is seen.
const epilogue = 4 << 10

// entries counts those of an urlencoded form before they cost memory.
func entries(b []byte) (n int) {
	for entry := range bytes.SplitSeq(b, []byte("&")) {
		if len(entry) > 0 {
			n++
		}
	}
	return n
}

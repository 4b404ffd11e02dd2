package inbound

import (
	"io"
	"mime/multipart"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
)

// UseParts yields the parts of a multipart body as they arrive, by the rules of Form and with the
// Fetch Standard's rule. A part is valid until the next one is asked for; after an error nothing
// more is yielded.
func (b Body) UseParts(yield func(*multipart.Part, error) bool) { b.parts(b.UseStream, yield) }

// Parts is UseParts for the shape that reads a body again and again.
func (b Body) Parts(yield func(*multipart.Part, error) bool) { b.parts(b.Stream, yield) }

func (b Body) parts(stream func() io.Reader, yield func(*multipart.Part, error) bool) {
	essence, boundary, err := b.r.formType()
	if err == nil && essence != "multipart/form-data" {
		err = crossfade.Errorf(http.StatusUnsupportedMediaType, "parts need a Content-Type of multipart/form-data, not %s", essence)
	}
	if err != nil {
		yield(nil, err)
		return
	}
	src, l := stream(), b.r.Env.Limits
	for part, err := range form.Parts(src, boundary, form.Limits{Parts: l.Parts, Header: l.PartHeader, Total: -1}, ReadError) {
		if !yield(part, err) || err != nil {
			return
		}
	}
	io.CopyN(io.Discard, src, epilogue)
}

package message

import (
	"io"
	"iter"
	"mime/multipart"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
)

// Parts yields the parts of a multipart body as they arrive, by the rules of
// Form. A part is valid until the next one is asked for; after an error nothing
// more is yielded.
func (x *Exchange) Parts(stream func() io.Reader) iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) {
		essence, boundary, err := x.formType()
		if err == nil && essence != "multipart/form-data" {
			err = crossfade.Errorf(http.StatusUnsupportedMediaType, "parts need a Content-Type of multipart/form-data, not %s", essence)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		src, l := stream(), x.Env.Limits
		for part, err := range form.Parts(src, boundary, form.Limits{Parts: l.Parts, Header: l.PartHeader, Total: -1}, ReadError) {
			if !yield(part, err) || err != nil {
				return
			}
		}
		io.CopyN(io.Discard, src, epilogue)
	}
}

// epilogue is how much is read behind the last boundary, so that the end of the
// body is seen.
const epilogue = 4 << 10

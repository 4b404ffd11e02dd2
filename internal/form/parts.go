package form

import (
	"io"
	"iter"
	"mime/multipart"
)

// Parts yields the parts of a multipart/form-data body as they arrive, by the rules and within the
// limits of [ParseMultipart]; lim.Memory does not count, since nothing is kept. A part is valid
// until the next one is asked for. Its Content-Disposition is written so that its methods return
// the names which a Form has. After an error, which wrap has seen, nothing more is yielded;
// errors of reading a part go through wrap, too.
func Parts(r io.Reader, boundary string, lim Limits, wrap func(error) error) iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) {
		parts := newReader(r, boundary, lim.orDefault(), wrap)
		for {
			p, err := parts.next()
			if err == nil && p.FormName() == "" { // which an empty name is, and every fault
				if _, err = parts.names(p); err != nil {
					p = nil
				}
			}
			if err == io.EOF || !yield(p, err) || err != nil {
				return
			}
		}
	}
}

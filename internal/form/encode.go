package form

import (
	"crypto/rand"
	"io"
	"iter"
	"strings"

	"github.com/crossfade-go/crossfade/internal/text"
)

// NewBoundary returns a random boundary for EncodeMultipart: 41 letters, digits and hyphens with
// 130 random bits, so that no content contains it.
func NewBoundary() string { return "--FormBoundary-" + rand.Text() }

var (
	crlf    = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")
	escapes = strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")
)

// EncodeMultipart writes the entries as multipart/form-data, as the HTML Standard encodes a form:
// line breaks in names and values become CRLF, and CR, LF and quotes in names and file names are
// escaped, which nothing undoes when they are read. A file without a type is
// application/octet-stream.
func EncodeMultipart(w io.Writer, boundary string, entries iter.Seq[Entry]) error {
	var out []byte
	for e := range entries {
		out = append(out, "--"+boundary+"\r\nContent-Disposition: form-data; name=\""...)
		out = append(out, escapes.Replace(crlf.Replace(text.WellFormed(e.Name)))...)
		out = append(out, '"')
		if e.File == nil {
			out = append(out, "\r\n\r\n"...)
			out = append(out, crlf.Replace(text.WellFormed(e.Value))...)
		} else {
			mediaType := blobType(e.File.Type)
			if mediaType == "" {
				mediaType = "application/octet-stream"
			}
			out = append(out, `; filename="`...)
			out = append(out, escapes.Replace(text.WellFormed(e.File.Name))...)
			out = append(out, "\"\r\nContent-Type: "+mediaType+"\r\n\r\n"...)
			content, err := e.File.Open()
			if err != nil {
				return err
			}
			if _, err := w.Write(out); err != nil {
				return err
			}
			if _, err := io.Copy(w, content); err != nil {
				return err
			}
			out = out[:0]
		}
		out = append(out, "\r\n"...)
	}
	_, err := w.Write(append(out, "--"+boundary+"--\r\n"...))
	return err
}

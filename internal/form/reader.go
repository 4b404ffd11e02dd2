package form

// The parts of multipart/form-data, for ParseMultipart and Parts. mime/multipart finds them; here
// are the limits, what a part must say of itself, and errors that a client can use.

import (
	"errors"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/text"
)

// reader finds the parts, and is what mime/multipart reads.
type reader struct {
	parts *multipart.Reader
	last  *multipart.Part
	body  io.Reader
	wrap  func(error) error
	lim   Limits

	part  int   // the number of the part being read, from 1
	total int64 // how much has been read
	room  int64 // how much may be read before the next content
	ended bool
	err   error // of the body, or of its end, which comes too early wherever it is seen
}

func newReader(body io.Reader, boundary string, lim Limits, wrap func(error) error) *reader {
	r := &reader{body: body, wrap: wrap, lim: lim}
	if boundary == "" || strings.ContainsAny(boundary, "\r\n") {
		r.err = wrap(&SyntaxError{Problem: "has a Content-Type without a usable boundary"})
	}
	r.parts = multipart.NewReader(r, boundary)
	return r
}

func (r *reader) Read(b []byte) (n int, err error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err = r.body.Read(b)
	if !r.ended {
		r.total += int64(n)
		r.room -= int64(n)
	}
	switch {
	case r.lim.Total >= 0 && r.total > r.lim.Total:
		n, err = 0, &LimitError{"total", r.lim.Total}
	case r.room < 0:
		n, err = 0, &LimitError{"header", int64(r.lim.Header)}
	case err == io.EOF && !r.ended:
		// A closing boundary is one also where the body ends with it.
		r.body, r.ended, err = strings.NewReader("\r\n"), true, nil
	case err == io.EOF && r.part == 0:
		err = &SyntaxError{0, "does not have the boundary of its Content-Type, or broke off before the first content"}
	case err == io.EOF:
		err = &SyntaxError{r.part, "has no boundary after its content: the body broke off, or lacks its closing boundary"}
	}
	if err != nil {
		r.err = r.wrap(err)
	}
	return n, r.err
}

// ahead is more than mime/multipart reads for the line of a boundary, and beyond a header.
const ahead = 8 << 10

// next goes to the next part; io.EOF after the last one.
func (r *reader) next() (*multipart.Part, error) {
	r.room = math.MaxInt64
	if r.last != nil { // in NextRawPart what is left of it would count as a header
		if _, err := io.Copy(io.Discard, r.last); err != nil {
			return nil, r.fault(err)
		}
	}
	if r.lim.Header >= 0 {
		r.room = min(int64(r.lim.Header), math.MaxInt64-ahead) + ahead
	}
	p, err := r.parts.NextRawPart()
	if err == io.EOF {
		return nil, err
	}
	if err != nil {
		return nil, r.fault(err)
	}
	r.room = math.MaxInt64
	if r.part++; r.lim.Parts >= 0 && r.part > r.lim.Parts {
		return nil, r.wrap(&LimitError{"entries", int64(r.lim.Parts)})
	}
	if r.lim.Header >= 0 && size(p.Header) > r.lim.Header {
		return nil, r.wrap(&LimitError{"header", int64(r.lim.Header)})
	}
	for i, sent := range p.Header["Content-Disposition"] {
		if sent = text.WellFormed(sent); strings.Contains(sent, `\`) { // Replace always allocates
			sent = backslashes.Replace(sent)
		}
		p.Header["Content-Disposition"][i] = sent
	}
	r.last = p
	return p, nil
}

// backslashes doubles those that escape nothing: mime.ParseMediaType takes one for an escape before
// whatever is special in a header, where browsers write a backslash for itself.
var backslashes = strings.NewReplacer(`\\`, `\\`, `\"`, `\"`, `\`, `\\`)

// size returns how many bytes the lines of a header have.
func size(h textproto.MIMEHeader) (n int) {
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(": ") + len(value) + len("\r\n")
		}
	}
	return n
}

// names are what the Content-Disposition of a part says.
type names struct {
	name, fileName string
	isFile         bool // a file name was sent, even an empty one
}

// names reads the first Content-Disposition of a part. Names are literal but for a backslash, which
// escapes a quote or another one, as for busboy: nothing tells the %22 that a browser wrote for a
// quote from the %22 of a name.
func (r *reader) names(p *multipart.Part) (n names, err error) {
	problem := "has no Content-Disposition with a name"
	if sent := p.Header.Get("Content-Disposition"); sent != "" {
		kind, params, err := mime.ParseMediaType(sent)
		name, named := params["name"]
		switch {
		case err != nil:
			problem = "has a malformed Content-Disposition: " + err.Error()
		case kind != "form-data":
			problem = "has a Content-Disposition that is not form-data"
		case named:
			fileName, isFile := params["filename"]
			// A filename* that is not in UTF-8 still makes a file, whose bytes are not a text.
			isFile = isFile || strings.Contains(strings.ToLower(sent), "filename*=")
			return names{text.WellFormed(name), text.WellFormed(fileName), isFile}, nil
		}
	}
	return names{}, r.wrap(&SyntaxError{r.part, problem})
}

// fault returns an error of mime/multipart in the words of a form.
func (r *reader) fault(err error) error {
	if r.err != nil {
		return r.err
	}
	if errors.Is(err, multipart.ErrMessageTooLarge) {
		return r.wrap(&LimitError{"header", 10 << 20}) // its own, where there is no other
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return r.wrap(&SyntaxError{r.part + 1, `has a header line that is not "Name: value", or has control characters`})
	}
	if r.part == 0 {
		return r.wrap(&SyntaxError{0, "begins with a line that is not the boundary of its Content-Type"})
	}
	return r.wrap(&SyntaxError{r.part, "is followed by a boundary with more text on its line; the boundary must not occur in the content"})
}

// fileType returns the type of a file by the lines of its Content-Type: File API, Blob's type of
// Fetch's extracted MIME type.
func fileType(values []string) string {
	if len(values) == 0 {
		return "text/plain"
	}
	t, _ := media.Extract(values)
	return blobType(t.String())
}

// blobType is the File API's rule for the type of a Blob: lower case, and nothing at all if it is
// not printable ASCII.
func blobType(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ""
		}
	}
	return strings.ToLower(s)
}

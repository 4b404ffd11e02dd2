package message

// The parts of an upload as a stream. mime/multipart splits them, since a
// *multipart.Part is what Go code knows how to read, but it is more lenient than
// Form: around it stand the checks that keep both to one grammar and to the same
// limits.

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
)

// Parts yields the parts of a multipart body as they arrive. A part is valid
// until the next one is asked for; after an error nothing more is yielded.
//
// What Form refuses is refused here too: text before the first boundary, a part
// without a name, more parts than Limits.Parts, a header larger than
// Limits.PartHeader. Only the lines of a part's header may be folded, and may be
// as lenient as mime/multipart is.
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
		src := stream()
		s := splitter{src: src, limits: x.Env.Limits}
		if err := s.open(boundary); err != nil {
			yield(nil, ReadError(err))
			return
		}
		for {
			part, err := s.next()
			if err == io.EOF {
				io.CopyN(io.Discard, src, epilogue)
				return
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

// epilogue is how much is read behind the last boundary, so that the end of the
// body is seen.
const epilogue = 4 << 10

// splitter is mime/multipart with Form's rules.
type splitter struct {
	src    io.Reader
	limits Limits
	parts  *multipart.Reader
	part   *multipart.Part
	n      int   // the number of part
	room   int64 // how much of the body the next header may take, while one is read
	header bool  // one is being read
	last   byte  // of the body so far
}

// Read is how mime/multipart reads the body: no more of it for one header than
// the limit, and what its buffer may hold of the content behind. The end of the
// body is an error there: mime/multipart takes one in the middle of a header for
// the end of the form, and stops at the closing boundary by itself, given that
// its line has an end.
func (s *splitter) Read(p []byte) (int, error) {
	if s.header && s.limits.PartHeader > 0 {
		if s.room <= 0 {
			return 0, s.headerTooLarge()
		}
		p = p[:min(int64(len(p)), s.room)]
	}
	n, err := s.src.Read(p)
	s.room -= int64(n)
	if n > 0 {
		s.last = p[n-1]
	}
	if err == io.EOF {
		err = nil
		switch {
		case n > 0: // once more
		case s.last == '-' || s.last == ' ' || s.last == '\t':
			n = copy(p, "\r\n")
			s.last = '\n'
		default:
			err = ReadError(io.ErrUnexpectedEOF)
		}
	}
	return n, err
}

// ahead is more than mime/multipart reads ahead.
const ahead = 8 << 10

// open reads the first boundary, before which mime/multipart would let stand
// what a filter in front of the service may have taken for the form.
func (s *splitter) open(boundary string) error {
	first := make([]byte, len("--")+len(boundary)+len("\r\n"))
	n, err := io.ReadFull(s.src, first)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	rest, ok := bytes.CutPrefix(first[:n], []byte("--"+boundary))
	if !ok || len(rest) < 2 || string(rest) != "\r\n" && string(rest) != "--" && rest[0] != ' ' && rest[0] != '\t' {
		return &form.SyntaxError{Problem: "does not begin with the boundary of its Content-Type"}
	}
	s.src = io.MultiReader(bytes.NewReader(first), s.src)
	s.parts = multipart.NewReader(s, boundary)
	return nil
}

// next returns the next part; io.EOF after the last one.
func (s *splitter) next() (*multipart.Part, error) {
	if s.part != nil {
		if _, err := io.Copy(io.Discard, s.part); err != nil { // so that only a header is left to read
			return nil, err
		}
	}
	s.header, s.room = true, int64(s.limits.PartHeader)+ahead
	part, err := s.parts.NextRawPart()
	s.header = false
	switch s.n++; {
	case err == io.EOF:
		return nil, err
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return nil, s.headerTooLarge()
	case err != nil:
		return nil, err
	case s.limits.Parts > 0 && s.n > s.limits.Parts:
		return nil, &form.LimitError{Limit: "entries", Max: int64(s.limits.Parts)}
	case s.limits.PartHeader > 0 && size(part) > s.limits.PartHeader:
		return nil, s.headerTooLarge()
	case !named(part):
		return nil, &form.SyntaxError{Part: s.n, Problem: "has no Content-Disposition with a name"}
	}
	s.part = part
	return part, nil
}

func (s *splitter) headerTooLarge() error {
	return &form.LimitError{Limit: "header", Max: int64(s.limits.PartHeader)}
}

// size is what the header of a part took on the wire, white space apart.
func size(part *multipart.Part) (n int) {
	for name, values := range part.Header {
		for _, v := range values {
			n += len(name) + len(": ") + len(v) + len("\r\n")
		}
	}
	return n
}

// named reports whether the part says of which field it is, which may be "".
func named(part *multipart.Part) bool {
	if part.FormName() != "" {
		return true
	}
	kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, ok := params["name"]
	return err == nil && ok && kind == "form-data"
}

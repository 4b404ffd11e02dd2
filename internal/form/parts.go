package form

// The parts of a form as a stream. A *multipart.Part is what Go code knows how to read, and only
// mime/multipart can make one; so the parser, which alone says what a form is, writes each part
// down again for it, in one way that cannot be misread.

import (
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"strings"
	"sync"
)

// Parts yields the parts of a multipart/form-data body as they arrive, by the rules and within the
// limits of [ParseMultipart]; lim.Memory does not count, since nothing is kept. A part is valid
// until the next one is asked for. After an error, which wrap has seen, nothing more is yielded;
// errors of reading a part go through wrap, too.
//
// FormName and FileName of a part say what a Form would; its Header is as it was sent.
func Parts(r io.Reader, boundary string, lim Limits, wrap func(error) error) iter.Seq2[*multipart.Part, error] {
	return func(yield func(*multipart.Part, error) bool) {
		p, err := newParser(r, boundary, lim.orDefault())
		if err != nil {
			yield(nil, wrap(err))
			return
		}
		p.keepFields = true
		src := &rewriter{parser: p, wrap: wrap}
		src.delimiter = append(append(append(make([]byte, 0, len(p.delim)+len("\r\n\r\n")), p.delim...), "\r\n"...), "\r\n"...)
		src.rest = src.delimiter[len("\r\n"):]
		defer src.close()
		parts := multipart.NewReader(src, boundary)
		for {
			part, err := src.next(parts)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, wrap(err))
				return
			}
			if !yield(part, nil) {
				return
			}
			if _, err := io.Copy(io.Discard, part); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// rewriter is what mime/multipart reads: for each part a delimiter and an empty header, and the
// content.
type rewriter struct {
	parser    *parser
	delimiter []byte // with the line break before it, and the one of the empty header
	wrap      func(error) error

	mu    sync.Mutex
	rest  []byte // written, but not yet read
	ended bool   // the content has been written
	over  bool   // the parser is not ours any more
}

// next makes the next part; its predecessor was read to its end.
func (w *rewriter) next(parts *multipart.Reader) (*multipart.Part, error) {
	h, err := w.parser.next()
	if err != nil {
		return nil, err
	}
	if w.ended { // what may be left of the delimiter goes on with the line break of the header
		w.rest, w.ended = w.rest[:len(w.rest)+len("\r\n")], false
	}
	part, err := parts.NextRawPart()
	if err != nil {
		return nil, err
	}
	if !h.plain() {
		names := map[string]string{"name": h.name}
		if h.isFile {
			names["filename"] = h.fileName
		}
		part.Header.Set("Content-Disposition", mime.FormatMediaType("form-data", names))
		part.FormName() // reads the names from the Header, once
	}
	part.Header = h.fields
	return part, nil
}

// plain reports that the header, as it was sent, says the names as mime/multipart writes them, and
// so reads them.
func (h head) plain() bool {
	sent := h.fields["Content-Disposition"]
	if len(sent) != 1 || strings.ContainsFunc(sent[0], func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) {
		return false
	}
	names := [...]string{`form-data; name="`, h.name, `"; filename="`, h.fileName, `"`}
	if !h.isFile {
		names[2], names[3] = "", ""
	}
	rest := sent[0]
	for _, piece := range names {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, piece); !ok {
			return false
		}
	}
	return rest == ""
}

func (w *rewriter) Read(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, errPartOver
	}
	if len(w.rest) == 0 && !w.ended {
		b, err := w.parser.content()
		switch {
		case err == io.EOF:
			b, w.ended = w.delimiter[:len(w.delimiter)-len("\r\n")], true
		case err != nil:
			return 0, w.wrap(err)
		}
		w.rest = b
	}
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	return n, nil
}

var errPartOver = errors.New("the part is over: read it before the next one is asked for")

// close gives the parser's buffer back. A part that somebody has kept reads nothing from then on;
// where one is being read at the moment, the buffer stays with it.
func (w *rewriter) close() {
	if w.mu.TryLock() {
		w.over = true
		w.parser.close()
		w.mu.Unlock()
	}
}

package form

// The delimiters of multipart/form-data (RFC 2046, section 5.1.1, as narrowed by web-platform-tests
// fetch/api/body/formdata-parsing.any.js): the body begins with "--boundary", before which there
// may be line breaks, as undici 7 and busboy have it; every later delimiter is "\r\n--boundary".
// Spaces and tabs may follow, then CRLF and a part, or, after "--boundary--", the end or an
// epilogue that is not read. Everything else is a failure: a preamble, text on the line of a
// delimiter, no closing delimiter.

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"
)

// bufferSize is how much of the body is looked at at once.
const bufferSize = 8 << 10

type parser struct {
	src     *bufio.Reader
	delim   []byte // CRLF, two hyphens and the boundary; CR is nowhere else in it
	lim     Limits
	part    int // the number of the part being read, from 1
	pending int // bytes of content that were handed out and are still in src

	keepFields bool // keep the fields of each header
}

func newParser(r io.Reader, boundary string, lim Limits) (*parser, error) {
	if boundary == "" || strings.ContainsAny(boundary, "\r\n") {
		return nil, &SyntaxError{Problem: "has a Content-Type without a usable boundary"}
	}
	if lim.Total >= 0 {
		r = &bounded{r: r, max: lim.Total}
	}
	p := &parser{delim: []byte("\r\n--" + boundary), lim: lim}
	if 2*len(p.delim) > bufferSize {
		p.src = bufio.NewReaderSize(r, 2*len(p.delim))
		return p, nil
	}
	p.src = buffers.Get().(*bufio.Reader)
	p.src.Reset(r)
	return p, nil
}

// buffers are of parsers that are done; nothing outside this package sees one.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, bufferSize) }}

// close gives the buffer back, after which the parser must not be used.
func (p *parser) close() {
	if p.src.Size() == bufferSize {
		p.src.Reset(nil)
		buffers.Put(p.src)
	}
	p.src = nil
}

// next goes to the next part, whose predecessor was read to its end, and returns its header; io.EOF
// after the last one.
func (p *parser) next() (head, error) {
	if p.part == 0 {
		if err := p.opening(); err != nil {
			return head{}, err
		}
	}
	more, err := p.delimiterLine()
	if err != nil {
		return head{}, err
	}
	if !more {
		return head{}, io.EOF
	}
	if p.part++; p.lim.Parts >= 0 && p.part > p.lim.Parts {
		return head{}, &LimitError{"entries", int64(p.lim.Parts)}
	}
	h, err := p.head()
	if err != nil {
		return head{}, err
	}
	// The CRLF of the empty line is still there: an empty part may go without another one for its
	// delimiter.
	if start, err := p.peek(len(p.delim)); err != nil || bytes.Equal(start, p.delim) {
		return h, err
	}
	p.skip(len("\r\n"))
	return h, nil
}

// content returns the next bytes of the part's content, which are valid until the next call; io.EOF
// at its end.
func (p *parser) content() ([]byte, error) {
	p.skip(p.pending)
	p.pending = 0
	if start, err := p.peek(len(p.delim)); err != nil {
		return nil, err
	} else if len(start) < len(p.delim) {
		return nil, p.fault("has no boundary after its content: the body broke off, or lacks its closing boundary")
	}
	buf, _ := p.src.Peek(p.src.Buffered())
	switch i := bytes.Index(buf, p.delim); {
	case i == 0:
		p.skip(len(p.delim))
		return nil, io.EOF
	case i > 0:
		buf = buf[:i]
	default:
		// A delimiter may begin in the last bytes: at their last CR, or not at all.
		if i := bytes.LastIndexByte(buf, '\r'); i >= 0 && bytes.HasPrefix(p.delim, buf[i:]) {
			buf = buf[:i]
		}
	}
	p.pending = len(buf)
	return buf, nil
}

// opening reads the first delimiter, which has no CRLF before it.
func (p *parser) opening() error {
	want := p.delim[len("\r\n"):]
	start, err := p.peek(len(want))
	for err == nil && bytes.HasPrefix(start, []byte("\r\n")) {
		p.skip(len("\r\n"))
		start, err = p.peek(len(want))
	}
	if err != nil {
		return err
	}
	if !bytes.Equal(start, want) {
		return p.fault("does not begin with the boundary of its Content-Type")
	}
	p.skip(len(want))
	return nil
}

// delimiterLine reads what follows the boundary on its line, and reports whether a part comes next.
func (p *parser) delimiterLine() (more bool, err error) {
	mark, err := p.peek(len("--"))
	if err != nil {
		return false, err
	}
	closing := string(mark) == "--"
	if closing {
		p.skip(len("--"))
	}
	for {
		if mark, err = p.peek(len("\r\n")); err != nil {
			return false, err
		}
		if len(mark) == 0 || mark[0] != ' ' && mark[0] != '\t' {
			break
		}
		p.skip(1)
	}
	place := "is followed by"
	if p.part == 0 {
		place = "begins with"
	}
	switch {
	case closing && (len(mark) == 0 || string(mark) == "\r\n"):
		return false, nil
	case closing:
		return false, p.fault(place + " a closing boundary with more text on its line")
	case string(mark) == "\r\n":
		p.skip(len("\r\n"))
		return true, nil
	}
	return false, p.fault(place + " a boundary with more text on its line; the boundary must not occur in the content")
}

// peek returns the next n bytes without passing them, fewer at the end of the body.
func (p *parser) peek(n int) ([]byte, error) {
	b, err := p.src.Peek(n)
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// skip passes n bytes that were peeked at, which cannot fail.
func (p *parser) skip(n int) { p.src.Discard(n) }

func (p *parser) fault(problem string) error { return &SyntaxError{Part: p.part, Problem: problem} }

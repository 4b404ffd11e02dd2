package form

// The header of one part. Lines end in CRLF and are not folded; white space around a name is
// forgiven; only NUL, CR and LF spoil a value. Of all headers only two mean something:
// Content-Transfer-Encoding does not, as RFC 7578 has it.

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/media"
)

type head struct {
	name      string
	named     bool
	fileName  string
	isFile    bool // a file name was sent, even an empty one
	mediaType string
	fields    textproto.MIMEHeader // of the parser that keeps them
}

// head reads up to the empty line, whose CRLF is left unread.
func (p *parser) head() (head, error) {
	var (
		h      head
		types  []string
		fields textproto.MIMEHeader
		size   int
	)
	if p.keepFields {
		fields = make(textproto.MIMEHeader)
	}
	for {
		mark, err := p.peek(len("\r\n"))
		if err != nil {
			return h, err
		}
		if string(mark) == "\r\n" {
			break
		}
		line, err := p.line(&size)
		if err != nil {
			return h, err
		}
		name, value, ok := strings.Cut(string(line), ":")
		name, value = strings.Trim(name, "\t "), strings.Trim(value, "\t ")
		if p.keepFields {
			fields.Add(name, value)
		}
		switch {
		case !ok || !header.ValidName(name):
			return h, p.fault("has a header line that is not \"Name: value\"")
		case strings.EqualFold(name, "Content-Disposition"):
			h = head{} // the last one counts
			if problem := h.disposition(value); problem != "" {
				return h, p.fault(problem)
			}
		case strings.EqualFold(name, "Content-Type"):
			types = append(types, value)
		}
	}
	if !h.named {
		return h, p.fault("has no Content-Disposition with a name")
	}
	if h.isFile {
		h.mediaType = fileType(types)
	}
	h.fields = fields
	return h, nil
}

// line reads one line of the header, without its CRLF. It is valid until the next read.
func (p *parser) line(size *int) ([]byte, error) {
	var line []byte
	for {
		piece, err := p.src.ReadSlice('\n')
		if *size += len(piece); p.lim.Header >= 0 && *size > p.lim.Header {
			return nil, &LimitError{"header", int64(p.lim.Header)}
		}
		switch {
		case err == bufio.ErrBufferFull:
			line = append(line, piece...)
			continue
		case err == io.EOF:
			return nil, p.fault("has a header without an end")
		case err != nil:
			return nil, err
		case line != nil:
			piece = append(line, piece...)
		}
		line, ok := bytes.CutSuffix(piece, []byte("\r\n"))
		if !ok || bytes.ContainsAny(line, "\r\x00") {
			return nil, p.fault("has a header line with NUL or a bare CR or LF")
		}
		return line, nil
	}
}

// fileType is the type of a file by the lines of its Content-Type: File API, Blob's type of Fetch's
// extracted MIME type.
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

package reqres

// Compressed bodies. Brotli and Zstandard are not in the standard library; a middleware that has a
// decoder may put its own reader in place of the body.

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
)

var decompressors = map[string]func(io.Reader) (io.ReadCloser, error){
	"gzip":    newGunzip,
	"deflate": zlib.NewReader,
}

// gunzip reads the members of a gzip file as Node does: a zero byte behind one is padding, and ends
// the file; any other begins the next member. Behind the end of deflate's data neither looks.
type gunzip struct {
	src *bufio.Reader
	*gzip.Reader
}

func newGunzip(r io.Reader) (io.ReadCloser, error) {
	src := bufio.NewReader(r)
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gunzip{src, z}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != io.EOF {
		return n, err
	}
	switch next, err := g.src.Peek(1); {
	case len(next) == 0:
		return n, err
	case next[0] == 0:
		return n, io.EOF
	}
	err = g.Reset(g.src)
	g.Multistream(false)
	return n, err
}

// inflate reads a compressed body, at most limit bytes of what it contains, and leaves that in the
// place of the body, for whoever reads it next.
func inflate(req *Request, open func(io.Reader) (io.ReadCloser, error), limit int64) ([]byte, error) {
	src := req.x.Body().Stream()
	z, err := open(src)
	if err != nil {
		return nil, inflateError(err)
	}
	defer z.Close()
	var plain io.Reader = z
	if limit > 0 {
		plain = io.LimitReader(z, max(limit, limit+1)) // the largest has none above it
	}
	b, err := io.ReadAll(plain)
	switch {
	case err != nil:
		return nil, inflateError(err)
	case limit > 0 && int64(len(b)) > limit:
		return nil, tooLarge(limit, 0)
	}
	req.x.Body().SetCollected(b)
	return b, nil
}

// inflateError words what is wrong with compressed data as zlib does. It has no Type in Express
// either.
func inflateError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e // the connection, not the data
	}
	text := err.Error()
	switch {
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum):
		text = "incorrect data check"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader):
		text = "incorrect header check"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		text = "unexpected end of file"
	default:
		if _, ok := errors.AsType[flate.CorruptInputError](err); ok {
			text = "invalid compressed data"
		}
	}
	return &Error{Status: http.StatusBadRequest, Message: text, Err: err}
}

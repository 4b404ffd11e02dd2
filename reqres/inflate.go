package reqres

// Compressed bodies. Brotli and Zstandard are not in the standard library; a
// middleware that has a decoder may put its own reader in place of the body.

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
)

var decompressors = map[string]func(io.Reader) (io.ReadCloser, error){
	"gzip":    func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	"deflate": zlib.NewReader,
}

// inflate reads a compressed body, at most limit bytes of what it contains, and
// leaves that in the place of the body, for whoever reads it next.
func inflate(req *Request, open func(io.Reader) (io.ReadCloser, error), limit int64) ([]byte, error) {
	src := req.x.Body().Stream()
	z, err := open(src)
	if err != nil {
		return nil, inflateError(err)
	}
	defer z.Close()
	var plain io.Reader = z
	if limit > 0 {
		plain = io.LimitReader(z, limit+1)
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

// inflateError words what is wrong with compressed data as zlib does. It has no
// Type in Express either.
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

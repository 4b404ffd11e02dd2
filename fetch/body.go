package fetch

// Reading a response: what a middleware or a test does with it. A buffered body is read any number
// of times; a stream once, by the first that asks.

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/text"
)

// BodyUsed reports whether the body is a stream that somebody has taken.
func (r *Response) BodyUsed() bool { return r.kind.streamed() && r.stream.taken.Load() }

// Buffered returns a copy of the body where it is in memory, as opposed to a stream. Middleware
// that hashes or rewrites bodies asks this and leaves streams alone.
func (r *Response) Buffered() ([]byte, bool) {
	b, ok := r.buffered()
	return slices.Clip(bytes.Clone(b)), ok
}

// buffered is Buffered without the copy: nobody may write to it.
func (r *Response) buffered() ([]byte, bool) {
	switch r.kind {
	case textBody:
		return []byte(r.text), true
	case bytesBody:
		return r.bytes, true
	case nullBody:
		return nil, true
	default:
		return nil, false
	}
}

// Bytes returns the whole body. A stream is read to its end and used up; a second read of it is
// ErrBodyUsed.
func (r *Response) Bytes() ([]byte, error) {
	if b, ok := r.Buffered(); ok {
		return b, r.Err()
	}
	b, err := io.ReadAll(r.Reader())
	return b, errors.Join(err, r.Close())
}

// Text returns the whole body as UTF-8 (Encoding Standard, "UTF-8 decode": a byte order mark is
// dropped, invalid bytes become U+FFFD).
func (r *Response) Text() (string, error) {
	b, err := r.Bytes()
	return text.Decode(b), err
}

// JSON decodes the whole body into dst, a pointer.
func (r *Response) JSON(dst any) error {
	b, err := r.Bytes()
	if err != nil {
		return err
	}
	return jsontext.Unmarshal(b, dst)
}

// Form reads the whole body as a form, multipart or URL-encoded, by its Content-Type. All of it is
// in memory.
func (r *Response) Form() (*Form, error) {
	b, err := r.Bytes()
	if err != nil {
		return nil, err
	}
	t, _ := media.Extract(r.fields.Values("Content-Type"))
	if t.Essence() == "application/x-www-form-urlencoded" {
		return form.ParseURLEncoded(b), nil
	}
	if boundary := form.Boundary(t); boundary != "" {
		return form.ParseMultipart(bytes.NewReader(b), boundary, form.Limits{Memory: -1}) // it is in memory already
	}
	return nil, errors.New("a form needs a Content-Type of application/x-www-form-urlencoded, or multipart/form-data with a boundary")
}

// Reader returns the body as a stream. If the body is a stream, the caller reads it to its end or
// calls Close.
func (r *Response) Reader() io.Reader {
	switch r.kind {
	case nullBody:
		return http.NoBody
	case textBody:
		return strings.NewReader(r.text)
	case bytesBody:
		return bytes.NewReader(r.bytes)
	case upgradeBody:
		return failed{http.ErrNotSupported}
	}
	s := r.stream
	if !s.take() {
		return failed{errUsed}
	}
	src := s.reader
	switch {
	case s.run != nil:
		src = s.run
	case s.push != nil:
		pr, pw := io.Pipe()
		s.reader, src = pr, pr // what close closes
		go func() {
			pw.CloseWithError(push(s.push, pipeSink{pw}))
		}()
	}
	return &streamReader{s, s.read(src)}
}

// push runs a producer; its panic must not end the process.
func push(f func(*Writer) error, sink pipeSink) (err error) {
	err = errors.New("the producer ended its goroutine with runtime.Goexit")
	defer func() {
		if v := recover(); v != nil {
			err = exchange.NewPanicError(v)
		}
	}()
	return f(&Writer{sink})
}

type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// streamReader keeps the stream, whose clean-up ends the producer, alive as long as its reader.
type streamReader struct {
	s *stream
	r io.Reader
}

func (r *streamReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err == io.EOF {
		r.s.whole.Store(true)
	}
	return n, err
}

func (r *streamReader) Close() error { return r.s.close() }

type pipeSink struct{ *io.PipeWriter }

func (p pipeSink) WriteString(s string) (int, error) { return io.WriteString(p.PipeWriter, s) }
func (p pipeSink) Flush() error                      { return nil }

// Close ends a stream that is not going to be sent or read to its end: its producer is told, its
// reader closed. Sending a response closes it; Close may be called more than once and from any
// goroutine.
func (r *Response) Close() error {
	if r == nil || !r.kind.streamed() {
		return nil
	}
	r.stream.taken.Store(true)
	return r.stream.close()
}

// Clone returns a response with a body of its own. A stream is first read into memory, as the Fetch
// Standard's tee does for the slower branch, so a Clone of an endless one never returns.
func (r *Response) Clone() (*Response, error) {
	if !r.kind.streamed() {
		return r, nil
	}
	if r.kind == upgradeBody {
		return nil, http.ErrNotSupported
	}
	b, err := r.Bytes()
	if err != nil {
		return nil, err
	}
	r.stream.refill(b)
	c := r.copied()
	c.stream = &stream{statusText: r.stream.statusText, length: r.stream.length, trailers: r.stream.trailers}
	c.stream.refill(b)
	return c, nil
}

// refill makes s an unread stream of b, with the trailers of the handler that has written b.
func (s *stream) refill(b []byte) {
	if s.run != nil {
		s.trailers = trailersOf(s.run)
	}
	s.reader, s.push, s.run = bytes.NewReader(b), nil, nil
	s.copied = nil // it has had all
	s.closed.Store(false)
	s.taken.Store(false)
}

package fetch

// Bodies that are made while they are sent. A stream has one producer and one consumer: the first
// that sends or reads it takes it, whichever copy of the response it holds, and everybody else gets
// ErrBodyUsed.

import (
	"fmt"
	"io"
	"iter"
	"net/http"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/eventstream"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// stream is the one body that all copies of a response share.
type stream struct {
	taken  atomic.Bool
	closed atomic.Bool
	whole  atomic.Bool // all of it was consumed
	prompt bool        // the head goes out before the first byte

	// Just one of these is set.
	reader io.Reader
	push   func(w *Writer) error
	run    *engine.Body

	trailers *trailers // of a handler on the engine, all of which has been read; nil for none
	length   int64     // -1 where it is not known
	after    func()    // runs when the stream has ended
	err      error     // why it broke while it was sent
	copied   io.Writer // gets what is consumed; nil for none

	statusText string // metadata; see StatusText
}

// copying returns sink, or a sink in front of it that copies what passes.
func (s *stream) copying(sink engine.Sink) engine.Sink {
	if s.copied == nil {
		return sink
	}
	return copySink{sink, s.copied}
}

// read returns the source of a consumer that reads.
func (s *stream) read(src io.Reader) io.Reader {
	if s.copied == nil {
		return src
	}
	return io.TeeReader(src, s.copied)
}

// copySink is a sink whose bytes are copied, before somebody may see them. The copy must not fail.
type copySink struct {
	engine.Sink
	copy io.Writer
}

func (c copySink) Write(p []byte) (int, error) {
	_, _ = c.copy.Write(p)
	return c.Sink.Write(p)
}

func (c copySink) WriteString(p string) (int, error) {
	_, _ = io.WriteString(c.copy, p)
	return c.Sink.WriteString(p)
}

var errUsed = fmt.Errorf("%w: Clone the response before, to read or send it twice", ErrBodyUsed)

// take makes the caller the consumer.
func (s *stream) take() bool { return s.taken.CompareAndSwap(false, true) }

// close ends the producer, once. A producer that was never started needs no end.
func (s *stream) close() error {
	if !s.closed.CompareAndSwap(false, true) {
		return nil
	}
	if s.after != nil {
		defer s.after()
	}
	if s.run != nil {
		return s.run.Close()
	}
	if c, ok := s.reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func streaming(s *stream) *Response {
	r := newResponse(http.StatusOK, streamBody)
	r.stream = s
	return r
}

// answered makes the response of a handler that runs on the engine, which has had the room for its
// fields.
func (room *roomy) answered(a engine.Answer) *Response {
	kind := bytesBody
	switch {
	case a.Body != nil && a.Body.Upgrades():
		kind = upgradeBody
	case a.Body != nil:
		kind = streamBody
	case a.Text != "":
		kind = textBody
	case len(a.Whole) == 0:
		kind = nullBody // the length that its head may promise is for HEAD
	}
	r := &room.Response
	r.status, r.kind = int32(a.Status), kind
	r.fields = slices.Clip(a.Fields)
	r.text, r.ran = a.Text, true
	if r.bytes = a.Whole; a.Body != nil {
		r.stream = &stream{run: a.Body, length: -1}
		// A consumer that forgets the body must not keep its handler for ever.
		runtime.AddCleanup(r.stream, func(b *engine.Body) { b.Close() }, a.Body)
	}
	return r
}

// Stream returns a response with the bytes of src, which is read after the handler has returned,
// and closed after the last one, or when the client leaves, if it is an io.Closer; Close must then
// be safe while a Read is under way. The first chunk is read before the head goes out, so that a
// source which fails at once becomes an error response; one that fails later cuts the connection.
// Each chunk is flushed unless more is at hand. Reading the request while answering it (an echo, a
// proxy) works.
//
// With a Content-Length header the body must have just that many bytes.
//
// Each write to the client may take Limits.WriteTimeout, or else as long as the server's
// WriteTimeout, which so ends no stream that makes progress.
func Stream(src io.Reader, opts ...ResponseOption) (*Response, error) {
	return streaming(&stream{reader: src, length: -1}).built(opts)
}

// StreamFunc returns a response with what f writes. The head goes out with the first byte or flush,
// so that an error before it becomes an error response; an error after it cuts the connection. f
// runs while the response is sent, on the goroutine that sends it; where the client has left,
// writes return an error and the request's context ends. Writes are timed as in Stream.
func StreamFunc(f func(w *Writer) error, opts ...ResponseOption) (*Response, error) {
	return streaming(&stream{push: f, length: -1}).built(opts)
}

// StreamSeq returns a response with the chunks of seq, each flushed. An error from seq ends the
// response as in StreamFunc; the end of seq is the end of the body. When the client leaves, seq's
// yield returns false.
func StreamSeq(seq iter.Seq2[[]byte, error], opts ...ResponseOption) (*Response, error) {
	return StreamFunc(each(seq, func(_, chunk []byte) ([]byte, error) { return chunk, nil }), opts...)
}

// each is a producer that sends each value of seq as what encode makes of it, with room to append
// to.
func each[T any](
	seq iter.Seq2[T, error], encode func(room []byte, v T) ([]byte, error),
) func(w *Writer) error {
	return func(w *Writer) error {
		var b []byte
		for v, err := range seq {
			if err == nil {
				b, err = encode(b[:0], v)
			}
			if err != nil {
				return err
			}
			if err := w.send(b); err != nil {
				return err
			}
		}
		return nil
	}
}

// SSE returns an event stream (HTML Standard, "Server-sent events"). The head goes out at once and
// each event is flushed. It must not be stored or transformed on the way; Last-Event-ID is a header
// of the request.
//
// A stream may last for ever and be silent for any time: no WriteTimeout of the server ends it,
// only a client that does not read (see Stream). Send an Event with a Comment now and then, as
// proxies give up silent connections.
func SSE(events iter.Seq2[Event, error], opts ...ResponseOption) (*Response, error) {
	push := each(events, func(room []byte, e Event) ([]byte, error) {
		return eventstream.Append(room, e), nil
	})
	r := streaming(&stream{push: push, length: -1, prompt: true})
	if !hasHeader(opts, "Cache-Control") {
		r.add("Cache-Control", "no-cache, no-transform")
	}
	return r.typed(unmarked, "text/event-stream", opts)
}

// NDJSON returns a stream of JSON values, one a line, each flushed.
func NDJSON[T any](values iter.Seq2[T, error], opts ...ResponseOption) (*Response, error) {
	r := streaming(&stream{length: -1, push: each(values, func(room []byte, v T) ([]byte, error) {
		b, err := jsontext.Append(room, v)
		return append(b, '\n'), err
	})})
	return r.typed(unmarked, "application/x-ndjson", opts)
}

// Writer is what the function of StreamFunc writes to. It must not be used after that function has
// returned.
type Writer struct{ sink engine.Sink }

// Write sends p. It blocks while the client is slow, and fails once the client has left.
func (w *Writer) Write(p []byte) (int, error) { return w.sink.Write(p) }

// WriteString is Write for a string.
func (w *Writer) WriteString(s string) (int, error) { return w.sink.WriteString(s) }

// Flush sends what has been written so far. The error is http.ErrNotSupported where the writer
// underneath cannot.
func (w *Writer) Flush() error { return w.sink.Flush() }

// send writes a piece and flushes it, for streams that nobody else writes to. A writer that cannot
// flush is not a client that has left.
func (w *Writer) send(p []byte) error {
	if s, ok := w.sink.(*exchange.Sink); ok {
		return s.Send(p)
	}
	if _, err := w.sink.Write(p); err != nil {
		return err
	}
	if err := w.sink.Flush(); err != nil && !outbound.NotSupported(err) {
		return err
	}
	return nil
}

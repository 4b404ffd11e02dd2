package fetch

// A response onto the wire. The steps are those of the Fetch map to net/http: the head is copied
// once, a stream's first chunk is read before the head goes out, HEAD and the statuses without a
// body never start a stream, and whatever happens the stream is closed.

import (
	"io"
	"net/http"
	"runtime"
	"slices"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/status"
)

// send writes res as the answer of x. An error that comes before the head leaves x uncommitted, so
// that an error response can follow.
func send(x *exchange.Exchange, res *Response) error {
	if res == nil {
		return ErrNoResponse
	}
	a := x.Env.Answers
	if a != nil && (res.mark == markRedirect || res.mark == markJSON && a.Respace != nil) {
		res = finished(x, res)
	}
	if err := res.Err(); err != nil {
		res.Close()
		return err
	}
	if res.kind.streamed() {
		return sendStream(x, res)
	}
	if x.Committed() {
		return ErrAlreadySent
	}
	code := res.Status()
	h := x.W.Header()
	if a != nil && res.mark != unmarked { // finished, without a copy
		contentType, tag, fresh := res.dress(x, a, res.bytes)
		copyHead(x, h, res.fields, false)
		if contentType != "" {
			x.SetHeader(h, "Content-Type", contentType)
		}
		if tag != "" {
			x.SetHeader(h, "Etag", tag)
		}
		if fresh {
			for _, name := range bodyless(a) {
				delete(h, name)
			}
			return x.SendWhole(h, http.StatusNotModified, "", nil)
		}
	} else {
		copyHead(x, h, res.fields, false)
	}
	if res.kind == nullBody || status.NullBody(code) {
		return x.SendWhole(h, code, "", nil)
	}
	head := x.R.Method == http.MethodHead
	n := len(res.text) + len(res.bytes)
	_, said := h["Content-Length"]
	switch {
	case res.ran && (head && said || !said && n > counted(x)): // for HEAD that of one that writes counts; of more nobody does
	case n > outbound.ServerCounts || head || said:
		x.SetLength(h, n) // what a handler says may be wrong
	}
	if head {
		return x.SendWhole(h, code, "", nil)
	}
	return x.SendWhole(h, code, res.text, res.bytes)
}

func sendStream(x *exchange.Exchange, res *Response) error {
	defer runtime.KeepAlive(res.stream)
	defer res.stream.close()
	if res.kind == upgradeBody {
		return upgrade(x, res)
	}
	if x.Committed() {
		return ErrAlreadySent
	}
	code := res.Status()
	h := x.W.Header()
	writes := res.stream.run != nil || res.stream.trailers != nil // a handler, which is told of HEAD
	copyHead(x, h, res.fields, writes)
	null := status.NullBody(code)
	if null || x.R.Method == http.MethodHead && !writes {
		res.stream.whole.Store(true)
		if _, said := h["Content-Length"]; !null && !said && res.stream.length >= 0 {
			x.SetLength(h, int(res.stream.length))
		}
		return x.SendWhole(h, code, "", nil)
	}
	if !res.stream.take() {
		return errUsed
	}
	res.stream.err = http.ErrAbortHandler // also where it panics
	err := res.stream.send(x, code)
	res.stream.err = err
	if err == nil {
		res.stream.whole.Store(true)
		err = x.CommitOnce(code) // of an empty stream
		x.End()
	}
	return err
}

// counted returns up to which length net/http counts a body itself, over the protocol of x.
func counted(x *exchange.Exchange) int {
	if x.R.ProtoMajor >= 2 {
		return 4096
	}
	return outbound.ServerCounts
}

// copyHead puts the fields into h. A field replaces what middleware has set before, but cookies and
// Vary are added to. Hop-by-hop fields belong to the connection, not to the answer, and stay behind
// (RFC 9110, 7.6.1); of Connection and Upgrade the commit decides what does. Trailers are announced
// where a handler on the engine may have some.
func copyHead(x *exchange.Exchange, h http.Header, fields []header.Field, trailers bool) {
	for i := range fields {
		f := &fields[i]
		switch f.Name {
		case "Set-Cookie", "Vary", "Connection":
			x.AddHeader(h, f.Name, f.Value)
			continue
		case "Trailer":
			if !trailers {
				continue
			}
		case "Transfer-Encoding":
			continue
		case "Upgrade":
		default:
			if header.OfConnection(f.Name) {
				continue
			}
		}
		if slices.ContainsFunc(fields[:i], func(before header.Field) bool { return before.Name == f.Name }) {
			x.AddHeader(h, f.Name, f.Value)
		} else {
			x.SetHeader(h, f.Name, f.Value)
		}
	}
}

// trailers are what a handler on the engine has before its head as trailers, and at its end.
type trailers struct {
	early   []header.Field
	late    http.Header
	flushed bool // the handler has flushed
}

// trailersOf returns the trailers of a handler that has returned, nil for one that has neither
// announced any nor flushed. They are taken out of it, since a response may be kept.
func trailersOf(b *engine.Body) *trailers {
	t := &trailers{slices.Clone(b.Early()), b.Trailers(), b.Flushed()}
	if len(t.late) == 0 && !b.Announced() && !t.flushed {
		return nil
	}
	return t
}

// around writes a body, and what goes before and after it.
func (t *trailers) around(x *exchange.Exchange, code int, write func() error) error {
	for _, f := range t.early {
		x.AddHeader(x.W.Header(), f.Name, f.Value)
	}
	err := write()
	if err == nil {
		err = x.CommitOnce(code) // before the trailers, which would be headers
	}
	for name, values := range t.late {
		x.W.Header()[name] = slices.Clone(values)
	}
	return err
}

// send writes the stream, the head first or with the first chunk.
func (s *stream) send(x *exchange.Exchange, code int) error {
	sink := &exchange.Sink{X: x, Status: code}
	if s.prompt {
		if err := sink.Flush(); err != nil && !outbound.NotSupported(err) {
			return err
		}
	}
	switch {
	case s.run != nil:
		if x.R.Method != http.MethodHead {
			x.BeginStream()
		}
		t := trailers{early: s.run.Early()}
		return t.around(x, code, func() error {
			defer func() { t.late = s.run.Trailers() }()
			return s.run.Drain(s.copying(sink))
		})
	case s.trailers != nil:
		return s.trailers.around(x, code, func() error {
			_, err := io.Copy(s.copying(sink), s.reader)
			if err == nil && s.trailers.flushed { // else whoever counts a body may count it
				err = sink.Flush()
			}
			return err
		})
	case s.push != nil:
		x.BeginStream()
		return s.push(&Writer{s.copying(sink)})
	default:
		var close func() error
		if _, ok := s.reader.(io.Closer); ok {
			close = s.close
		}
		return sink.Copy(s.read(s.reader), close)
	}
}

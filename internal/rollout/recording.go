package rollout

// What a side answers, kept up to a limit so that it can be compared: of the side that serves while
// it passes, of the other one in place of a client.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/tee"
)

// recording is an answer as a client would get it. Its methods are safe for several goroutines,
// because a handler may leave one behind.
type recording struct {
	mu       sync.Mutex
	status   int
	header   http.Header
	sniff    bool        // net/http guesses the content type
	streamed bool        // it cannot be compared
	flowed   bool        // middleware sees a stream, which it cannot hash
	whole    func() bool // of a stream that is copied while it is consumed; nil for others
	body     tee.Capture
}

// commit keeps the head, as it is at that moment.
func (r *recording) commit(code int, h http.Header) {
	if code < 200 && code != http.StatusSwitchingProtocols {
		return // informational
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.status == 0 {
		r.status, r.header = code, h.Clone()
		_, typed := h["Content-Type"]
		r.sniff = !typed
	}
}

func (r *recording) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.Write(p)
}

func (r *recording) flush(h http.Header) {
	r.commit(http.StatusOK, h)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flowed = true
}

func (r *recording) stream() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.streamed = true
}

// response keeps a response: of a stream, what is consumed of it.
func (r *recording) response(res *fetch.Response) {
	r.commit(res.Status(), res.Headers().HTTP())
	r.sniff = false
	if body, ok := inFetch.Buffered(res); ok {
		_, _ = r.Write(body)
		return
	}
	r.flowed, r.whole = true, inFetch.Copy(res, r)
}

// unfit says why the answer cannot be compared; "" means that it can.
func (r *recording) unfit() migrate.Skip {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.streamed, r.whole != nil && !r.whole(), isStream(r.header.Get("Content-Type")):
		return migrate.SkipStream
	case r.body.Truncated():
		return migrate.SkipAnswerSize
	}
	return ""
}

// streams are the media types of answers whose parts count as they come.
var streams = []string{"text/event-stream", "application/x-ndjson", "application/jsonl"}

func isStream(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return slices.Contains(streams, strings.ToLower(strings.TrimSpace(kind)))
}

// message is the recorded answer to a request of that method, whose header map was end in the end.
func (r *recording) message(method string, at *url.URL, end http.Header) parity.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := parity.Message{URL: at, Status: r.status, Header: r.header, Body: r.body.Bytes(), Truncated: r.body.Truncated()}
	if method != http.MethodHead && !status.NullBody(r.status) {
		m.Trailer = trailers(r.header, end)
	}
	for name, values := range m.Header {
		if len(values) == 0 || name == "Date" { // net/http dates what a handler has not, on the wire
			delete(m.Header, name) // and nil only keeps it from guessing
		}
	}
	if r.sniff && len(m.Body) > 0 && m.Header.Get("Content-Encoding") == "" {
		if m.Header == nil {
			m.Header = make(http.Header)
		}
		m.Header.Set("Content-Type", http.DetectContentType(m.Body))
	}
	if method == http.MethodHead {
		m.Body, m.Truncated = nil, false
	}
	return m
}

// trailers are what net/http sends behind a body: what the head has announced, and what has the
// prefix.
func trailers(head, end http.Header) http.Header {
	var announced []string
	for name := range header.Tokens(strings.Join(head["Trailer"], ",")) {
		announced = append(announced, http.CanonicalHeaderKey(name))
	}
	t := make(http.Header)
	for field, values := range end {
		name, late := strings.CutPrefix(field, http.TrailerPrefix)
		if len(values) > 0 && (late || slices.Contains(announced, name)) {
			t[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	return t
}

// tap passes an answer on to w unchanged, and records it.
type tap struct {
	w      http.ResponseWriter
	record *recording
}

func (t *tap) Header() http.Header { return t.w.Header() }

func (t *tap) WriteHeader(code int) {
	t.record.commit(code, t.w.Header())
	t.w.WriteHeader(code)
}

func (t *tap) Write(p []byte) (int, error) {
	t.record.commit(http.StatusOK, t.w.Header())
	_, _ = t.record.Write(p)
	return t.w.Write(p)
}

func (t *tap) WriteString(s string) (int, error) {
	t.record.commit(http.StatusOK, t.w.Header())
	_, _ = io.WriteString(t.record, s)
	return io.WriteString(t.w, s)
}

// fileTap is a tap on a writer that has ReadFrom. It keeps that path, because net/http frames what
// comes that way differently.
type fileTap struct{ *tap }

func (t fileTap) ReadFrom(src io.Reader) (int64, error) {
	t.record.commit(http.StatusOK, t.w.Header())
	return t.w.(io.ReaderFrom).ReadFrom(io.TeeReader(src, t.record))
}

// newTap returns a writer with the abilities of w.
func newTap(w http.ResponseWriter, record *recording) http.ResponseWriter {
	t := &tap{w, record}
	if _, ok := w.(io.ReaderFrom); ok {
		return fileTap{t}
	}
	return t
}

// BeforeHooks keeps the head without what the hooks add to it, which is not the side's.
func (t *tap) BeforeHooks(code int, h http.Header) { t.record.commit(code, h) }

// FlushError is not a sign of a stream: proxies flush what has no length, and what comes to its end
// is compared.
func (t *tap) FlushError() error {
	t.record.flush(t.w.Header())
	return http.NewResponseController(t.w).Flush()
}

func (t *tap) Flush() { _ = t.FlushError() }

func (t *tap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	t.record.stream()
	return http.NewResponseController(t.w).Hijack()
}

// Unwrap lets http.ResponseController reach the writer underneath.
func (t *tap) Unwrap() http.ResponseWriter { return t.w }

// sink is the writer of a run that nobody waits for. It refuses what exceeds the limit, so that a
// handler which writes without end notices.
type sink struct {
	recording
	h http.Header
}

func newSink(limit int64, h http.Header) *sink {
	s := &sink{h: h.Clone()}
	if s.h == nil {
		s.h = make(http.Header)
	}
	s.body = tee.Capture{Max: limit, Stop: true}
	return s
}

func (s *sink) Header() http.Header  { return s.h }
func (s *sink) WriteHeader(code int) { s.commit(code, s.h) }
func (s *sink) FlushError() error    { s.flush(s.h); return nil }
func (s *sink) Flush()               { s.flush(s.h) }

func (s *sink) Write(p []byte) (int, error) {
	s.commit(http.StatusOK, s.h)
	if status.NullBody(s.status) {
		return 0, http.ErrBodyNotAllowed
	}
	return s.recording.Write(p)
}

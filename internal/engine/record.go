package engine

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/status"
)

// Recorder is a ResponseWriter that keeps the answer, with the rules by which net/http commits:
// what changes after the head is not part of it.
type Recorder struct {
	header http.Header
	code   int
	head   http.Header
	body   bytes.Buffer
}

// Record runs serve and turns an aborted answer into an error.
func (r *Recorder) Record(serve func()) (err error) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			err = fmt.Errorf("the answer broke off: %w", http.ErrAbortHandler)
		} else if v != nil {
			panic(v)
		}
	}()
	serve()
	return nil
}

// Header returns the map of the headers to be sent.
func (r *Recorder) Header() http.Header {
	if r.header == nil {
		r.header = make(http.Header)
	}
	return r.header
}

// WriteHeader fixes the head.
func (r *Recorder) WriteHeader(code int) {
	if r.code != 0 || code < 200 && code != http.StatusSwitchingProtocols {
		return
	}
	r.code = code
	r.head = make(http.Header, len(r.header))
	for name, values := range r.header {
		if len(values) > 0 { // nil only keeps net/http from guessing
			r.head[name] = append([]string(nil), values...)
		}
	}
}

// Write adds to the body.
func (r *Recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if status.NullBody(r.code) {
		return 0, http.ErrBodyNotAllowed
	}
	return r.body.Write(p)
}

// Flush does nothing: the answer is read when it is complete.
func (r *Recorder) Flush() { r.WriteHeader(http.StatusOK) }

// Status and Body are what was recorded.
func (r *Recorder) Status() int  { return r.code }
func (r *Recorder) Body() []byte { return r.body.Bytes() }

// Head returns the headers as they were committed.
func (r *Recorder) Head() http.Header { return r.head }

// Response returns the record as a client would see it.
func (r *Recorder) Response(req *http.Request) *http.Response {
	r.WriteHeader(http.StatusOK)
	body := r.body.Bytes()
	if req.Method == http.MethodHead {
		body = nil
	}
	res := &http.Response{
		StatusCode: r.code, Status: strconv.Itoa(r.code) + " " + http.StatusText(r.code),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.head, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
	if cl := r.head.Get("Content-Length"); cl != "" {
		if n, err := strconv.ParseInt(cl, 10, 64); err == nil {
			res.ContentLength = n
		}
	}
	return res
}

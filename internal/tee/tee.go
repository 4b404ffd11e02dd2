// Package tee keeps copies of what passes between a client and the side of a pair that serves it,
// up to a limit, and holds nothing up.
//
// The other side needs the request body that the serving side has read. Reading ahead would delay
// uploads and change what the serving side sees of a slow or broken one, so a Body copies what
// passes and nothing else.
package tee

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Why there is no copy of a request body.
var (
	ErrSize   = errors.New("tee: the body is larger than what may be kept")
	ErrUnread = errors.New("tee: the body was not read to its end")
)

// ErrFull is returned by a Capture with Stop once it is full.
var ErrFull = errors.New("migrate: a shadow may not write more than ShadowConfig.MaxBody")

// Body is a request body that remembers what is read through it, up to a limit. It passes on every
// Read and Close unchanged. Make it with New. Safe for a reader that goes on in another goroutine
// while Copy is called.
type Body struct {
	io.ReadCloser
	max int64

	mu     sync.Mutex
	kept   bytes.Buffer
	read   int64
	length int64 // declared, or below 0
	end    bool
	taken  bool
}

// New wraps a body of the declared length (http.Request.ContentLength; below 0 is unknown). At most
// max bytes are kept.
func New(body io.ReadCloser, length, max int64) *Body {
	return &Body{ReadCloser: body, max: max, length: length, end: length == 0}
}

// Read reads from the body on behalf of the serving side.
func (t *Body) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken {
		return n, err
	}
	t.read += int64(n)
	if t.read <= t.max {
		t.kept.Write(p[:n])
	} else {
		t.kept = bytes.Buffer{}
	}
	t.end = t.end || err == io.EOF || t.read == t.length
	return n, err
}

// Copy returns the whole body once the serving side is done with it, or why there is none: ErrSize
// or ErrUnread. The caller owns the bytes; nothing is kept from then on.
func (t *Body) Copy() ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken = true
	switch {
	case t.read > t.max:
		return nil, ErrSize
	case !t.end:
		return nil, ErrUnread
	}
	return t.kept.Bytes(), nil
}

// Capture is an io.Writer that keeps the first Max bytes written to it and counts the rest, for the
// answer of either side. With Stop it refuses what is beyond Max, so that a candidate which writes
// without end notices; the serving side is never refused anything. The zero value keeps nothing.
// Not safe for several goroutines.
type Capture struct {
	Max   int64
	Stop  bool
	Total int64 // bytes offered so far
	kept  []byte
}

// Write keeps what fits.
func (c *Capture) Write(p []byte) (int, error) {
	room := min(max(c.Max-int64(len(c.kept)), 0), int64(len(p)))
	c.kept = append(c.kept, p[:room]...)
	c.Total += int64(len(p))
	if c.Stop && c.Truncated() {
		return int(room), ErrFull
	}
	return len(p), nil
}

// Bytes are the kept bytes, which belong to the Capture.
func (c *Capture) Bytes() []byte { return c.kept }

// Truncated reports whether more was written than is kept.
func (c *Capture) Truncated() bool { return c.Total > int64(len(c.kept)) }

package migrate

import (
	"bytes"
	"io"
	"sync"
)

// The candidate needs the request body that the serving side read. Reading ahead would delay uploads and change what the
// serving side sees of a slow or broken one, so a Tee copies what passes and nothing else: a body that was not read to
// its end, or is too large, means no shadow.

// Tee is a request body that remembers what is read through it, up to a limit. It passes on every Read and Close
// unchanged. Make it with NewTee. Safe for a reader that goes on in another goroutine while Copy is called.
type Tee struct {
	body io.ReadCloser
	max  int64

	mu     sync.Mutex
	kept   bytes.Buffer
	read   int64
	length int64 // declared, or below 0
	end    bool
	taken  bool
}

// NewTee wraps a body of the declared length (http.Request.ContentLength; below 0 is unknown). At most max bytes are
// kept. A nil body is an empty one.
func NewTee(body io.ReadCloser, length, max int64) *Tee {
	return &Tee{body: body, max: max, length: length, end: body == nil || length == 0}
}

// Read reads from the body on behalf of the serving side.
func (t *Tee) Read(p []byte) (int, error) {
	if t.body == nil {
		return 0, io.EOF
	}
	n, err := t.body.Read(p)
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

// Close closes the body.
func (t *Tee) Close() error {
	if t.body == nil {
		return nil
	}
	return t.body.Close()
}

// Copy returns the whole body once the serving side is done with it, or why there is none: SkipBodySize or
// SkipBodyUnread. The caller owns the bytes; nothing is kept from then on.
func (t *Tee) Copy() ([]byte, Skip) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken = true
	switch {
	case t.read > t.max:
		return nil, SkipBodySize
	case !t.end:
		return nil, SkipBodyUnread
	}
	return t.kept.Bytes(), notSkipped
}

// Capture is an io.Writer that keeps the first Max bytes written to it and counts the rest, for the answer of either
// side. With Stop it refuses what is beyond Max, so that a candidate which writes without end notices; the serving side
// is never refused anything. The zero value keeps nothing. Not safe for several goroutines.
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
		return int(room), errShadowFull
	}
	return len(p), nil
}

// Bytes are the kept bytes, which belong to the Capture.
func (c *Capture) Bytes() []byte { return c.kept }

// Truncated reports whether more was written than is kept.
func (c *Capture) Truncated() bool { return c.Total > int64(len(c.kept)) }

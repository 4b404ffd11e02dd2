package form

import (
	"io"
	"strings"
)

// pieces is content in memory. It grows piece by piece, so that no byte is copied twice and no
// buffer is twice as large as what is in it. All pieces but the last have the same size.
type pieces struct {
	list [][]byte
	size int64
}

const pieceSize = 128 << 10

func (c *pieces) reset() {
	if len(c.list) > 1 {
		clear(c.list[1:])
	}
	if len(c.list) > 0 {
		c.list = c.list[:1]
		c.list[0] = c.list[0][:0]
	}
	c.size = 0
}

// Write implements io.Writer.
func (c *pieces) Write(b []byte) (int, error) {
	n := len(b)
	c.size += int64(n)
	for len(b) > 0 {
		last := len(c.list) - 1
		if last < 0 || len(c.list[last]) == pieceSize {
			room := pieceSize
			if last < 0 {
				room = min(room, len(b)) // most content is small and comes at once
			}
			c.list = append(c.list, make([]byte, 0, room))
			last++
		}
		piece := c.list[last]
		fill := min(len(b), pieceSize-len(piece))
		if len(piece)+fill > cap(piece) {
			piece = append(make([]byte, 0, min(4*cap(piece), pieceSize)), piece...)
		}
		c.list[last] = append(piece, b[:fill]...)
		b = b[fill:]
	}
	return n, nil
}

func (c *pieces) String() string {
	if len(c.list) == 1 {
		return string(c.list[0])
	}
	var out strings.Builder
	out.Grow(int(c.size))
	for _, b := range c.list {
		out.Write(b)
	}
	return out.String()
}

// ReadAt implements io.ReaderAt.
func (c *pieces) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) && offset < c.size {
		m := copy(p[n:], c.list[offset/pieceSize][offset%pieceSize:])
		n, offset = n+m, offset+int64(m)
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

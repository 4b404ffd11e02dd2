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

const pieceSize = 32 << 10

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

func (c *pieces) add(b []byte) {
	c.size += int64(len(b))
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
		n := min(len(b), pieceSize-len(c.list[last]))
		c.list[last] = append(c.list[last], b[:n]...)
		b = b[n:]
	}
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

package served

// A client of HTTP/2 as frames, for what the client of net/http never sends.

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"testing"
)

// Frames is a client of HTTP/2 that net/http has none like: it asks for an extended CONNECT, on
// stream 1.
type Frames struct {
	t       *testing.T
	Conn    net.Conn
	Offered bool // the server has offered it
	Ended   bool // the last frame ends the stream
}

const (
	DataFrame, HeadersFrame, RstFrame, SettingsFrame, WindowFrame = 0, 1, 3, 4, 8

	EndStream, EndHeaders = 1, 4

	// As HPACK has them: of its static table, and a name of it with a value in Huffman's code.
	Status200 = 0x88
	Status501 = "\x4e\x82\x6c\x01"
)

func NewFrames(t *testing.T, s *httptest.Server) *Frames {
	c := &Frames{t: t, Conn: Dial(t, s)}
	io.WriteString(c.Conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	c.Send(SettingsFrame, 0, nil)
	return c
}

func (c *Frames) Send(kind, flags byte, payload []byte) {
	stream := byte(1)
	if kind == SettingsFrame {
		stream = 0
	}
	c.Conn.Write(append([]byte{0, 0, byte(len(payload)), kind, flags, 0, 0, 0, stream}, payload...))
}

// Connect sends ":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path" and
// ":authority: h".
func (c *Frames) Connect(path string) {
	c.Send(HeadersFrame, EndHeaders, fmt.Appendf(nil, "\x02\x07CONNECT\x00\x09:protocol\x09websocket\x86\x04%c%s\x01\x01h", len(path), path))
}

// Next returns the next frame of the stream.
func (c *Frames) Next() (kind byte, payload []byte) {
	c.t.Helper()
	for {
		var head [9]byte
		if _, err := io.ReadFull(c.Conn, head[:]); err != nil {
			c.t.Fatal(err)
		}
		payload = make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(c.Conn, payload); err != nil {
			c.t.Fatal(err)
		}
		const enableConnect = "\x00\x08\x00\x00\x00\x01"
		switch kind = head[3]; {
		case kind == SettingsFrame:
			for setting := range slices.Chunk(payload, 6) {
				c.Offered = c.Offered || string(setting) == enableConnect
			}
		case kind == WindowFrame: // we send too little to mind
		case head[8] == 1:
			c.Ended = head[4]&EndStream != 0
			return kind, payload
		}
	}
}

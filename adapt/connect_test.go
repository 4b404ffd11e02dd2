package adapt_test

// WebSockets over HTTP/2 (RFC 8441). net/http has them switched off: it does not
// offer extended CONNECT to clients, which so go on to HTTP/1.1, and resets the
// stream of one that asks all the same. With GODEBUG=http2xconnect=1 the requests
// arrive: a route for CONNECT whose handler writes its answer may serve them, as a
// stream in both directions, and nothing else does.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

// tunnel answers an extended CONNECT and echoes what comes, line by line.
func tunnel(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	http.NewResponseController(w).Flush()
	for lines := bufio.NewReader(r.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		io.WriteString(w, r.Header.Get(":protocol")+": "+line)
		http.NewResponseController(w).Flush()
	}
}

func tunnels(r *adapt.Routes) {
	old := func(req *reqres.Request, res *reqres.Response) error {
		tunnel(res, req.HTTP())
		return nil
	}
	r.ReqRes.On("CONNECT", "/reqres", old)
	r.Fetch.On("CONNECT", "/fetch", fetch.FromHTTP(http.HandlerFunc(tunnel)))
	r.Handle("CONNECT", "/http", http.HandlerFunc(tunnel))
	r.Fetch.GET("/get", says("get"))
	r.Fetch.On("CONNECT", "/value", says("a tunnel is no value"))
	r.Scope(adapt.Scope{Prefix: "/fetch-first"}, func(r *adapt.Routes) {
		r.Fetch.Use(passFetch)
		r.Handle("CONNECT", "/http", http.HandlerFunc(tunnel))
	})
	r.Scope(adapt.Scope{Prefix: "/behind"}, func(r *adapt.Routes) {
		r.Use(passHTTP)
		r.ReqRes.Use(passReqRes)
		r.Fetch.Use(passFetch)
		r.ReqRes.On("CONNECT", "/reqres", old)
		r.Fetch.On("CONNECT", "/fetch", fetch.FromHTTP(http.HandlerFunc(tunnel)))
		r.Handle("CONNECT", "/http", http.HandlerFunc(tunnel))
	})
}

func TestExtendedCONNECT(t *testing.T) {
	const on = "http2xconnect=1"
	t.Run("switched off", func(t *testing.T) {
		if strings.Contains(os.Getenv("GODEBUG"), on) {
			t.Skip("it is switched on")
		}
		leak.Check(t)
		s := serveOver(t, newMux(t, adapt.Config{}, tunnels), "h2c", func(*http.Server) {})
		c := newFrames(t, s)
		c.connect("/reqres")
		if kind, payload := c.next(); kind != rstFrame || !bytes.Equal(payload, []byte{0, 0, 0, 1}) {
			t.Errorf("the answer is a frame of type %d, %q, want the stream reset with PROTOCOL_ERROR", kind, payload)
		}
		if c.offered {
			t.Error("it is offered")
		}
	})
	t.Run("switched on", func(t *testing.T) {
		if !strings.Contains(os.Getenv("GODEBUG"), on) {
			exe, err := os.Executable()
			if err != nil {
				t.Skip(err)
			}
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestExtendedCONNECT$/^switched_on$", "-test.v")
			cmd.Env = append(os.Environ(), "GODEBUG="+on)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestExtendedCONNECT/switched_on") {
				t.Errorf("%v\n%s", err, out)
			}
			return
		}
		leak.Check(t)
		s := serveOver(t, newMux(t, adapt.Config{}, tunnels), "h2c", func(*http.Server) {})
		for _, path := range []string{"/reqres", "/fetch", "/http", "/behind/reqres", "/behind/fetch", "/behind/http"} {
			c := newFrames(t, s)
			c.connect(path)
			if kind, payload := c.next(); kind != headersFrame || payload[0] != status200 {
				t.Errorf("%s: a frame of type %d, %q, want the status 200", path, kind, payload)
				continue
			}
			if !c.offered {
				t.Errorf("%s: it is not offered", path)
			}
			for i := range 3 {
				line := fmt.Sprintf("line %d\n", i)
				c.send(dataFrame, 0, []byte(line))
				if kind, payload := c.next(); kind != dataFrame || string(payload) != "websocket: "+line {
					t.Errorf("%s: a frame of type %d, %q", path, kind, payload)
				}
			}
			c.send(dataFrame, endStream, nil)
			if kind, payload := c.next(); kind != dataFrame || len(payload) > 0 || !c.ended {
				t.Errorf("%s: a frame of type %d, %q, want the end of the stream", path, kind, payload)
			}
		}
		for _, path := range []string{"/get", "/value", "/fetch-first/http", "/nowhere"} {
			c := newFrames(t, s)
			c.connect(path)
			if kind, payload := c.next(); kind != headersFrame || !bytes.HasPrefix(payload, []byte(status501)) {
				t.Errorf("%s: a frame of type %d, %q, want the status 501", path, kind, payload)
			}
		}
	})
}

// frames is a client of HTTP/2 that net/http has none like: it asks for an
// extended CONNECT, on stream 1.
type frames struct {
	t       *testing.T
	conn    net.Conn
	offered bool // the server has offered it
	ended   bool // the last frame ends the stream
}

const (
	dataFrame, headersFrame, rstFrame, settingsFrame, windowFrame = 0, 1, 3, 4, 8

	endStream, endHeaders = 1, 4

	// As HPACK has them: of its static table, and a name of it with a value in
	// Huffman's code.
	status200 = 0x88
	status501 = "\x4e\x82\x6c\x01"
)

func newFrames(t *testing.T, s *httptest.Server) *frames {
	c := &frames{t: t, conn: dial(t, s)}
	io.WriteString(c.conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	c.send(settingsFrame, 0, nil)
	return c
}

func (c *frames) send(kind, flags byte, payload []byte) {
	stream := byte(1)
	if kind == settingsFrame {
		stream = 0
	}
	c.conn.Write(append([]byte{0, 0, byte(len(payload)), kind, flags, 0, 0, 0, stream}, payload...))
}

// connect sends ":method: CONNECT", ":protocol: websocket", ":scheme: http",
// ":path" and ":authority: h".
func (c *frames) connect(path string) {
	c.send(headersFrame, endHeaders, fmt.Appendf(nil, "\x02\x07CONNECT\x00\x09:protocol\x09websocket\x86\x04%c%s\x01\x01h", len(path), path))
}

// next returns the next frame of the stream.
func (c *frames) next() (kind byte, payload []byte) {
	c.t.Helper()
	for {
		var head [9]byte
		if _, err := io.ReadFull(c.conn, head[:]); err != nil {
			c.t.Fatal(err)
		}
		payload = make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(c.conn, payload); err != nil {
			c.t.Fatal(err)
		}
		const enableConnect = "\x00\x08\x00\x00\x00\x01"
		switch kind = head[3]; {
		case kind == settingsFrame:
			for setting := range slices.Chunk(payload, 6) {
				c.offered = c.offered || string(setting) == enableConnect
			}
		case kind == windowFrame: // we send too little to mind
		case head[8] == 1:
			c.ended = head[4]&endStream != 0
			return kind, payload
		}
	}
}

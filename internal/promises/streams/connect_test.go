package streams_test

// WebSockets over HTTP/2 (RFC 8441). net/http has them switched off: it does not offer extended
// CONNECT to clients, which so go on to HTTP/1.1, and resets the stream of one that asks all the
// same. With GODEBUG=http2xconnect=1 the requests arrive: a route for CONNECT whose handler writes
// its answer may serve them, as a stream in both directions, and nothing else does.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/internal/promises/served"
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
	r.Fetch.GET("/get", served.Says("get"))
	r.Fetch.On("CONNECT", "/value", served.Says("a tunnel is not a value"))
	r.Scope(adapt.Scope{Prefix: "/fetch-first"}, func(r *adapt.Routes) {
		r.UseFetch(served.PassFetch)
		r.Handle("CONNECT", "/http", http.HandlerFunc(tunnel))
	})
	r.Scope(adapt.Scope{Prefix: "/behind"}, func(r *adapt.Routes) {
		r.Use(served.PassHTTP)
		r.UseReqRes(served.PassReqRes)
		r.UseFetch(served.PassFetch)
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
		s := served.ServeOver(t, served.NewMux(t, adapt.Config{}, tunnels), "h2c", func(*http.Server) {})
		c := served.NewFrames(t, s)
		c.Connect("/reqres")
		if kind, payload := c.Next(); kind != served.RstFrame || !bytes.Equal(payload, []byte{0, 0, 0, 1}) {
			t.Errorf("the answer is a frame of type %d, %q, want the stream reset with PROTOCOL_ERROR", kind, payload)
		}
		if c.Offered {
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
		s := served.ServeOver(t, served.NewMux(t, adapt.Config{}, tunnels), "h2c", func(*http.Server) {})
		for _, path := range []string{"/reqres", "/fetch", "/http", "/behind/reqres", "/behind/fetch", "/behind/http"} {
			c := served.NewFrames(t, s)
			c.Connect(path)
			if kind, payload := c.Next(); kind != served.HeadersFrame || payload[0] != served.Status200 {
				t.Errorf("%s: a frame of type %d, %q, want the status 200", path, kind, payload)
				continue
			}
			if !c.Offered {
				t.Errorf("%s: it is not offered", path)
			}
			for i := range 3 {
				line := fmt.Sprintf("line %d\n", i)
				c.Send(served.DataFrame, 0, []byte(line))
				if kind, payload := c.Next(); kind != served.DataFrame || string(payload) != "websocket: "+line {
					t.Errorf("%s: a frame of type %d, %q", path, kind, payload)
				}
			}
			c.Send(served.DataFrame, served.EndStream, nil)
			if kind, payload := c.Next(); kind != served.DataFrame || len(payload) > 0 || !c.Ended {
				t.Errorf("%s: a frame of type %d, %q, want the end of the stream", path, kind, payload)
			}
		}
		for _, path := range []string{"/get", "/value", "/fetch-first/http", "/nowhere"} {
			c := served.NewFrames(t, s)
			c.Connect(path)
			if kind, payload := c.Next(); kind != served.HeadersFrame || !bytes.HasPrefix(payload, []byte(served.Status501)) {
				t.Errorf("%s: a frame of type %d, %q, want the status 501", path, kind, payload)
			}
		}
	})
}

package served

// Raw connections.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
)

// Dial opens a raw connection.
func Dial(t testing.TB, s *httptest.Server) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c.(*net.TCPConn)
}

// read reads one answer from a raw connection.
func ReadAnswer(t testing.TB, r *bufio.Reader) Answer {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(body)}
}

// HTTP1 runs a test for an endpoint in every form, over HTTP/1.1.
func HTTP1(t *testing.T, method, path string, h Twins, c adapt.Config, test func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	Matrix(t, Protocols[:1], method, path, h, c, func(*http.Server) {}, test)
}

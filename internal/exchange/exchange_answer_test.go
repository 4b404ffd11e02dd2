package exchange

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/route"
)

func newEnv() *route.Env { return &route.Env{Service: new(route.Service)} }

func newExchange(w http.ResponseWriter, method string) *Exchange {
	x := new(Exchange)
	x.Begin(w, httptest.NewRequest(method, "/", nil), newEnv())
	return x
}

// An informational status is not the head of an answer: what follows it is a 200.
func TestAnswerAfterAnInformationalStatus(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := newExchange(w, "GET")
		if err := x.SendWhole(w.Header(), 103, "body", nil); err != nil {
			t.Error(err)
		}
		x.Release()
	}))
	defer s.Close()
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if res.StatusCode != 200 || string(body) != "body" || err != nil {
		t.Errorf("answered %d %q, %v", res.StatusCode, body, err)
	}
}

// Nothing is written behind a whole answer, or by anybody but the one who has claimed a stream.
func TestWritesBesideTheOneWriter(t *testing.T) {
	ends := map[string]func(x *Exchange) error{
		"a whole answer": func(x *Exchange) error { return x.SendWhole(x.W.Header(), 200, "body", nil) },
		"a stream":       func(x *Exchange) error { return (&Sink{X: x, Status: 200}).Send([]byte("body")) },
	}
	writes := map[string]func(x *Exchange) error{
		"Write":       func(x *Exchange) error { _, err := x.Write([]byte("more")); return err },
		"WriteString": func(x *Exchange) error { _, err := x.WriteString("more"); return err },
		"Flush":       func(x *Exchange) error { return x.Flush() },
		"Answer":      func(x *Exchange) error { return x.SendWhole(x.W.Header(), 200, "more", nil) },
		"Commit":      func(x *Exchange) error { return x.Commit(200) },
		"Send":        func(x *Exchange) error { return (&Sink{X: x, Status: 200}).Send([]byte("more")) },
	}
	for first, end := range ends {
		for then, write := range writes {
			w := httptest.NewRecorder()
			x := newExchange(w, "GET")
			if err := end(x); err != nil {
				t.Errorf("%s: %v", first, err)
			}
			if err := write(x); !errors.Is(err, outbound.ErrAlreadySent) {
				t.Errorf("%s after %s: %v, want ErrAlreadySent", then, first, err)
			}
			x.Release()
			if err := write(x); !errors.Is(err, outbound.ErrHandlerReturned) && !errors.Is(err, outbound.ErrAlreadySent) {
				t.Errorf("%s after the handler: %v", then, err)
			}
			if w.Body.String() != "body" {
				t.Errorf("%s after %s: the body is %q", then, first, w.Body)
			}
		}
	}
}

// What Connection names, and a length that the body does not have, are settled also where a handler
// has written into the header map itself.
func TestHeadersSetByHand(t *testing.T) {
	w := httptest.NewRecorder()
	x := newExchange(w, "GET")
	h := w.Header()
	h["Connection"] = []string{"x-secret, Content-Type"}
	h["X-Secret"] = []string{"1"}
	h["Content-Type"] = []string{"text/css"}
	h["Content-Length"] = []string{"9"}
	h["Transfer-Encoding"] = []string{"gzip"}
	x.Write([]byte("body"))
	x.Release()
	if got := w.Result().Header; len(got) != 0 && (len(got) != 1 || got["Content-Type"] != nil) {
		t.Errorf("the head is %v", got)
	}
}

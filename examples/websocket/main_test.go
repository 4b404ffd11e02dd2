package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	leak.Main(m)
}

func serve(t *testing.T, mux *adapt.Mux, err error) *httptest.Server {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// talk opens a connection, has some messages echoed, and closes it.
func talk(t *testing.T, s *httptest.Server, path, from string) (*http.Response, error) {
	t.Helper()
	conn, res, err := websocket.Dial(t.Context(), s.URL+path, &websocket.DialOptions{
		HTTPClient: s.Client(), HTTPHeader: http.Header{"Origin": {from}},
	})
	if err != nil {
		return res, err
	}
	defer conn.CloseNow()
	for _, message := range []string{"hello", "", strings.Repeat("x", 30_000)} {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(message)); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		kind, got, err := conn.Read(t.Context())
		if err != nil || kind != websocket.MessageText || string(got) != message {
			t.Fatalf("%s: %v %q %v", path, kind, got, err)
		}
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Errorf("%s: close: %v", path, err)
	}
	return res, nil
}

func TestEcho(t *testing.T) {
	mux, err := service()
	s := serve(t, mux, err)
	for _, path := range []string{"/reqres/echo", "/fetch/echo"} {
		res, err := talk(t, s, path+"?token=secret", origin)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != 101 || got != origin {
			t.Errorf("%s: %d, Access-Control-Allow-Origin: %q", path, res.StatusCode, got)
		}
		if res, err := talk(t, s, path, origin); err == nil || res == nil || res.StatusCode != 401 {
			t.Errorf("%s: the middleware did not reject: %v %v", path, res, err)
		}
		if res, err := talk(t, s, path+"?token=secret", "https://evil.example"); err == nil || res == nil || res.StatusCode != 403 {
			t.Errorf("%s: the library did not reject the origin: %v %v", path, res, err)
		}
		plain, err := s.Client().Get(s.URL + path + "?token=secret")
		if err != nil {
			t.Fatal(err)
		}
		plain.Body.Close()
		if plain.StatusCode != 426 || plain.Header.Get("Upgrade") != "websocket" {
			t.Errorf("%s: a plain request is answered %d, Upgrade: %q", path, plain.StatusCode, plain.Header.Get("Upgrade"))
		}
	}
}

// Behind a conversion of the handler itself there is no connection to take over.
func TestConvertedHandlersAreRefused(t *testing.T) {
	got := make(chan error, 1)
	old := func(req *reqres.Request, res *reqres.Response) error {
		_, err := websocket.Accept(res, req.HTTP(), nil)
		got <- err
		return err
	}
	converted := adapt.ToFetch(old)
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) { return converted(req) })
	})
	s := serve(t, mux, err)
	res, err := talk(t, s, "/", s.URL)
	if err == nil || res == nil || res.StatusCode == 101 {
		t.Errorf("the client is upgraded: %v %v", res, err)
	}
	if err := <-got; !errors.Is(err, http.ErrNotSupported) {
		t.Errorf("the handler is told %v, want http.ErrNotSupported", err)
	}
}

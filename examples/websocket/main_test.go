package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/origin"
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
		res, err := talk(t, s, path+"?token=secret", page)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != 101 || got != page {
			t.Errorf("%s: %d, Access-Control-Allow-Origin: %q", path, res.StatusCode, got)
		}
		if res, err := talk(t, s, path, page); err == nil || res == nil || res.StatusCode != 401 {
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

// Behind a conversion, too, a handler takes the connection over: the new shape sees its 101.
func TestConvertedHandlersTakeTheConnection(t *testing.T) {
	converted := adapt.ToFetch(func(req *reqres.Request, res *reqres.Response) error {
		conn, err := websocket.Accept(res, req.HTTP(), nil)
		if err != nil {
			return err
		}
		defer conn.CloseNow()
		for {
			kind, message, err := conn.Read(req.Context())
			if err != nil {
				return nil // the client has closed it
			}
			if err := conn.Write(req.Context(), kind, message); err != nil {
				return nil
			}
		}
	})
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) { return converted(req) })
	})
	s := serve(t, mux, err)
	if res, err := talk(t, s, "/", s.URL); err != nil || res.StatusCode != 101 {
		t.Errorf("the client is not upgraded: %v %v", res, err)
	}
}

// The same service in another process, of which the mux in front knows only the address: its WebSockets go
// through, also under a prefix and behind middleware, and so do its refusals.
func TestEchoOfABackEnd(t *testing.T) {
	mux, err := service()
	backEnd := serve(t, mux, err)
	app, err := origin.New(origin.Config{URL: backEnd.URL})
	if err != nil {
		t.Fatal(err)
	}
	front, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/behind"}, func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler { return next })
			r.UseReqRes(count)
			r.Legacy("/", app)
		})
		r.Legacy("/", app)
	})
	s := serve(t, front, err)
	for _, path := range []string{"/reqres/echo", "/fetch/echo", "/behind/reqres/echo", "/behind/fetch/echo"} {
		if res, err := talk(t, s, path+"?token=secret", page); err != nil || res.StatusCode != 101 {
			t.Errorf("%s: the client is not upgraded: %v %v", path, res, err)
		}
		if res, err := talk(t, s, path, page); err == nil || res == nil || res.StatusCode != 401 {
			t.Errorf("%s: the refusal does not come through: %v %v", path, res, err)
		}
	}
}

// A server that speaks HTTP/2 upgrades those who come by HTTP/1.1, as browsers do
// where extended CONNECT is not offered.
func TestEchoBesideHTTP2(t *testing.T) {
	mux, err := service()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(mux)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	plain, err := s.Client().Get(s.URL + "/reqres/echo?token=secret")
	if err != nil {
		t.Fatal(err)
	}
	plain.Body.Close()
	if plain.ProtoMajor != 2 || plain.StatusCode != 426 {
		t.Errorf("over HTTP/%d a plain request is answered %d", plain.ProtoMajor, plain.StatusCode)
	}
	only1 := new(http.Protocols)
	only1.SetHTTP1(true)
	transport := s.Client().Transport.(*http.Transport)
	transport.CloseIdleConnections()
	transport = transport.Clone()
	transport.ForceAttemptHTTP2, transport.Protocols = false, only1
	transport.TLSClientConfig.NextProtos = nil
	t.Cleanup(transport.CloseIdleConnections)
	for _, path := range []string{"/reqres/echo", "/fetch/echo"} {
		conn, _, err := websocket.Dial(t.Context(), s.URL+path+"?token=secret", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		conn.Close(websocket.StatusNormalClosure, "")
	}
}

// The library does not know extended CONNECT (RFC 8441): whoever switches it on
// (GODEBUG=http2xconnect=1) and routes CONNECT to it has it refused. The routes
// here are for GET, and are not reached.
func TestExtendedCONNECTIsRefused(t *testing.T) {
	mux, err := service()
	if err != nil {
		t.Fatal(err)
	}
	direct, err := adapt.New(func(r *adapt.Routes) {
		r.ReqRes.On("CONNECT", "/", func(req *reqres.Request, res *reqres.Response) error { return echo(res, req.HTTP()) })
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		mux  *adapt.Mux
		path string
		want int
	}{{mux, "/reqres/echo", 501}, {mux, "/fetch/echo", 501}, {direct, "/", 426}} {
		r := httptest.NewRequest("GET", "https://localhost"+tt.path+"?token=secret", nil)
		r.Method, r.Proto, r.ProtoMajor, r.ProtoMinor = "CONNECT", "HTTP/2.0", 2, 0
		r.Header = http.Header{":protocol": {"websocket"}, "Sec-Websocket-Version": {"13"}}
		w := httptest.NewRecorder()
		tt.mux.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.path, w.Code, tt.want)
		}
	}
}

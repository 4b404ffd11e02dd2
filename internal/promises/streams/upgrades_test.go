package streams_test

// Handlers that take the connection: upgrades, in every form that can.

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// An upgrade is a native answer, also behind middleware that only looks at the request.
func TestUpgrades(t *testing.T) {
	upgrade := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		defer conn.Close()
		rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
		rw.Flush()
		line, _ := rw.ReadString('\n')
		rw.WriteString("echo " + line)
		rw.Flush()
	})
	old := func(req *reqres.Request, res *reqres.Response) error {
		upgrade(res, req.HTTP())
		return nil
	}
	reject := func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			if req.Query("sid") == "" {
				return nil, fetch.Errorf(401, "log in first")
			}
			return next(req)
		}
	}
	s := served.Serve(t, served.NewMux(t, adapt.Config{},
		func(r *adapt.Routes) {
			r.ReqRes.GET("/reqres", old)
			r.Fetch.GET("/fetch", fetch.FromHTTP(upgrade))
			r.Handle("GET", "/http", upgrade)
		},
		func(r *adapt.Routes) {
			r.UseFetch(reject)
			r.UseReqRes(served.PassReqRes)
			r.UseFetch(reject)
			r.Fetch.GET("/deep/fetch", fetch.FromHTTP(upgrade))
		},
		func(r *adapt.Routes) {
			r.UseReqRes(served.PassReqRes)
			r.Use(served.PassHTTP)
			r.ReqRes.GET("/deep/reqres", old)
		},
	), false)
	ask := func(target string) (*bufio.Reader, *net.TCPConn, *http.Response) {
		conn := served.Dial(t, s)
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n", target)
		r := bufio.NewReader(conn)
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		return r, conn, res
	}
	for _, path := range []string{"/reqres", "/fetch", "/http", "/deep/fetch?sid=1", "/deep/reqres"} {
		r, conn, res := ask(path)
		if res.StatusCode != 101 {
			t.Errorf("%s: %d", path, res.StatusCode)
			continue
		}
		fmt.Fprint(conn, "hello\n")
		if line, err := r.ReadString('\n'); line != "echo hello\n" {
			t.Errorf("%s: %q %v", path, line, err)
		}
	}
	if _, _, res := ask("/deep/fetch"); res.StatusCode != 401 {
		t.Errorf("middleware did not reject the upgrade: %d", res.StatusCode)
	}
}

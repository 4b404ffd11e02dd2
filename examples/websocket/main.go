// Command websocket is one WebSocket endpoint in each shape, behind middleware
// of both shapes and a CORS policy.
//
//	go run ./websocket
//
// A connection cannot be a value, so an upgrade is a native answer: in the
// mutable shape the response is an http.ResponseWriter, and in the immutable one
// the route is an http.Handler. Browsers upgrade over HTTP/1.1 also where the rest of
// a page comes over HTTP/2: "Upgrades and tunnels" in package adapt says why.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

func main() {
	mux, err := service()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ws://localhost:8080/reqres/echo?token=secret and ws://localhost:8080/fetch/echo?token=secret")
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}

// page is where the page is from that may open connections.
const page = "https://app.example.com"

func service() (*adapt.Mux, error) {
	policy, err := cors.New(cors.Config{Origins: []string{page}})
	if err != nil {
		return nil, err
	}
	return adapt.Config{CORS: policy}.New(routes)
}

func routes(r *adapt.Routes) {
	r.UseFetch(requireToken)
	r.UseReqRes(count)
	r.ReqRes.GET("/reqres/echo", func(req *reqres.Request, res *reqres.Response) error {
		return echo(res, req.HTTP())
	})
	r.Fetch.GET("/fetch/echo", fetch.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		echo(w, r) // what it returns has been answered, or ended the connection
	})))
}

// requireToken rejects a request before it is upgraded.
func requireToken(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		if req.Query("token") != "secret" {
			return nil, fetch.Errorf(401, "a token is needed")
		}
		return next(req)
	}
}

// count looks at the request and at how it went.
func count(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		began := time.Now()
		err := next(req, res)
		log.Printf("%s took %v", req.Path(), time.Since(began).Round(time.Millisecond))
		return err
	}
}

// echo sends back what it receives until the client closes the connection. The
// library checks the origin by itself, since browsers do not apply CORS to
// WebSockets.
func echo(w http.ResponseWriter, r *http.Request) error {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: []string{"app.example.com"}})
	if err != nil {
		return nil // Accept has answered; an error would say that its answer is broken
	}
	defer conn.CloseNow()
	// The request's context ends with the request, which an upgrade has ended.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		kind, message, err := conn.Read(ctx)
		if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
			return nil
		}
		if err != nil {
			return err
		}
		if err := conn.Write(ctx, kind, message); err != nil {
			return err
		}
	}
}

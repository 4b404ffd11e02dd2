// Command cloudrun serves the mux as Cloud Run wants it, and most platforms that run a container:
// it listens on PORT, speaks HTTP/2 without TLS beside HTTP/1.1 (h2c), and ends on SIGTERM when the
// requests that it has accepted, and the work after them, are done.
//
//	gcloud run deploy shop --source . --use-http2
//
// Two settings of the platform go with it. CPU must be "always allocated" for work after the answer
// to go on at once; otherwise it has little of it until the next request (or wait for it in the
// request, as the examples for Lambda and Vercel do). And a container has 10 seconds between
// SIGTERM and its end.
package main

import (
	"cmp"
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/hosts/app"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	mux, err := app.New(adapt.Config{})
	if err != nil {
		return err
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: mux, Protocols: protocols, ReadHeaderTimeout: 10 * time.Second}
	listener, err := net.Listen("tcp", ":"+cmp.Or(os.Getenv("PORT"), "8080"))
	if err != nil {
		return err
	}
	log.Println("listening on", listener.Addr())

	ending, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ending.Done():
	}
	log.Println("ending")
	ctx, cancel := context.WithTimeout(context.Background(), 9*time.Second)
	defer cancel()
	// First the requests, then the work that they have left behind.
	if err := errors.Join(server.Shutdown(ctx), mux.Shutdown(ctx)); err != nil {
		return err
	}
	log.Println("all is done")
	return nil
}

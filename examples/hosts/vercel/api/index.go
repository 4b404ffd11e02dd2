// Package handler is a function of Vercel's Go runtime: every path of the project comes to Handler,
// as vercel.json says, and is still the one that the client has asked for. So the mux has its whole
// table, and a project that had a file under /api for each route has one.
//
// The project's directory is the one with vercel.json; its go.mod stands there, too.
package handler

import (
	"context"
	"log"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/hosts/app"
)

// mux is built once for each instance of the function.
var mux = func() *adapt.Mux {
	mux, err := app.New(adapt.Config{})
	if err != nil {
		log.Fatal(err)
	}
	return mux
}()

// Handler serves one request. The runtime may freeze the instance when it returns, so it first
// waits for the work that goes on after the answer, which the client has by then.
func Handler(w http.ResponseWriter, r *http.Request) {
	ctx := adapt.Waitable(r.Context())
	mux.ServeHTTP(w, r.WithContext(ctx))
	_ = http.NewResponseController(w).Flush() // else a short answer would wait for the work, too

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := adapt.Wait(ctx); err != nil {
		log.Printf("%s %s: the work after the answer is not done: %v", r.Method, r.URL.Path, err)
	}
}

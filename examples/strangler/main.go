// Command strangler is a gin service under a mux that moves its endpoints one by one: three have
// moved, one is on its way, and the rest is gin's, byte for byte. Without flags it sends itself
// some requests and prints how far it has come:
//
//	go run -C examples/strangler .
//	go run -C examples/strangler . -addr localhost:8080
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/legacygin"
)

// routes is the whole migration.
func routes(s *shop, e *gin.Engine) func(*adapt.Routes) {
	return func(r *adapt.Routes) {
		old := r.Legacy("/", legacygin.App(e))
		old.Use(legacygin.Middleware(requestID)) // gin's, around what has left gin
		old.Moved("GET", "/search", s.searchProducts)
		old.Moved("GET", "/cart", getCart)
		old.Migrate("GET", "/products/:id", s.getProduct) // its old side is gin

		admin := old.With(legacygin.Middleware(auth)) // a group's guard
		admin.Moved("GET", "/admin/stats", s.adminStats)
	}
}

// newMux is the service. New reports every mistake at once: a path that gin does not have, a route
// that takes gin's.
func newMux(s *shop) (*adapt.Mux, error) {
	shadow := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}
	return adapt.Config{ErrorResponse: legacygin.ErrorResponse}.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: shadow}, func(r *adapt.Routes) { routes(s, engine(s))(r) })
	})
}

func main() {
	addr := flag.String("addr", "", "where to listen; nothing sends some requests, prints the report and ends")
	flag.Parse()
	gin.SetMode(gin.ReleaseMode)
	mux, err := newMux(newShop())
	if err != nil {
		log.Fatal(err)
	}
	if *addr != "" {
		log.Fatal(http.ListenAndServe(*addr, mux))
	}
	pair, _ := mux.Migration("GET /products/:id")
	for i := 0; i < 20 || pair.Snapshot().Compared < 10; i++ { // a busy machine leaves shadows out
		for _, target := range []string{"/products", "/products/1", "/products/9", "/search?q=tea", "/healthz"} {
			mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
		}
	}
	fmt.Print(mux.Progress(), "\n")
	for o := range mux.Overlaps() {
		fmt.Println(o)
	}
}

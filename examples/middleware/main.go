// Command middleware is a small shop behind net/http middleware of others: metrics by route
// (prometheus), sessions (scs), compression (gzhttp) and a limit on logins (httprate). Each is a
// line or a few of routes, written once for both shapes and for an endpoint that migrates:
//
//	go run -C examples/middleware . -addr localhost:8080
//
// suite_test.go holds 25 middlewares to what they do around a plain http.Handler.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/httprate"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "the address to listen on")
	flag.Parse()
	mux, err := adapt.New(newShop().routes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/products/7 and http://%[1]s/metrics\n", *addr)
	log.Fatal(http.ListenAndServe(*addr, mux))
}

// shop is the service and what its middleware needs.
type shop struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec
	sessions *scs.SessionManager
}

func newShop() *shop {
	s := &shop{prometheus.NewRegistry(), prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", Help: "How long requests take, by route.",
	}, []string{"route", "code"}), scs.New()}
	s.registry.MustRegister(s.duration)
	return s
}

func (s *shop) routes(r *adapt.Routes) {
	r.Handle("GET", "/metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
		r.Use(s.measure, gzip, s.sessions.LoadAndSave)

		r.Migrate("GET", "/products/:id", oldProduct, newProduct)
		r.ReqRes.GET("/cart", s.cart)
		r.Fetch.POST("/cart/:id", s.addToCart)
		r.With(httprate.LimitBy(5, time.Minute, peer)).Fetch.POST("/login", s.logIn)
		r.Fetch.GET("/news", news)
	})
}

// measure counts by route, as r.Pattern has it: "GET /products/:id", however many products there
// are.
func (s *shop) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := s.duration.MustCurryWith(prometheus.Labels{"route": r.Pattern})
		promhttp.InstrumentHandlerDuration(of, next).ServeHTTP(w, r)
	})
}

// peer is the address that a request comes from. Behind a proxy it is the proxy's: take one there
// that the proxy vouches for.
func peer(r *http.Request) (string, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return httprate.CanonicalizeIP(host), err
}

// gzip compresses what is longer than 1 KiB, streams as well.
func gzip(next http.Handler) http.Handler { return gzhttp.GzipHandler(next) }

type product struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func oldProduct(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(product{req.Param("id"), "a product"})
}

func newProduct(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(product{req.Param("id"), "a product"})
}

// The session is in the context, and so the same in both shapes.

func (s *shop) cart(req *reqres.Request, res *reqres.Response) error {
	items, _ := s.sessions.Get(req.Context(), "cart").([]string)
	return res.JSON(map[string]any{"name": s.sessions.GetString(req.Context(), "name"), "items": slices.Concat([]string{}, items)})
}

func (s *shop) addToCart(req *fetch.Request) (*fetch.Response, error) {
	items, _ := s.sessions.Get(req.Context(), "cart").([]string)
	s.sessions.Put(req.Context(), "cart", append(slices.Clip(items), req.Param("id")))
	return fetch.NoContent()
}

func (s *shop) logIn(req *fetch.Request) (*fetch.Response, error) {
	form, err := req.Form()
	if err != nil {
		return nil, err
	}
	if form.Get("password") != "lovelace" {
		return nil, fetch.Errorf(401, "wrong password")
	}
	if err := s.sessions.RenewToken(req.Context()); err != nil { // so that nobody else knows it
		return nil, err
	}
	s.sessions.Put(req.Context(), "name", form.Get("name"))
	return fetch.NoContent()
}

// news is a stream, which middleware that compresses or measures passes on as it comes.
func news(req *fetch.Request) (*fetch.Response, error) {
	ctx := req.Context()
	return fetch.SSE(func(yield func(fetch.Event, error) bool) {
		for n := 1; ; n++ {
			if !yield(fetch.Event{Data: fmt.Sprint("news ", n)}, nil) {
				return
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return
			}
		}
	})
}

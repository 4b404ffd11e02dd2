package main

// The 25 middlewares, each as its documentation sets it up.

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"
	"github.com/go-chi/jwtauth/v5"
	"github.com/gorilla/csrf"
	"github.com/justinas/alice"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/xid"
	"github.com/ulule/limiter/v3"
	"github.com/ulule/limiter/v3/drivers/middleware/stdlib"
	"github.com/ulule/limiter/v3/drivers/store/memory"
	"github.com/unrolled/secure"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

type middleware = func(http.Handler) http.Handler

// row is a middleware. Where it is a plain function, as most are, that is all of the row.
type row struct {
	middleware func() (mw middleware, seen func(context.Context) string)
	known      func(*http.Request)                 // makes a request that of somebody who is known
	buffers    bool                                // it holds an answer back until its end
	check      func(*testing.T, map[string]answer) // that it does its work at all
}

func simply(mw middleware) row {
	return row{middleware: func() (middleware, func(context.Context) string) { return mw, nil }}
}

// has checks an answer for a status, and a header or a part of its body.
func has(asked string, status int, what string) func(*testing.T, map[string]answer) {
	return func(t *testing.T, got map[string]answer) {
		t.Helper()
		a := got[asked]
		if name, value, ok := strings.Cut(what, ": "); a.Status != status || ok && a.Header.Get(name) != value || !ok && !strings.Contains(a.Body, what) {
			t.Errorf("the middleware does not work: %s answers %.300v, want %d %s", asked, a, status, what)
		}
	}
}

func (r row) checked(check func(*testing.T, map[string]answer)) row {
	r.check = check
	return r
}

func rows() map[string]row {
	secret := []byte("0123456789abcdef0123456789abcdef")
	tokens := jwtauth.New("HS256", secret, nil)
	_, token, _ := tokens.Encode(map[string]any{"sub": "ada"})
	withToken := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	return map[string]row{
		"httprate":      simply(httprate.LimitBy(10_000, time.Minute, peer)).checked(has("page", 200, "X-RateLimit-Limit: 10000")),
		"ulule/limiter": limited().checked(has("page", 200, "X-RateLimit-Limit: 10000")),
		"scs":           sessions().checked(has("page again", 200, "7 visit 2")),
		"gorilla/csrf": {
			middleware: func() (middleware, func(context.Context) string) {
				protect := csrf.Protect(secret, csrf.Secure(false))
				return func(next http.Handler) http.Handler {
						protected := protect(next)
						return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
							protected.ServeHTTP(w, csrf.PlaintextHTTPRequest(r))
						})
					}, func(ctx context.Context) string {
						return fmt.Sprintf("token of %d characters", len(csrf.Token(new(http.Request).WithContext(ctx))))
					}
			},
			check: func(t *testing.T, got map[string]answer) {
				has("page", 200, "token of 88 characters")(t, got)
				has("small body", 403, "Forbidden")(t, got)
			},
		},
		"gzhttp": simply(func(next http.Handler) http.Handler {
			wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(100))
			if err != nil {
				panic(err)
			}
			return wrap(next)
		}).checked(has("page", 200, "Vary: Accept-Encoding")),
		"unrolled/secure": simply(secure.New(secure.Options{FrameDeny: true, ContentTypeNosniff: true}).Handler).checked(has("page", 200, "X-Frame-Options: DENY")),
		"otelhttp":        simply(otelhttp.NewMiddleware("service")),
		"promhttp":        measured(),
		"xid": simply(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", xid.New().String())
				next.ServeHTTP(w, r)
			})
		}).checked(has("page", 200, "X-Request-Id: …")),
		"alice with chi's RequestID, RealIP and NoCache": {
			middleware: func() (middleware, func(context.Context) string) {
				//lint:ignore SA1019 it is what services have
				chain := alice.New(chimiddleware.RequestID, chimiddleware.RealIP, chimiddleware.NoCache)
				return chain.Then, func(ctx context.Context) string { return fmt.Sprint(chimiddleware.GetReqID(ctx) != "") }
			},
			check: has("page", 200, "7 true"),
		},
		"chi.Logger":           simply(chimiddleware.RequestLogger(&chimiddleware.DefaultLogFormatter{Logger: log.New(io.Discard, "", 0), NoColor: true})),
		"chi.Recoverer":        simply(chimiddleware.Recoverer),
		"chi.Compress":         simply(chimiddleware.Compress(5, "text/plain", "text/event-stream")).checked(has("page", 200, "Vary: Accept-Encoding")),
		"chi.Timeout":          simply(chimiddleware.Timeout(time.Minute)),
		"chi.Throttle":         simply(chimiddleware.Throttle(100)),
		"chi.Heartbeat":        simply(chimiddleware.Heartbeat("/ping")),
		"chi.StripSlashes":     simply(chimiddleware.StripSlashes),
		"chi.RequestSize":      simply(chimiddleware.RequestSize(10)).checked(has("large body", 413, "more than 10 bytes")),
		"chi.AllowContentType": simply(chimiddleware.AllowContentType("application/json")).checked(has("small body", 415, "")),
		"chi.BasicAuth": {
			middleware: simply(chimiddleware.BasicAuth("realm", map[string]string{"ada": "lovelace"})).middleware,
			known:      func(r *http.Request) { r.SetBasicAuth("ada", "lovelace") },
			check:      has("page for a stranger", 401, `WWW-Authenticate: Basic realm="realm"`),
		},
		"chi.GetHead": simply(func(next http.Handler) http.Handler { // needs a router of chi around it
			r := chi.NewRouter()
			r.Use(chimiddleware.GetHead)
			r.Mount("/", next)
			return r
		}).checked(has("HEAD", 200, "Content-Type: "+plain)),
		"jwtauth": {
			middleware: func() (middleware, func(context.Context) string) {
				return func(next http.Handler) http.Handler {
						return jwtauth.Verifier(tokens)(jwtauth.Authenticator(tokens)(next))
					}, func(ctx context.Context) string {
						_, claims, err := jwtauth.FromContext(ctx)
						return fmt.Sprint(claims["sub"], " ", err)
					}
			},
			known: withToken,
			check: func(t *testing.T, got map[string]answer) {
				has("page", 200, "7 ada <nil>")(t, got)
				has("page for a stranger", 401, "no token found")(t, got)
			},
		},
		"http.TimeoutHandler": {
			middleware: simply(func(next http.Handler) http.Handler { return http.TimeoutHandler(next, time.Minute, "late") }).middleware,
			buffers:    true,
		},
		"http.MaxBytesHandler":       simply(func(next http.Handler) http.Handler { return http.MaxBytesHandler(next, 10) }).checked(has("large body", 413, "more than 10 bytes")),
		"http.CrossOriginProtection": simply(http.NewCrossOriginProtection().Handler),
	}
}

// sessions counts the visits of a session. A shadow of a request shares its session, and must not count.
func sessions() row {
	return row{middleware: func() (middleware, func(context.Context) string) {
		m := scs.New()
		return m.LoadAndSave, func(ctx context.Context) string {
			n := m.GetInt(ctx, "visits") + 1
			if !migrate.IsShadow(ctx) {
				m.Put(ctx, "visits", n)
			}
			return fmt.Sprint("visit ", n)
		}
	}}
}

func limited() row {
	return row{middleware: func() (middleware, func(context.Context) string) {
		l := limiter.New(memory.NewStore(), limiter.Rate{Period: time.Minute, Limit: 10_000})
		return stdlib.NewMiddleware(l).Handler, nil
	}}
}

// measured is the duration and the size of answers.
func measured() row {
	return row{middleware: func() (middleware, func(context.Context) string) {
		duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "duration"}, []string{"code", "method"})
		size := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "size"}, []string{"code"})
		return func(next http.Handler) http.Handler {
			return promhttp.InstrumentHandlerDuration(duration, promhttp.InstrumentHandlerResponseSize(size, next))
		}, nil
	}}
}

// Package ours serves the workloads with crossfade: in each shape natively, in
// each converted into the other, there and back, and behind a migration.
package ours

import (
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/bench/work"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// The peers. ReqRes and Fetch are the two shapes as users write them.
var (
	ReqRes = peer("reqres", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.ReqRes.On(e.method, e.path, e.old)
	})
	NoETag = peer("reqres (no ETag)", adapt.Config{ReqRes: reqres.Settings{ETag: reqres.NoETag}}, func(r *adapt.Routes, e endpoint) {
		r.ReqRes.On(e.method, e.path, e.old)
	})
	Fetch = peer("fetch", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.Fetch.On(e.method, e.path, e.next)
	})
	ReqResAsFetch = peer("reqres as fetch", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		converted := adapt.ToFetch(e.old)
		// Hidden in a closure, because the mux would call the original.
		r.Fetch.On(e.method, e.path, func(req *fetch.Request) (*fetch.Response, error) { return converted(req) })
	})
	FetchAsReqRes = peer("fetch as reqres", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		converted := adapt.ToReqRes(e.next)
		r.ReqRes.On(e.method, e.path, func(req *reqres.Request, res *reqres.Response) error { return converted(req, res) })
	})
	ReqResAndBack = peer("reqres and back", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.ReqRes.On(e.method, e.path, adapt.ToReqRes(adapt.ToFetch(e.old)))
	})
	FetchAndBack = peer("fetch and back", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.Fetch.On(e.method, e.path, adapt.ToFetch(adapt.ToReqRes(e.next)))
	})
	AtOld = peer("reqres at Old", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.Migrate(e.method, e.path, e.old, e.next).Set(migrate.Plan{Stage: migrate.Old}, "bench")
	})
	AtNew = peer("fetch at New", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.Migrate(e.method, e.path, e.old, e.next).Set(migrate.Plan{Stage: migrate.New}, "bench")
	})
)

// BehindFetch is ReqRes behind middleware of the other shape that only passes on: the usual state
// of a migration.
func BehindFetch() work.Peer {
	return peer("reqres behind fetch", adapt.Config{}, func(r *adapt.Routes, e endpoint) {
		r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
			r.UseFetch(newPass)
			r.ReqRes.On(e.method, e.path, e.old)
		})
	})
}

// Watched pairs, none of whose requests is shadowed.
var (
	OldWatched = peer("reqres watched", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Shadow}, byTenant))
	NewWatched = peer("fetch watched", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Live}, byTenant))

	// Watched are such pairs at each stage, by the side that serves, behind both sides natively.
	Watched = []work.Peer{
		ReqRes, Fetch,
		peer("Shadow", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Shadow}, byTenant)),
		peer("Canary, old", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Canary, Share: 0.0001}, byTenant)),
		peer("Canary, new", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Canary, Share: 1}, byTenant)),
		peer("Own key, new", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Canary, Share: 1}, byAddress)),
		peer("Live", adapt.Config{}, watched(migrate.Plan{Stage: migrate.Live}, byTenant)),
	}
)

// byTenant is a key as the guides have it, byAddress one of a user's own.
var byTenant = migrate.HeaderKey(work.Tenant)

func byAddress(r *http.Request) (string, bool) { return r.RemoteAddr, true }

func watched(plan migrate.Plan, key func(*http.Request) (string, bool)) func(r *adapt.Routes, e endpoint) {
	config := migrate.Config{Plan: plan, Shadow: migrate.ShadowConfig{Sample: -1}, Key: key}
	return func(r *adapt.Routes, e endpoint) {
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) { r.Migrate(e.method, e.path, e.old, e.next) })
	}
}

// All is every peer of this package.
var All = []work.Peer{ReqRes, NoETag, Fetch, ReqResAsFetch, FetchAsReqRes, ReqResAndBack, FetchAndBack, AtOld, AtNew, OldWatched, NewWatched}

// endpoint is one handler in both shapes.
type endpoint struct {
	method, path string
	old          reqres.Handler
	next         fetch.Handler
}

var endpoints = []endpoint{
	{"GET", "/static", oldStatic, newStatic},
	{"GET", "/text", oldText, newText},
	{"GET", "/users/:id", oldUser, newUser},
	{"GET", "/json", oldJSON, newJSON},
	{"POST", "/json", oldPost, newPost},
	{"GET", "/stream", oldStream, newStream},
	{"GET", "/events", oldEvents, newEvents},
	{"GET", "/open", oldOpen, newOpen},
	{"GET", "/cookies", oldCookies, newCookies},
	{"POST", "/upload/form", oldForm, newForm},
	{"POST", "/upload/parts", oldParts, newParts},
	{"GET", "/query", oldQuery, newQuery},
}

var chained = endpoint{"GET", "/chain", oldText, newText}

// peer is a way to register an endpoint, made a peer.
func peer(name string, config adapt.Config, register func(r *adapt.Routes, e endpoint)) work.Peer {
	build := func(config adapt.Config, routes ...func(r *adapt.Routes)) http.Handler {
		mux, err := config.New(routes...)
		if err != nil {
			panic(err)
		}
		return mux
	}
	app := func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Limits: adapt.Limits{Body: 8 << 20}}, func(r *adapt.Routes) {
			for _, e := range endpoints {
				register(r, e)
			}
		})
	}
	return work.Peer{
		Name: name,
		App: func() http.Handler {
			return build(config, app, func(r *adapt.Routes) {
				for range 5 {
					r.UseBoth(newPass, oldPass)
				}
				register(r, chained)
			})
		},
		GitHub: func(routes []work.Route) http.Handler {
			return build(config, func(r *adapt.Routes) {
				for _, route := range routes {
					register(r, endpoint{route.Method, route.Path, oldStatic, sharedStatic})
				}
			})
		},
		CORS: func() http.Handler {
			config := config
			config.CORS = policy(work.Origins)
			return build(config, app, func(r *adapt.Routes) {
				for _, method := range [...]string{"PUT", "PATCH", "DELETE"} {
					register(r, endpoint{method, "/text", oldText, newText})
				}
			})
		},
	}
}

// WithOrigins is the app of Fetch behind a policy for these origins.
func WithOrigins(origins []string) http.Handler {
	mux, err := adapt.Config{CORS: policy(origins)}.New(func(r *adapt.Routes) { r.Fetch.GET("/text", newText) })
	if err != nil {
		panic(err)
	}
	return mux
}

func policy(origins []string) *cors.Policy {
	p, err := cors.New(cors.Config{
		Origins: origins, Methods: work.Methods, RequestHeaders: work.Headers,
		ExposedHeaders: work.Exposed, Credentials: true, MaxAge: work.MaxAge * time.Second,
	})
	if err != nil {
		panic(err)
	}
	return p
}

var noContent = fetch.Must(fetch.NoContent())

// sharedStatic returns one response to everybody, as immutable ones may be.
func sharedStatic(*fetch.Request) (*fetch.Response, error) { return noContent, nil }

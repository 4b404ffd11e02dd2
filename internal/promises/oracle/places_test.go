package oracle_test

// Where a handler may stand. A new place is one entry.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// place puts a handler somewhere: on a route of a mux, or, with serve, under no mux at all.
type place struct {
	name     string
	register func(r *adapt.Routes, h http.Handler)
	serve    func(h http.Handler) http.Handler
}

// on registers h for all methods at the one path that is asked for.
func on(r *adapt.Routes, h http.Handler) {
	for _, method := range []string{"GET", "HEAD", "POST"} {
		r.Handle(method, path, h)
	}
}

func onFetch(r *adapt.Routes, h fetch.Handler)   { r.Fetch.Any(path, h) }
func onReqRes(r *adapt.Routes, h reqres.Handler) { r.ReqRes.Any(path, h) }

const path = "/x"

// reading is middleware that reads the whole response before it passes it on.
func reading(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		res, err := next(req)
		if err != nil || res.Status() == http.StatusSwitchingProtocols {
			return res, err
		}
		return res.Clone()
	}
}

// migrating is a pair whose old or new side is h, at a stage at which that side serves.
func migrating(stage migrate.Stage, isNew bool) func(r *adapt.Routes, h http.Handler) {
	return func(r *adapt.Routes, h http.Handler) {
		config := served.Patient(stage)
		if stage == migrate.Canary {
			config.Plan.Share = 0
			if isNew {
				config.Plan.Share = 1
			}
		}
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				if isNew {
					r.Migrate(method, path, served.OldSays("old"), fetch.FromHTTP(h))
				} else {
					r.Migrate(method, path, reqres.FromHTTP(h), served.Says("new"))
				}
			}
		})
	}
}

// places are all of them. The first is what the others are compared with, net/http itself.
var places = []place{
	{name: "net/http", serve: func(h http.Handler) http.Handler { return h }},
	{name: "Handle", register: on},
	{name: "a reqres route", register: func(r *adapt.Routes, h http.Handler) { onReqRes(r, reqres.FromHTTP(h)) }},
	{name: "a fetch route", register: func(r *adapt.Routes, h http.Handler) { onFetch(r, fetch.FromHTTP(h)) }},
	{name: "behind http middleware", register: func(r *adapt.Routes, h http.Handler) { r.Use(served.PassHTTP); on(r, h) }},
	{name: "behind reqres middleware", register: func(r *adapt.Routes, h http.Handler) { r.UseReqRes(served.PassReqRes); on(r, h) }},
	{name: "behind fetch middleware", register: func(r *adapt.Routes, h http.Handler) { r.UseFetch(served.PassFetch); on(r, h) }},
	{name: "behind middleware of each kind", register: func(r *adapt.Routes, h http.Handler) {
		r.UseFetch(served.PassFetch)
		r.Use(served.PassHTTP)
		r.UseReqRes(served.PassReqRes)
		r.UseFetch(served.PassFetch)
		on(r, h)
	}},
	{name: "behind middleware that reads", register: func(r *adapt.Routes, h http.Handler) { r.UseFetch(reading); on(r, h) }},
	{name: "there and back", register: func(r *adapt.Routes, h http.Handler) {
		onReqRes(r, adapt.ToReqRes(served.PassFetch(adapt.ToFetch(served.PassReqRes(reqres.FromHTTP(h))))))
	}},
	{name: "back and there", register: func(r *adapt.Routes, h http.Handler) {
		onFetch(r, adapt.ToFetch(served.PassReqRes(adapt.ToReqRes(served.PassFetch(fetch.FromHTTP(h))))))
	}},
	{name: "Mount", register: func(r *adapt.Routes, h http.Handler) { r.Mount("/", h) }},
	{name: "a pair at Old", register: migrating(migrate.Old, false)},
	{name: "a pair at Shadow", register: migrating(migrate.Shadow, false)},
	{name: "a pair at Canary, old", register: migrating(migrate.Canary, false)},
	{name: "a pair at Canary, new", register: migrating(migrate.Canary, true)},
	{name: "a pair at New", register: migrating(migrate.New, true)},
	{name: "a fetch handler without a mux", serve: func(h http.Handler) http.Handler { return fetch.FromHTTP(h) }},
	{name: "a reqres handler without a mux", serve: func(h http.Handler) http.Handler { return reqres.FromHTTP(h) }},
	{name: "a mux under StripPrefix", serve: func(h http.Handler) http.Handler {
		mux, err := adapt.New(func(r *adapt.Routes) { on(r, h) })
		if err != nil {
			panic(err)
		}
		return http.StripPrefix("", mux)
	}},
}

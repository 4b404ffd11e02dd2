package oracle_test

// Where a handler may stand. A new place is one entry.

import (
	"net/http"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// subject is a handler in the shape in which it was written: one of these is set.
type subject struct {
	http   http.Handler
	reqres reqres.Handler
	fetch  fetch.Handler

	limits adapt.Limits // of the mux
}

func (s subject) asHTTP() http.Handler {
	switch {
	case s.reqres != nil:
		return s.reqres
	case s.fetch != nil:
		return s.fetch
	}
	return s.http
}

func (s subject) asReqRes() reqres.Handler {
	switch {
	case s.reqres != nil:
		return s.reqres
	case s.fetch != nil:
		return adapt.ToReqRes(s.fetch)
	}
	return reqres.FromHTTP(s.http)
}

func (s subject) asFetch() fetch.Handler {
	switch {
	case s.reqres != nil:
		return adapt.ToFetch(s.reqres)
	case s.fetch != nil:
		return s.fetch
	}
	return fetch.FromHTTP(s.http)
}

// on registers s for all methods at the one path that is asked for.
func (s subject) on(r *adapt.Routes) {
	switch {
	case s.reqres != nil:
		r.ReqRes.Any(path, s.reqres)
	case s.fetch != nil:
		r.Fetch.Any(path, s.fetch)
	default:
		for _, method := range []string{"GET", "HEAD", "POST"} {
			r.Handle(method, path, s.http)
		}
	}
}

// place puts a handler somewhere: on a route of a mux, or, with serve, where it says.
type place struct {
	name     string
	valued   bool // the answer is a value
	register func(r *adapt.Routes, s subject)
	serve    func(t testing.TB, s subject) http.Handler
}

// handler is s at the place.
func (p place) handler(t testing.TB, s subject) http.Handler {
	if p.serve != nil {
		return p.serve(t, s)
	}
	return mux(t, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Limits: s.limits}, func(r *adapt.Routes) { p.register(r, s) })
	})
}

// mux answers by the Standard, as handlers without a mux do. That nothing differs where it answers
// alike is a promise of its own.
func mux(t testing.TB, routes func(*adapt.Routes)) *adapt.Mux {
	return served.NewMux(t, adapt.Config{Answers: adapt.Standard}, routes)
}

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

// migrating is a pair whose old or new side is the subject, at a stage at which that side serves.
// What new fails to answer is an error as anywhere: old does not answer for it.
func migrating(stage migrate.Stage, isNew bool) func(r *adapt.Routes, s subject) {
	return func(r *adapt.Routes, s subject) {
		config := served.Patient(stage)
		config.Fallback, config.Guard.Off = migrate.FallbackOff, true
		if stage == migrate.Canary {
			config.Plan.Share = 0
			if isNew {
				config.Plan.Share = 1
			}
		}
		r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				if isNew {
					r.Migrate(method, path, served.OldSays("old"), s.asFetch())
				} else {
					r.Migrate(method, path, s.asReqRes(), served.Says("new"))
				}
			}
		})
	}
}

// called calls the handler as a function, with a request that was made by hand, and returns its
// response.
func called(h fetch.Handler) fetch.Handler {
	return func(outer *fetch.Request) (*fetch.Response, error) {
		opts := []fetch.RequestOption{fetch.RequestHeaders(outer.Headers())}
		switch {
		case outer.Header("Content-Type") == "application/x-www-form-urlencoded": // of a length
			b, err := outer.Bytes()
			if err != nil {
				return nil, err
			}
			opts = append(opts, fetch.Body(b))
		case outer.Method() == http.MethodPost:
			opts = append(opts, fetch.StreamBody(outer.Reader()))
		}
		return h(fetch.NewRequest(outer.Method(), outer.URL().String(), opts...).WithContext(outer.Context()))
	}
}

// places are all of them. The first is what the others are compared with: the handler itself.
var places = []place{
	{name: "native", serve: func(_ testing.TB, s subject) http.Handler { return s.asHTTP() }},
	{name: "a route of its kind", register: func(r *adapt.Routes, s subject) { s.on(r) }},
	{name: "a reqres route", register: func(r *adapt.Routes, s subject) { r.ReqRes.Any(path, s.asReqRes()) }},
	{name: "a fetch route", register: func(r *adapt.Routes, s subject) { r.Fetch.Any(path, s.asFetch()) }},
	{name: "behind http middleware", register: func(r *adapt.Routes, s subject) { r.Use(served.PassHTTP); s.on(r) }},
	{name: "behind reqres middleware", register: func(r *adapt.Routes, s subject) { r.UseReqRes(served.PassReqRes); s.on(r) }},
	{name: "behind fetch middleware", register: func(r *adapt.Routes, s subject) { r.UseFetch(served.PassFetch); s.on(r) }},
	{name: "behind middleware of each kind", register: func(r *adapt.Routes, s subject) {
		r.UseFetch(served.PassFetch)
		r.Use(served.PassHTTP)
		r.UseReqRes(served.PassReqRes)
		r.UseFetch(served.PassFetch)
		s.on(r)
	}},
	{name: "behind middleware that reads", register: func(r *adapt.Routes, s subject) { r.UseFetch(reading); s.on(r) }},
	{name: "there and back", register: func(r *adapt.Routes, s subject) {
		r.ReqRes.Any(path, adapt.ToReqRes(served.PassFetch(adapt.ToFetch(served.PassReqRes(s.asReqRes())))))
	}},
	{name: "back and there", register: func(r *adapt.Routes, s subject) {
		r.Fetch.Any(path, adapt.ToFetch(served.PassReqRes(adapt.ToReqRes(served.PassFetch(s.asFetch())))))
	}},
	{name: "Mount", register: func(r *adapt.Routes, s subject) { r.Mount("/", s.asHTTP()) }},
	{name: "Legacy", register: func(r *adapt.Routes, s subject) { r.Legacy("/", adapt.App{Handler: s.asHTTP()}) }},
	{name: "a mux in a mux", serve: func(t testing.TB, s subject) http.Handler {
		inner := mux(t, func(r *adapt.Routes) { r.Scope(adapt.Scope{Limits: s.limits}, func(r *adapt.Routes) { s.on(r) }) })
		return mux(t, func(r *adapt.Routes) { r.UseFetch(served.PassFetch); r.Mount("/", inner) })
	}},
	{name: "behind middleware that is converted", register: func(r *adapt.Routes, s subject) {
		r.UseFetch(adapt.ToFetchMiddleware(served.PassReqRes))
		r.UseReqRes(adapt.ToReqResMiddleware(served.PassFetch))
		s.on(r)
	}},
	{name: "a pair at Old", register: migrating(migrate.Old, false)},
	{name: "a pair at Shadow", register: migrating(migrate.Shadow, false)},
	{name: "a pair at Canary, old", register: migrating(migrate.Canary, false)},
	{name: "a pair at Canary, new", register: migrating(migrate.Canary, true)},
	{name: "a pair at Live", register: migrating(migrate.Live, true)},
	{name: "a pair at New", register: migrating(migrate.New, true)},
	{name: "mux.Fetch", valued: true, serve: func(t testing.TB, s subject) http.Handler {
		return fetch.Handler(mux(t, func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Limits: s.limits}, func(r *adapt.Routes) { s.on(r) })
		}).Fetch)
	}},
	{name: "called as a function", valued: true, serve: func(_ testing.TB, s subject) http.Handler { return called(s.asFetch()) }},
	{name: "a fetch handler without a mux", serve: func(_ testing.TB, s subject) http.Handler { return s.asFetch() }},
	{name: "a reqres handler without a mux", serve: func(_ testing.TB, s subject) http.Handler { return s.asReqRes() }},
	{name: "a mux under StripPrefix", serve: func(t testing.TB, s subject) http.Handler {
		return http.StripPrefix("", mux(t, func(r *adapt.Routes) { s.on(r) }))
	}},
}

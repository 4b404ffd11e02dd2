package main

// The service on one page. Each line says in which shape its endpoint is
// written; everything else about an endpoint (its path, who may call it, what is
// logged) is the same for both, so that moving one changes its line and its
// handler, and nothing around them.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/fetch"
)

func (a *app) routes(r *adapt.Routes) {
	r.OnEnd(adapt.RequestLog(a.log))
	r.OnHead(adapt.SecurityHeaders())
	r.Use(http.NewCrossOriginProtection().Handler) // no other site's page may write here

	r.Handle("GET", "/healthz", http.HandlerFunc(a.healthz))
	r.Fetch.GET("/", toPage)
	r.Scope(adapt.Scope{}, a.page)
	r.Mount("/admin/migrations", dashboard.New(dashboard.Config{Title: "Cocktails", Authorize: a.mayMigrate}))

	r.ReqRes.POST("/api/login", a.login)
	r.ReqRes.POST("/api/logout", a.logout)
	r.Scope(adapt.Scope{Prefix: "/api/cocktails"}, a.public)
	r.Scope(adapt.Scope{Prefix: "/api/likes"}, a.stream)
	r.Scope(adapt.Scope{Prefix: "/api"}, a.members)
}

// public is what one can see without a name.
func (a *app) public(r *adapt.Routes) {
	r.Fetch.GET("/", a.list)
	r.WithGuard(a.findUser).Fetch.GET("/random", a.random)
	r.ReqRes.GET("/search", a.search)
	r.Scope(adapt.Scope{Migration: a.migration}, func(r *adapt.Routes) {
		a.pair = r.Migrate("GET", "/:id", a.oldCocktail, a.next)
	})
}

// stream lasts longer than other answers may.
func (a *app) stream(r *adapt.Routes) {
	r.Use(withoutWriteTimeout)
	r.Fetch.GET("/", a.events)
}

// members is for those who have logged in. A guard is written once, in no shape,
// and stands before old and new endpoints alike.
func (a *app) members(r *adapt.Routes) {
	r.Guard(a.requireUser)
	r.Fetch.GET("/me", a.me)
	r.ReqRes.POST("/cocktails/:id/like", a.like)

	r.Scope(adapt.Scope{Prefix: "/admin"}, func(r *adapt.Routes) {
		r.Guard(requireAdmin)
		r.Fetch.Route("/migration", fetch.Methods{GET: a.showMigration, PUT: a.setMigration, DELETE: a.rollBack, POST: a.resetMigration})
	})
}

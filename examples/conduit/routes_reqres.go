package main

// The first step: the port of the service on Express, a line of it a line here.

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

func (a *app) ported(r *adapt.Routes) {
	r.ReqRes.GET("/", status)
	r.ReqRes.GET("/tags", a.tags)
	r.With(noStore).ReqRes.POST("/users", a.register)
	r.With(noStore).ReqRes.POST("/users/login", a.login)

	r.WithGuard(a.optional).ReqRes.GET("/profiles/:username", a.profile)
	r.WithGuard(a.optional).ReqRes.GET("/articles", a.articles)
	r.WithGuard(a.optional).ReqRes.GET("/articles/:slug", a.article)
	r.WithGuard(a.optional).ReqRes.GET("/articles/:slug/comments", a.comments)

	r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
		r.Guard(a.required)
		r.With(noStore).ReqRes.GET("/user", a.me)
		r.With(noStore).ReqRes.PUT("/user", a.changeMe)
		r.ReqRes.POST("/profiles/:username/follow", a.follow)
		r.ReqRes.DELETE("/profiles/:username/follow", a.unfollow)
		r.ReqRes.GET("/articles/feed", a.feed)
		r.ReqRes.POST("/articles", a.publish)
		r.ReqRes.PUT("/articles/:slug", a.edit)
		r.ReqRes.DELETE("/articles/:slug", a.remove)
		r.ReqRes.POST("/articles/:slug/favorite", a.favorite)
		r.ReqRes.DELETE("/articles/:slug/favorite", a.unfavorite)
		r.ReqRes.POST("/articles/:slug/comments", a.comment)
		r.ReqRes.DELETE("/articles/:slug/comments/:id", a.uncomment)
	})
}

// status says that the service is there.
func status(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(map[string]string{"status": "API is running on /api"})
}

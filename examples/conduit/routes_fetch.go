package main

// The last step: the mutable shape is gone, with the files whose names end in _reqres.

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
)

func (a *app) moved(r *adapt.Routes) {
	r.Fetch.GET("/", statusFetch)
	r.Fetch.GET("/tags", a.tagsFetch)
	r.With(noStore).Fetch.POST("/users", a.registerFetch)
	r.With(noStore).Fetch.POST("/users/login", a.loginFetch)

	r.WithGuard(a.optional).Fetch.GET("/profiles/:username", a.profileFetch)
	r.WithGuard(a.optional).Fetch.GET("/articles", a.articlesFetch)
	r.WithGuard(a.optional).Fetch.GET("/articles/:slug", a.articleFetch)
	r.WithGuard(a.optional).Fetch.GET("/articles/:slug/comments", a.commentsFetch)

	r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
		r.Guard(a.required)
		r.With(noStore).Fetch.GET("/user", a.meFetch)
		r.With(noStore).Fetch.PUT("/user", a.changeMeFetch)
		r.Fetch.POST("/profiles/:username/follow", a.followFetch)
		r.Fetch.DELETE("/profiles/:username/follow", a.unfollowFetch)
		r.Fetch.GET("/articles/feed", a.feedFetch)
		r.Fetch.POST("/articles", a.publishFetch)
		r.Fetch.PUT("/articles/:slug", a.editFetch)
		r.Fetch.DELETE("/articles/:slug", a.removeFetch)
		r.Fetch.POST("/articles/:slug/favorite", a.favoriteFetch)
		r.Fetch.DELETE("/articles/:slug/favorite", a.unfavoriteFetch)
		r.Fetch.POST("/articles/:slug/comments", a.commentFetch)
		r.Fetch.DELETE("/articles/:slug/comments/:id", a.uncommentFetch)
	})
}

func statusFetch(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(map[string]string{"status": "API is running on /api"})
}

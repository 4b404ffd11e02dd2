package main

// On the way: each endpoint has both its sides, and a plan says which of them serves.

import "github.com/crossfade-go/crossfade/adapt"

func (a *app) moving(r *adapt.Routes) {
	r.Migrate("GET", "/", status, statusFetch)
	r.Migrate("GET", "/tags", a.tags, a.tagsFetch)
	r.With(noStore).Migrate("POST", "/users", a.register, a.registerFetch)
	r.With(noStore).Migrate("POST", "/users/login", a.login, a.loginFetch)

	r.WithGuard(a.optional).Migrate("GET", "/profiles/:username", a.profile, a.profileFetch)
	r.WithGuard(a.optional).Migrate("GET", "/articles", a.articles, a.articlesFetch)
	r.WithGuard(a.optional).Migrate("GET", "/articles/:slug", a.article, a.articleFetch)
	r.WithGuard(a.optional).Migrate("GET", "/articles/:slug/comments", a.comments, a.commentsFetch)

	r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
		r.Guard(a.required)
		r.With(noStore).Migrate("GET", "/user", a.me, a.meFetch)
		r.With(noStore).Migrate("PUT", "/user", a.changeMe, a.changeMeFetch)
		r.Migrate("POST", "/profiles/:username/follow", a.follow, a.followFetch)
		r.Migrate("DELETE", "/profiles/:username/follow", a.unfollow, a.unfollowFetch)
		r.Migrate("GET", "/articles/feed", a.feed, a.feedFetch)
		r.Migrate("POST", "/articles", a.publish, a.publishFetch)
		r.Migrate("PUT", "/articles/:slug", a.edit, a.editFetch)
		r.Migrate("DELETE", "/articles/:slug", a.remove, a.removeFetch)
		r.Migrate("POST", "/articles/:slug/favorite", a.favorite, a.favoriteFetch)
		r.Migrate("DELETE", "/articles/:slug/favorite", a.unfavorite, a.unfavoriteFetch)
		r.Migrate("POST", "/articles/:slug/comments", a.comment, a.commentFetch)
		r.Migrate("DELETE", "/articles/:slug/comments/:id", a.uncomment, a.uncommentFetch)
	})
}

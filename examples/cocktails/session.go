package main

// Who is asking. The session is a random token in a cookie; the middleware finds
// its user and leaves them in the context, where handlers of both shapes look.

import (
	"context"

	"github.com/crossfade-go/crossfade/fetch"
)

const sessionCookie = "session"

var (
	errLoggedOut = fetch.Errorf(401, "log in first")
	errNoAdmin   = fetch.Errorf(403, "only an administrator may do this")
)

type userKey struct{}

// userOf returns the user that requireUser has found.
func userOf(ctx context.Context) user { return ctx.Value(userKey{}).(user) }

// requireUser lets only those pass who have logged in.
func (a *app) requireUser(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		token, ok := req.Cookie(sessionCookie)
		if !ok {
			return nil, errLoggedOut
		}
		u, err := a.store.sessionUser(req.Context(), token)
		if err != nil {
			return nil, err
		}
		return next(req.WithContext(context.WithValue(req.Context(), userKey{}, u)))
	}
}

// requireAdmin stands behind requireUser.
func requireAdmin(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		if !userOf(req.Context()).Admin {
			return nil, errNoAdmin
		}
		return next(req)
	}
}

// me tells the page who has logged in.
func (a *app) me(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(userOf(req.Context()))
}

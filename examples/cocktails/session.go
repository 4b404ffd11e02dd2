package main

// Who is asking. The session is a random token in a cookie; a guard finds its user
// and leaves them in the context, where handlers of both shapes look. A guard has no
// shape: it is asked before a handler of any shape runs.

import (
	"context"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/fetch"
)

const sessionCookie = "session"

var (
	errLoggedOut = fetch.Errorf(401, "log in first")
	errNoAdmin   = fetch.Errorf(403, "only an administrator may do this")
)

type userKey struct{}

// userOf returns the user that a guard has found; the zero user is nobody.
func userOf(ctx context.Context) user { u, _ := ctx.Value(userKey{}).(user); return u }

// findUser is the optional login: it lets everybody pass.
func (a *app) findUser(r *http.Request) (context.Context, error) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil, nil
	}
	u, err := a.store.sessionUser(r.Context(), cookie.Value)
	if errors.Is(err, errLoggedOut) {
		return nil, nil
	}
	return context.WithValue(r.Context(), userKey{}, u), err
}

// requireUser lets only those pass who have logged in.
func (a *app) requireUser(r *http.Request) (context.Context, error) {
	ctx, err := a.findUser(r)
	if ctx == nil && err == nil {
		err = errLoggedOut
	}
	return ctx, err
}

// requireAdmin is the role; it stands behind requireUser.
func requireAdmin(r *http.Request) (context.Context, error) {
	if !userOf(r.Context()).Admin {
		return nil, errNoAdmin
	}
	return nil, nil
}

// me tells the page who has logged in.
func (a *app) me(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(userOf(req.Context()))
}

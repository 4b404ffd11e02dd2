package main

// Who asks. A guard has no shape: it finds the user before a handler of either shape runs, and leaves
// them in the context.

import (
	"context"
	"net/http"
	"strings"
)

var (
	errNoToken  = fault(401, "token", "is missing")
	errBadToken = fault(401, "token", "is invalid")
)

type userKey struct{}

// userOf returns who asks; the zero user is nobody.
func userOf(ctx context.Context) user { u, _ := ctx.Value(userKey{}).(user); return u }

// optional lets everybody pass, but with a token that is wrong.
func (a *app) optional(r *http.Request) (context.Context, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if scheme != "Token" && scheme != "Bearer" {
		return nil, nil
	}
	id, _ := a.tokens.read(token, a.clock())
	u, ok := a.store.user(id)
	if !ok {
		return nil, errBadToken
	}
	return context.WithValue(r.Context(), userKey{}, u), nil
}

// required lets users pass.
func (a *app) required(r *http.Request) (context.Context, error) {
	ctx, err := a.optional(r)
	if ctx == nil && err == nil {
		err = errNoToken
	}
	return ctx, err
}

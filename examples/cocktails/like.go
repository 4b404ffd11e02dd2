package main

// A like on its way from one user to all who listen.

import (
	"errors"

	"github.com/crossfade-go/crossfade/reqres"
)

// like counts one like of the user, however often they ask.
func (a *app) like(req *reqres.Request, res *reqres.Response) error {
	l, err := a.store.like(req.Context(), req.Param("id"), userOf(req.Context()).Name)
	if errors.Is(err, errNoCocktail) {
		return res.Status(404).JSON(problem{"there is no such cocktail"})
	}
	if err != nil {
		return err
	}
	a.likes.publish(l)
	return res.JSON(l)
}

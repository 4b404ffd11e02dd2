package main

// GET /api/cocktails/:id is under migration: both sides are here, and which one
// serves is decided at run time (migration.go). They must answer alike; the test
// asks both.

import (
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// problem is the body of an error that an old handler answers itself. An error
// that is returned gets the same body, in either shape.
type problem struct {
	Error string `json:"error"`
}

// sideHeader tells the story, and the tests, which side has answered, since nothing else of an answer
// does. Its value may differ: a comparison expects no two timings to be the same.
const sideHeader = "Server-Timing"

// oldCocktail writes into its response, as it did in Express:
//
//	app.get('/api/cocktails/:id', async (req, res) => {
//	  const cocktail = await db.cocktail(req.params.id)
//	  if (!cocktail) {
//	    return res.status(404).json({ error: 'there is no such cocktail' })
//	  }
//	  res.set('Cache-Control', 'no-cache').json(cocktail)
//	})
func (a *app) oldCocktail(req *reqres.Request, res *reqres.Response) error {
	res.Set(sideHeader, "reqres")
	c, err := a.store.cocktail(req.Context(), req.Param("id"))
	if errors.Is(err, errNoCocktail) {
		return res.Status(404).JSON(problem{"there is no such cocktail"})
	}
	if err != nil {
		return err
	}
	return res.Set("Cache-Control", "no-cache").JSON(c)
}

// newCocktail returns its response. errNoCocktail knows its status, so that
// there is nothing to say about it here.
func (a *app) newCocktail(req *fetch.Request) (*fetch.Response, error) {
	c, err := a.store.cocktail(req.Context(), req.Param("id"))
	if err != nil {
		return nil, crossfade.WithHeader(err, sideHeader, "fetch")
	}
	return fetch.JSON(c, fetch.SetHeader("Cache-Control", "no-cache"), fetch.SetHeader(sideHeader, "fetch"))
}

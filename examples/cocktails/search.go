package main

// Old shape, line by line as it was in Express.

import "github.com/crossfade-go/crossfade/reqres"

// search lists the cocktails with an ingredient.
//
//	app.get('/api/cocktails/search', async (req, res) => {
//	  const ingredient = req.query.ingredient
//	  if (!ingredient) {
//	    return res.status(400).json({ error: 'say which ingredient: ?ingredient=gin' })
//	  }
//	  res.json(await db.search(ingredient))
//	})
func (a *app) search(req *reqres.Request, res *reqres.Response) error {
	ingredient := req.Query("ingredient")
	if ingredient == "" {
		return res.Status(400).JSON(problem{"say which ingredient: ?ingredient=gin"})
	}
	found, err := a.store.search(req.Context(), ingredient)
	if err != nil {
		return err
	}
	return res.JSON(found)
}

package main

// The two endpoints that are on their way, ported line by line: beside each line is the one of
// app.js.

import (
	"strings"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Price int    `json:"price"`
	Note  string `json:"note,omitempty"`
}

var products = []product{
	{ID: "1", Name: "Teapot", Price: 2400},
	{ID: "2", Name: "Tea & Co. Earl Grey", Price: 850, Note: strings.Repeat("long leaves, ", 200)},
	{ID: "3", Name: "Tasse à thé", Price: 600},
}

func find(id string) (product, bool) {
	for _, p := range products {
		if p.ID == id {
			return p, true
		}
	}
	return product{}, false
}

func getProduct(req *reqres.Request, res *reqres.Response) error { // app.get('/products/:id', function getProduct(req, res) {
	p, ok := find(req.Param("id")) //                                     const product = products.find((p) => p.id === req.params.id);
	if !ok {                       //                                     if (!product) {
		return res.Status(404).JSON(map[string]string{"error": "no such product"}) //  return res.status(404).json({ error: 'no such product' });
	} //                                                                  }
	return res.Set("Cache-Control", "public, max-age=60").JSON(p) //      res.set('Cache-Control', 'public, max-age=60').json(product);
}

func search(req *reqres.Request, res *reqres.Response) error { // app.get('/search', function search(req, res) {
	q := strings.ToLower(req.Query("q")) //                        const q = String(req.query.q ?? '').toLowerCase();
	found := []string{}                  //                        const found = products.filter(…).map((p) => p.name);
	for _, p := range products {
		if q != "" && strings.Contains(strings.ToLower(p.Name), q) {
			found = append(found, p.Name)
		}
	}
	res.Cookie("last", q, crossfade.CookieOptions{MaxAge: time.Minute, HTTPOnly: true}) // res.cookie('last', q, { maxAge: 60000, httpOnly: true })
	return res.Vary("Accept-Language").JSON(searched{q, found})                         //    .vary('Accept-Language').json({ q, found });
}

type searched struct {
	Q     string   `json:"q"`
	Found []string `json:"found"`
}

// getProductNew is the last step: the same endpoint in the fetch shape. Express adds an ETag to
// every answer, so it stands behind fetch.ETag.
func getProductNew(req *fetch.Request) (*fetch.Response, error) {
	p, ok := find(req.Param("id"))
	if !ok {
		return fetch.JSON(map[string]string{"error": "no such product"}, fetch.Status(404))
	}
	return fetch.JSON(p, fetch.SetHeader("Cache-Control", "public, max-age=60"))
}

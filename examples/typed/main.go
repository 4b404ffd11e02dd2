// Command typed is a service in which a type is written once: schema.sql says what a cocktail is.
// sqlc makes the Go types and the queries of it, fetch.Typed serves them, and contrib/openapi makes
// the document of the API and the client that the page uses. A column that is renamed is an error
// of the Go compiler here, and one of tsc in web/app.ts, before anybody has started anything.
//
//	go run -C examples/typed .    # then open http://localhost:8080
package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log"
	"net/http"

	_ "modernc.org/sqlite" // in Go, so that the program needs no C compiler

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"

	"github.com/crossfade-go/crossfade/examples/typed/store"
)

//go:embed schema.sql
var schema string

//go:embed web
var files embed.FS

//go:embed openapi.json
var document []byte

func main() {
	db, err := open(context.Background(), "file:cocktails.db")
	if err != nil {
		log.Fatal(err)
	}
	mux, err := newMux(db)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}

// open opens the database, and makes its tables where there are none.
func open(ctx context.Context, source string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // SQLite writes one at a time anyway, and a database in memory lives in its one connection
	var n int
	if err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'cocktails'").Scan(&n); err == nil && n == 0 {
		_, err = db.ExecContext(ctx, schema)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// newMux is the whole service.
func newMux(db *sql.DB) (*adapt.Mux, error) {
	a := app{store.New(db)}
	page, err := fs.Sub(files, "web")
	if err != nil {
		return nil, err
	}
	return adapt.New(func(r *adapt.Routes) {
		r.Use(http.NewCrossOriginProtection().Handler) // no other site's page may write here
		r.Fetch.Route("/api/cocktails", fetch.Methods{
			GET:  fetch.Typed(a.list),
			POST: fetch.Typed(a.create, fetch.Status(201), fetch.Fails(409)),
		})
		r.Fetch.Route("/api/cocktails/:id", fetch.Methods{
			GET:    fetch.Typed(a.get, fetch.Fails(404)),
			DELETE: fetch.Typed(a.remove, fetch.Fails(404)),
		})
		r.Fetch.POST("/api/cocktails/:id/like", fetch.Typed(a.like, fetch.Fails(404)))
		r.Fetch.GET("/openapi.json", func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Bytes(document, fetch.SetHeader("Content-Type", "application/json"))
		})
		r.Mount("/", http.FileServerFS(page))
	})
}

// app has the queries. Its methods are the endpoints, and know nothing of HTTP but what an error is
// answered with.
type app struct{ *store.Queries }

type filter struct {
	// Glass leaves out the cocktails of all other glasses.
	Glass *string `query:"glass"`
	Limit int64   `query:"limit" default:"50" validate:"min=1,max=100"`
}

// Validate asks the tags.
func (f filter) Validate() error { return valid(f) }

// list returns the cocktails, by their names.
func (a app) list(ctx context.Context, in filter) ([]store.Cocktail, error) {
	arg := store.ListCocktailsParams{Most: in.Limit}
	if in.Glass != nil {
		arg.Glass = *in.Glass
	}
	return a.ListCocktails(ctx, arg)
}

type byID struct {
	ID int64 `path:"id"`
}

// get returns one cocktail.
func (a app) get(ctx context.Context, in byID) (store.Cocktail, error) {
	c, err := a.GetCocktail(ctx, in.ID)
	return c, found(err)
}

type draft struct {
	// Name is that on the menu; no two cocktails share one.
	Name  string  `json:"name" required:"true" validate:"min=2,max=40"`
	Glass string  `json:"glass" required:"true" validate:"oneof=coupe highball tumbler"`
	Note  *string `json:"note" validate:"omitempty,max=200"`
}

// Validate asks the tags.
func (d draft) Validate() error { return valid(d) }

// create adds a cocktail.
func (a app) create(ctx context.Context, in draft) (store.Cocktail, error) {
	c, err := a.CreateCocktail(ctx, store.CreateCocktailParams(in))
	if taken(err) {
		return c, crossfade.Errorf(http.StatusConflict, "there is a cocktail of that name")
	}
	return c, err
}

// like counts one like.
func (a app) like(ctx context.Context, in byID) (store.Cocktail, error) {
	c, err := a.LikeCocktail(ctx, in.ID)
	return c, found(err)
}

// remove takes a cocktail from the menu.
func (a app) remove(ctx context.Context, in byID) (struct{}, error) {
	n, err := a.DeleteCocktail(ctx, in.ID)
	if err == nil && n == 0 {
		err = sql.ErrNoRows
	}
	return struct{}{}, found(err)
}

var errNoCocktail = crossfade.Errorf(http.StatusNotFound, "there is no such cocktail")

// found is err, in the words of the API where there is no row.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errNoCocktail
	}
	return err
}

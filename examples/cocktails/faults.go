package main

// What the story plants in the new side of GET /api/cocktails/:id: mistakes that
// are made, and found, in real migrations.

import (
	"errors"
	"sync/atomic"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

type fault int32

const (
	sound     fault = iota
	wrongType       // a number became a string
	failing         // every request ends in an error
)

// faulty is newCocktail with the fault that is planted at the moment.
type faulty struct {
	*app
	now atomic.Int32
}

func (f *faulty) plant(what fault) { f.now.Store(int32(what)) }

func (f *faulty) cocktail(req *fetch.Request) (*fetch.Response, error) {
	switch fault(f.now.Load()) {
	case wrongType:
		return f.draft(req)
	case failing:
		return nil, errors.New("no connection to the new database")
	}
	return f.newCocktail(req)
}

// draft was somebody's first version. Its tag makes a string of the number, as
// another service once wanted it.
func (f *faulty) draft(req *fetch.Request) (*fetch.Response, error) {
	c, err := f.store.cocktail(req.Context(), req.Param("id"))
	if err != nil {
		return nil, crossfade.WithHeader(err, sideHeader, "fetch")
	}
	return fetch.JSON(struct {
		cocktail
		Likes int `json:"likes,string"`
	}{c, c.Likes}, fetch.SetHeader("Cache-Control", "no-cache"), fetch.SetHeader(sideHeader, "fetch"))
}

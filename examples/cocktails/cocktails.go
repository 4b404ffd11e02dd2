package main

// New shape: a function from a request to a response or an error.

import "github.com/crossfade-go/crossfade/fetch"

func (a *app) list(req *fetch.Request) (*fetch.Response, error) {
	all, err := a.store.list(req.Context())
	if err != nil {
		return nil, err
	}
	return fetch.JSON(all)
}

// random offers those who have logged in what they do not like yet.
func (a *app) random(req *fetch.Request) (*fetch.Response, error) {
	c, err := a.store.random(req.Context(), userOf(req.Context()).Name)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(c, fetch.SetHeader("Cache-Control", "no-store"))
}

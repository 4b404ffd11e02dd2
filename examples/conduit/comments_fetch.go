package main

// Comments.

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

func (a *app) commentsFetch(req *fetch.Request) (*fetch.Response, error) {
	all, err := a.store.commentsOn(req.Param("slug"), userOf(req.Context()).id)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(commentsBody{all})
}

func (a *app) commentFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[newComment](req)
	if err != nil {
		return nil, err
	}
	said, err := a.store.say(req.Param("slug"), in.Comment.Body, userOf(req.Context()).id)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(commentBody{said}, fetch.Status(201))
}

func (a *app) uncommentFetch(req *fetch.Request) (*fetch.Response, error) {
	id, err := crossfade.Value("id", req.Param("id"), int64(0))
	if err != nil {
		return nil, err
	}
	if err := a.store.unsay(req.Param("slug"), id, userOf(req.Context()).id); err != nil {
		return nil, err
	}
	return fetch.NoContent()
}

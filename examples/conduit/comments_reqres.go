package main

// Comments, as they were on Express.

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/reqres"
)

func (a *app) comments(req *reqres.Request, res *reqres.Response) error {
	all, err := a.store.commentsOn(req.Param("slug"), userOf(req.Context()).id)
	if err != nil {
		return err
	}
	return res.JSON(commentsBody{all})
}

func (a *app) comment(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[newComment](req)
	if err != nil {
		return err
	}
	said, err := a.store.say(req.Param("slug"), in.Comment.Body, userOf(req.Context()).id)
	if err != nil {
		return err
	}
	return res.Status(201).JSON(commentBody{said})
}

func (a *app) uncomment(req *reqres.Request, res *reqres.Response) error {
	id, err := crossfade.Value("id", req.Param("id"), int64(0))
	if err != nil {
		return err
	}
	if err := a.store.unsay(req.Param("slug"), id, userOf(req.Context()).id); err != nil {
		return err
	}
	return res.Status(204).End()
}

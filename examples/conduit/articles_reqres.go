package main

// Articles, their tags and favorites, as they were on Express.

import (
	"net/url"

	"github.com/crossfade-go/crossfade/reqres"
)

func (a *app) articles(req *reqres.Request, res *reqres.Response) error {
	page, err := pageOf(req.Query)
	if err != nil {
		return err
	}
	f := filter{tag: req.Query("tag"), author: req.Query("author"), favorited: req.Query("favorited"), page: page}
	return res.JSON(a.store.list(f, userOf(req.Context()).id))
}

func (a *app) feed(req *reqres.Request, res *reqres.Response) error {
	page, err := pageOf(req.Query)
	if err != nil {
		return err
	}
	reader := userOf(req.Context()).id
	return res.JSON(a.store.list(filter{feedOf: reader, page: page}, reader))
}

func (a *app) article(req *reqres.Request, res *reqres.Response) error {
	found, err := a.store.article(req.Param("slug"), userOf(req.Context()).id)
	if err != nil {
		return err
	}
	return res.JSON(articleBody{found})
}

func (a *app) publish(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[newArticle](req)
	if err != nil {
		return err
	}
	text := articleText{in.Article.Title, in.Article.Description, in.Article.Body, in.Article.TagList}
	published := a.store.publish(text, userOf(req.Context()).id)
	return res.Status(201).Set("Location", "/api/articles/"+url.PathEscape(published.Slug)).JSON(articleBody{published})
}

func (a *app) edit(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[articleChange](req)
	if err != nil {
		return err
	}
	edited, err := a.store.edit(req.Param("slug"), userOf(req.Context()).id, in.apply)
	if err != nil {
		return err
	}
	return res.JSON(articleBody{edited})
}

func (a *app) remove(req *reqres.Request, res *reqres.Response) error {
	if err := a.store.remove(req.Param("slug"), userOf(req.Context()).id); err != nil {
		return err
	}
	return res.Status(204).End()
}

func (a *app) favorite(req *reqres.Request, res *reqres.Response) error {
	liked, err := a.store.favorite(req.Param("slug"), userOf(req.Context()).id, true)
	if err != nil {
		return err
	}
	return res.JSON(articleBody{liked})
}

func (a *app) unfavorite(req *reqres.Request, res *reqres.Response) error {
	liked, err := a.store.favorite(req.Param("slug"), userOf(req.Context()).id, false)
	if err != nil {
		return err
	}
	return res.JSON(articleBody{liked})
}

func (a *app) tags(req *reqres.Request, res *reqres.Response) error {
	res.Set("Cache-Control", "public, max-age=60")
	return res.JSON(tagsBody{a.store.tags()})
}

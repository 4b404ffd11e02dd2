package main

// Articles, their tags and favorites.

import (
	"net/url"

	"github.com/crossfade-go/crossfade/fetch"
)

func (a *app) articlesFetch(req *fetch.Request) (*fetch.Response, error) {
	page, err := pageOf(req.Query)
	if err != nil {
		return nil, err
	}
	f := filter{tag: req.Query("tag"), author: req.Query("author"), favorited: req.Query("favorited"), page: page}
	return fetch.JSON(a.store.list(f, userOf(req.Context()).id))
}

func (a *app) feedFetch(req *fetch.Request) (*fetch.Response, error) {
	page, err := pageOf(req.Query)
	if err != nil {
		return nil, err
	}
	reader := userOf(req.Context()).id
	return fetch.JSON(a.store.list(filter{feedOf: reader, page: page}, reader))
}

func (a *app) articleFetch(req *fetch.Request) (*fetch.Response, error) {
	found, err := a.store.article(req.Param("slug"), userOf(req.Context()).id)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(articleBody{found})
}

func (a *app) publishFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[newArticle](req)
	if err != nil {
		return nil, err
	}
	text := articleText{in.Article.Title, in.Article.Description, in.Article.Body, in.Article.TagList}
	published := a.store.publish(text, userOf(req.Context()).id)
	return fetch.JSON(articleBody{published},
		fetch.Status(201),
		fetch.SetHeader("Location", "/api/articles/"+url.PathEscape(published.Slug)))
}

func (a *app) editFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[articleChange](req)
	if err != nil {
		return nil, err
	}
	edited, err := a.store.edit(req.Param("slug"), userOf(req.Context()).id, in.apply)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(articleBody{edited})
}

func (a *app) removeFetch(req *fetch.Request) (*fetch.Response, error) {
	if err := a.store.remove(req.Param("slug"), userOf(req.Context()).id); err != nil {
		return nil, err
	}
	return fetch.NoContent()
}

func (a *app) favoriteFetch(req *fetch.Request) (*fetch.Response, error) {
	liked, err := a.store.favorite(req.Param("slug"), userOf(req.Context()).id, true)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(articleBody{liked})
}

func (a *app) unfavoriteFetch(req *fetch.Request) (*fetch.Response, error) {
	liked, err := a.store.favorite(req.Param("slug"), userOf(req.Context()).id, false)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(articleBody{liked})
}

func (a *app) tagsFetch(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(tagsBody{a.store.tags()}, fetch.SetHeader("Cache-Control", "public, max-age=60"))
}

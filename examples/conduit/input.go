package main

// What the API is told. The types check themselves, for handlers of both shapes.

import (
	"encoding/json"
	"maps"

	"github.com/crossfade-go/crossfade"
)

const blank = "can't be blank"

// member is a member of an object that may be absent, and leaves a value as it is, or be null.
type member[T any] struct {
	given, null bool
	value       T
}

func (m *member[T]) UnmarshalJSON(text []byte) error {
	m.given, m.null = true, string(text) == "null"
	return json.Unmarshal(text, &m.value)
}

// needs says which of the named values are empty.
func needs(values map[string]string) error {
	maps.DeleteFunc(values, func(_, value string) bool { return value != "" })
	for name := range values {
		values[name] = blank
	}
	return crossfade.Invalid(values)
}

type registration struct {
	User struct{ Username, Email, Password string }
}

func (in registration) Validate() error {
	return needs(map[string]string{"username": in.User.Username, "email": in.User.Email, "password": in.User.Password})
}

type credentials struct {
	User struct{ Email, Password string }
}

func (in credentials) Validate() error {
	return needs(map[string]string{"email": in.User.Email, "password": in.User.Password})
}

type userChange struct {
	User struct {
		Username, Email, Password member[string]
		Bio, Image                member[string]
	}
}

func (in userChange) Validate() error {
	wrong := map[string]string{}
	for name, m := range map[string]member[string]{"username": in.User.Username, "email": in.User.Email, "password": in.User.Password} {
		if m.given && m.value == "" {
			wrong[name] = blank
		}
	}
	return crossfade.Invalid(wrong)
}

// apply makes the changes that were asked for. An empty bio is none.
func (in userChange) apply(u *user, rounds int) error {
	in.User.Username.apply(&u.username)
	in.User.Email.apply(&u.email)
	for to, m := range map[**string]member[string]{&u.bio: in.User.Bio, &u.image: in.User.Image} {
		if m.given {
			*to = nil
		}
		if m.value != "" {
			*to = &m.value
		}
	}
	if !in.User.Password.given {
		return nil
	}
	return u.setPassword(in.User.Password.value, rounds)
}

type newArticle struct {
	Article struct {
		Title, Description, Body string
		TagList                  []string
	}
}

func (in newArticle) Validate() error {
	return needs(map[string]string{"title": in.Article.Title, "description": in.Article.Description, "body": in.Article.Body})
}

type articleChange struct {
	Article struct {
		Title, Description, Body member[string]
		TagList                  member[[]string]
	}
}

func (in articleChange) Validate() error {
	wrong := map[string]string{}
	for name, m := range map[string]member[string]{"title": in.Article.Title, "description": in.Article.Description, "body": in.Article.Body} {
		if m.given && m.value == "" {
			wrong[name] = blank
		}
	}
	if in.Article.TagList.null {
		wrong["tagList"] = blank
	}
	return crossfade.Invalid(wrong)
}

// apply makes the changes that were asked for.
func (in articleChange) apply(text *articleText) {
	in.Article.Title.apply(&text.title)
	in.Article.Description.apply(&text.description)
	in.Article.Body.apply(&text.body)
	in.Article.TagList.apply(&text.tags)
}

func (m member[T]) apply(to *T) {
	if m.given {
		*to = m.value
	}
}

type newComment struct {
	Comment struct{ Body string }
}

func (in newComment) Validate() error { return needs(map[string]string{"body": in.Comment.Body}) }

package main

// What the API is told. The types check themselves, for handlers of both shapes.

import (
	"encoding/json"

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

func (m member[T]) apply(to *T) {
	if m.given {
		*to = m.value
	}
}

// orNone is apply for a text that is nil where it is empty.
func orNone(m member[string], to **string) {
	if m.given {
		*to = nil
	}
	if m.value != "" {
		*to = &m.value
	}
}

// needs says which of the named values are empty.
func needs(values map[string]string) error {
	wrong := map[string]string{}
	for name, value := range values {
		if value == "" {
			wrong[name] = blank
		}
	}
	return crossfade.Invalid(wrong)
}

// keeps says which of the named members would make a value empty that must not be.
func keeps(members map[string]member[string]) map[string]string {
	wrong := map[string]string{}
	for name, m := range members {
		if m.given && m.value == "" {
			wrong[name] = blank
		}
	}
	return wrong
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
	return crossfade.Invalid(keeps(map[string]member[string]{"username": in.User.Username, "email": in.User.Email, "password": in.User.Password}))
}

// change returns what makes the changes that were asked for. A password takes its time, and is hashed
// before anything is locked; an empty bio is none.
func (in userChange) change(rounds int) (func(*user), error) {
	var hashed user
	if in.User.Password.given {
		if err := hashed.setPassword(in.User.Password.value, rounds); err != nil {
			return nil, err
		}
	}
	return func(u *user) {
		in.User.Username.apply(&u.username)
		in.User.Email.apply(&u.email)
		orNone(in.User.Bio, &u.bio)
		orNone(in.User.Image, &u.image)
		if in.User.Password.given {
			u.salt, u.hash = hashed.salt, hashed.hash
		}
	}, nil
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
	wrong := keeps(map[string]member[string]{"title": in.Article.Title, "description": in.Article.Description, "body": in.Article.Body})
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

type newComment struct {
	Comment struct{ Body string }
}

func (in newComment) Validate() error { return needs(map[string]string{"body": in.Comment.Body}) }

package main

// What the API says, as JSON. It depends on who asks: whom they follow, and what they like.

import (
	"slices"
	"time"
)

// date is a time as JavaScript writes it, always with three digits for the milliseconds.
type date time.Time

func (d date) MarshalText() ([]byte, error) {
	return time.Time(d).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

type userView struct {
	Email    string  `json:"email"`
	Token    string  `json:"token"`
	Username string  `json:"username"`
	Bio      *string `json:"bio"`
	Image    *string `json:"image"`
}

type profileView struct {
	Username  string  `json:"username"`
	Bio       *string `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"`
}

type articleView struct {
	Slug        string      `json:"slug"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Body        *string     `json:"body,omitempty"` // a list has none
	Tags        []string    `json:"tagList"`
	Created     date        `json:"createdAt"`
	Updated     date        `json:"updatedAt"`
	Favorited   bool        `json:"favorited"`
	Favorites   int         `json:"favoritesCount"`
	Author      profileView `json:"author"`
}

type articleList struct {
	Articles []articleView `json:"articles"`
	Count    int           `json:"articlesCount"`
}

type commentView struct {
	ID      int64       `json:"id"`
	Created date        `json:"createdAt"`
	Updated date        `json:"updatedAt"`
	Body    string      `json:"body"`
	Author  profileView `json:"author"`
}

// The members that the API puts around each answer.
type (
	userBody struct {
		User userView `json:"user"`
	}
	profileBody struct {
		Profile profileView `json:"profile"`
	}
	articleBody struct {
		Article articleView `json:"article"`
	}
	commentBody struct {
		Comment commentView `json:"comment"`
	}
	commentsBody struct {
		Comments []commentView `json:"comments"`
	}
	tagsBody struct {
		Tags []string `json:"tags"`
	}
)

// session is a user as they see themselves, with a token to come back with.
func (a *app) session(u user) userBody {
	return userBody{userView{u.email, a.tokens.issue(u.id, a.clock()), u.username, u.bio, u.image}}
}

func (s *store) viewProfile(u *user, viewer int64) profileView {
	return profileView{u.username, u.bio, u.image, s.follows[edge{viewer, u.id}]}
}

func (s *store) viewArticle(a *article, viewer int64) articleView {
	favorites := 0
	for e := range s.favorites {
		if e.to == a.id {
			favorites++
		}
	}
	body, tags := a.body, append([]string{}, a.tags...)
	slices.Sort(tags)
	return articleView{
		Slug: a.slug, Title: a.title, Description: a.description, Body: &body, Tags: tags,
		Created: date(a.created), Updated: date(a.updated),
		Favorited: s.favorites[edge{viewer, a.id}], Favorites: favorites, Author: s.viewProfile(s.users[a.author], viewer),
	}
}

func (s *store) viewComment(c *comment, viewer int64) commentView {
	return commentView{c.id, date(c.created), date(c.created), c.body, s.viewProfile(s.users[c.author], viewer)}
}

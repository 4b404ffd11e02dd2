package main

// What the service knows, in memory. A database would stand here; the handlers of neither shape would
// notice. Everything that leaves the store is a copy.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

type store struct {
	mu        sync.RWMutex
	clock     func() time.Time
	last      time.Time // that tick gave out
	lastID    int64
	users     map[int64]*user
	articles  map[string]*article // by slug
	comments  map[int64]*comment
	follows   map[edge]bool // from a user to a user
	favorites map[edge]bool // from a user to an article
}

type edge struct{ from, to int64 }

type user struct {
	id              int64
	username, email string
	bio, image      *string
	salt, hash      []byte // of the password
}

type article struct {
	id, author int64
	slug       string
	articleText
	created, updated time.Time
}

// articleText is what an author writes.
type articleText struct {
	title, description, body string
	tags                     []string
}

type comment struct {
	id, article, author int64
	body                string
	created             time.Time
}

func newStore(clock func() time.Time) *store {
	return &store{
		clock: clock, users: map[int64]*user{}, articles: map[string]*article{}, comments: map[int64]*comment{},
		follows: map[edge]bool{}, favorites: map[edge]bool{},
	}
}

// tick is the time in milliseconds, later with each call: what was made later sorts after.
func (s *store) tick() time.Time {
	now := s.clock().UTC().Truncate(time.Millisecond)
	if !now.After(s.last) {
		now = s.last.Add(time.Millisecond)
	}
	s.last = now
	return now
}

func (s *store) nextID() int64 { s.lastID++; return s.lastID }

// Users

func (s *store) user(id int64) (user, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u, ok := s.users[id]
	if !ok {
		return user{}, false
	}
	return *u, true
}

func (s *store) userByEmail(email string) (user, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, u := range s.users {
		if u.email == email {
			return *u, true
		}
	}
	return user{}, false
}

func (s *store) addUser(u user) (user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.free(u); err != nil {
		return user{}, err
	}
	u.id = s.nextID()
	s.users[u.id] = &u
	return u, nil
}

func (s *store) changeUser(id int64, change func(*user)) (user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := *s.users[id]
	change(&u)
	if err := s.free(u); err != nil {
		return user{}, err
	}
	s.users[id] = &u
	return u, nil
}

// free says whether a name or an address belongs to another user.
func (s *store) free(u user) error {
	for _, other := range s.users {
		switch {
		case other.id == u.id:
		case other.username == u.username:
			return taken("username")
		case other.email == u.email:
			return taken("email")
		}
	}
	return nil
}

// Profiles

func (s *store) profile(username string, viewer int64) (profileView, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u := s.named(username)
	if u == nil {
		return profileView{}, notFound("profile")
	}
	return s.viewProfile(u, viewer), nil
}

// follow makes the viewer follow a user, or not any more.
func (s *store) follow(username string, viewer int64, on bool) (profileView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.named(username)
	if u == nil {
		return profileView{}, notFound("profile")
	}
	set(s.follows, edge{viewer, u.id}, on)
	return s.viewProfile(u, viewer), nil
}

func (s *store) named(username string) *user {
	for _, u := range s.users {
		if u.username == username {
			return u
		}
	}
	return nil
}

func set(edges map[edge]bool, e edge, on bool) {
	if on {
		edges[e] = true
	} else {
		delete(edges, e)
	}
}

// Articles

// filter chooses articles; what is empty chooses all.
type filter struct {
	tag, author, favorited string // favorited by this user
	feedOf                 int64  // by those whom this user follows
	page                   page
}

// list returns a page of the articles that a filter chooses, the newest first, and how many it chooses.
func (s *store) list(f filter, viewer int64) articleList {
	s.mu.RLock()
	defer s.mu.RUnlock()
	chosen := slices.DeleteFunc(slices.Collect(maps.Values(s.articles)), func(a *article) bool { return !s.chooses(f, a) })
	slices.SortFunc(chosen, func(a, b *article) int { return b.created.Compare(a.created) })
	list := articleList{Articles: []articleView{}, Count: len(chosen)}
	chosen = chosen[min(f.page.offset, len(chosen)):]
	for _, a := range chosen[:min(f.page.limit, len(chosen))] {
		view := s.viewArticle(a, viewer)
		view.Body = nil
		list.Articles = append(list.Articles, view)
	}
	return list
}

func (s *store) chooses(f filter, a *article) bool {
	if f.favorited != "" {
		u := s.named(f.favorited)
		if u == nil || !s.favorites[edge{u.id, a.id}] {
			return false
		}
	}
	return (f.tag == "" || slices.Contains(a.tags, f.tag)) &&
		(f.author == "" || s.users[a.author].username == f.author) &&
		(f.feedOf == 0 || s.follows[edge{f.feedOf, a.author}])
}

func (s *store) article(slug string, viewer int64) (articleView, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.articles[slug]
	if !ok {
		return articleView{}, notFound("article")
	}
	return s.viewArticle(a, viewer), nil
}

func (s *store) publish(text articleText, author int64) articleView {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.tick()
	a := &article{id: s.nextID(), author: author, articleText: text, created: now, updated: now}
	a.slug = slugOf(a.title)
	if _, taken := s.articles[a.slug]; taken || a.slug == "feed" {
		a.slug = fmt.Sprintf("%s-%d", a.slug, a.id)
	}
	s.articles[a.slug] = a
	return s.viewArticle(a, author)
}

// edit changes an article of the viewer's own. The slug stays: links to it are out.
func (s *store) edit(slug string, viewer int64, change func(*articleText)) (articleView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.own(slug, viewer)
	if err != nil {
		return articleView{}, err
	}
	change(&a.articleText)
	a.updated = s.tick()
	return s.viewArticle(a, viewer), nil
}

func (s *store) remove(slug string, viewer int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.own(slug, viewer)
	if err != nil {
		return err
	}
	delete(s.articles, slug)
	maps.DeleteFunc(s.comments, func(_ int64, c *comment) bool { return c.article == a.id })
	maps.DeleteFunc(s.favorites, func(e edge, _ bool) bool { return e.to == a.id })
	return nil
}

func (s *store) own(slug string, viewer int64) (*article, error) {
	a, ok := s.articles[slug]
	switch {
	case !ok:
		return nil, notFound("article")
	case a.author != viewer:
		return nil, forbidden("article")
	}
	return a, nil
}

// favorite makes an article a favorite of the viewer's, or not any more.
func (s *store) favorite(slug string, viewer int64, on bool) (articleView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.articles[slug]
	if !ok {
		return articleView{}, notFound("article")
	}
	set(s.favorites, edge{viewer, a.id}, on)
	return s.viewArticle(a, viewer), nil
}

// tags are those of all articles, sorted.
func (s *store) tags() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	tags := []string{}
	for _, a := range s.articles {
		tags = append(tags, a.tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func slugOf(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return cmp.Or(strings.Join(words, "-"), "untitled")
}

// Comments

func (s *store) commentsOn(slug string, viewer int64) ([]commentView, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.articles[slug]
	if !ok {
		return nil, notFound("article")
	}
	views := []commentView{}
	for _, id := range slices.Sorted(maps.Keys(s.comments)) {
		if c := s.comments[id]; c.article == a.id {
			views = append(views, s.viewComment(c, viewer))
		}
	}
	return views, nil
}

func (s *store) say(slug, body string, author int64) (commentView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.articles[slug]
	if !ok {
		return commentView{}, notFound("article")
	}
	c := &comment{id: s.nextID(), article: a.id, author: author, body: body, created: s.tick()}
	s.comments[c.id] = c
	return s.viewComment(c, author), nil
}

func (s *store) unsay(slug string, id, viewer int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.articles[slug]
	if !ok {
		return notFound("article")
	}
	c, ok := s.comments[id]
	switch {
	case !ok || c.article != a.id:
		return notFound("comment")
	case c.author != viewer:
		return forbidden("comment")
	}
	delete(s.comments, id)
	return nil
}

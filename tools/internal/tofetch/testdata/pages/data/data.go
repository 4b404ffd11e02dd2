// Package data holds what the pages show.
package data

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// Post is one post.
type Post struct {
	Slug  string   `json:"slug"`
	Title string   `json:"title"`
	Body  string   `json:"body,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Likes int      `json:"likes"`
}

// The errors of a Blog.
var (
	ErrNotFound = errors.New("there is no such post")
	ErrTaken    = errors.New("the slug is taken")
)

// Blog is the posts.
type Blog struct {
	mu    sync.Mutex
	posts map[string]Post
	mails []string
}

// New returns a blog with posts.
func New() *Blog {
	return &Blog{posts: map[string]Post{
		"hello": {"hello", "Hello", "First post", []string{"news"}, 1},
		"go":    {"go", "Go", "On handlers", []string{"code", "go"}, 7},
	}}
}

// Post returns a post.
func (b *Blog) Post(slug string) (Post, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.posts[slug]
	if !ok {
		return Post{}, ErrNotFound
	}
	return p, nil
}

// Posts returns the posts with a tag, or all.
func (b *Blog) Posts(tag string) []Post {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []Post{}
	for _, p := range b.posts {
		if tag == "" || slices.Contains(p.Tags, tag) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(x, y Post) int { return strings.Compare(x.Slug, y.Slug) })
	return list
}

// Add adds a post.
func (b *Blog) Add(p Post) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.posts[p.Slug]; ok {
		return ErrTaken
	}
	b.posts[p.Slug] = p
	return nil
}

// Put changes a post.
func (b *Blog) Put(p Post) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.posts[p.Slug] = p
}

// Remove removes a post.
func (b *Blog) Remove(slug string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.posts[slug]
	delete(b.posts, slug)
	return ok
}

// Subscribe keeps an address.
func (b *Blog) Subscribe(mail string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, mail)
	return len(b.mails)
}

// Built is when the blog was built.
var Built = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

// Package express is the first corpus of the codemod: a bookshop as services on Express look, in the
// mutable shape.
package express

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

type book struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Author string  `json:"author"`
	Price  float64 `json:"price"`
	Stock  int     `json:"stock"`
}

type apiError struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

var (
	errMissing = errors.New("there is no such book")
	errBroken  = errors.New("the shelf has broken down")
)

// shelf holds the books.
type shelf struct {
	mu    sync.Mutex
	books map[string]book
	sold  int
}

func (s *shelf) get(_ context.Context, id string) (book, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "broken" {
		return book{}, errBroken
	}
	b, ok := s.books[id]
	if !ok {
		return book{}, fmt.Errorf("book %q: %w", id, errMissing)
	}
	return b, nil
}

func (s *shelf) find(author string, limit int) []book {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []book{}
	for _, b := range s.books {
		if author == "" || strings.EqualFold(b.Author, author) {
			found = append(found, b)
		}
	}
	slices.SortFunc(found, func(a, b book) int { return strings.Compare(a.ID, b.ID) })
	if limit > 0 && limit < len(found) {
		found = found[:limit]
	}
	return found
}

func (s *shelf) put(b book) book {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.ID == "" {
		b.ID = fmt.Sprint(len(s.books) + 1)
	}
	s.books[b.ID] = b
	return b
}

func (s *shelf) drop(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.books[id]; !ok {
		return errMissing
	}
	delete(s.books, id)
	return nil
}

func (s *shelf) sell() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sold++
	return s.sold
}

type shop struct {
	shelf *shelf
	name  string
}

func newShop() *shop {
	return &shop{name: "corner", shelf: &shelf{books: map[string]book{
		"1": {"1", "Dune", "Herbert", 9.5, 3},
		"2": {"2", "Emma", "Austen", 7, 0},
		"3": {"3", "Persuasion", "Austen", 8, 12},
	}}}
}

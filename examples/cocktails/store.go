package main

// Cocktails and likes in SQLite. The store speaks of cocktails, not of HTTP;
// only its errors know which status they mean, so that a handler of either shape
// can return them as they are.

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	_ "modernc.org/sqlite" // in Go, so that the program needs no C compiler

	"github.com/crossfade-go/crossfade/fetch"
)

type cocktail struct {
	summary
	Ingredients  []ingredient `json:"ingredients"`
	Instructions string       `json:"instructions"`
}

// summary is a cocktail as lists have it.
type summary struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Glass string `json:"glass"`
	Likes int    `json:"likes"`
}

type ingredient struct {
	Amount string `json:"amount"`
	Name   string `json:"name"`
}

// like is what the stream tells: how many a cocktail has now.
type like struct {
	ID    string `json:"id"`
	Likes int    `json:"likes"`
}

var errNoCocktail = fetch.Errorf(404, "there is no such cocktail")

// store is safe for any number of goroutines. Close it at the end.
type store struct{ *sql.DB }

// openStore opens the database in a file, or in memory for "", and fills it if
// it is new.
func openStore(ctx context.Context, file string) (*store, error) {
	if file == "" {
		file = ":memory:"
	}
	db, err := sql.Open("sqlite", "file:"+escapePath(file)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	// SQLite writes one at a time anyway, and a database in memory lives in its
	// one connection.
	db.SetMaxOpenConns(1)
	s := &store{db}
	if err := s.seed(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// escapePath lets a path stand in SQLite's URI.
var escapePath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace

const summaries = `
	SELECT id, name, glass, (SELECT count(*) FROM likes WHERE cocktail = id)
	FROM cocktails `

func (s *store) list(ctx context.Context) ([]summary, error) {
	return s.summaries(ctx, "ORDER BY id")
}

// search finds the cocktails with an ingredient that has these words in its
// name: gin is in "Sloe gin", not in "Ginger beer".
func (s *store) search(ctx context.Context, words string) ([]summary, error) {
	return s.summaries(ctx, `
		WHERE id IN (SELECT cocktail FROM ingredients WHERE instr(words, ?) > 0)
		ORDER BY id`, searchWords(words))
}

// searchWords is a name as search compares it.
func searchWords(name string) string {
	return " " + strings.Join(strings.Fields(strings.ToLower(name)), " ") + " "
}

func (s *store) summaries(ctx context.Context, where string, args ...any) ([]summary, error) {
	rows, err := s.QueryContext(ctx, summaries+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []summary{} // an empty list is [] in JSON, not null
	for rows.Next() {
		var c summary
		if err := rows.Scan(&c.ID, &c.Name, &c.Glass, &c.Likes); err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

func (s *store) cocktail(ctx context.Context, id string) (cocktail, error) {
	found, err := s.summaries(ctx, "WHERE id = ?", id)
	if err != nil {
		return cocktail{}, err
	}
	if len(found) == 0 {
		return cocktail{}, errNoCocktail
	}
	c := cocktail{summary: found[0]}
	if err := s.QueryRowContext(ctx, "SELECT instructions FROM cocktails WHERE id = ?", id).Scan(&c.Instructions); err != nil {
		return cocktail{}, err
	}
	rows, err := s.QueryContext(ctx, "SELECT amount, name FROM ingredients WHERE cocktail = ? ORDER BY position", id)
	if err != nil {
		return cocktail{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var in ingredient
		if err := rows.Scan(&in.Amount, &in.Name); err != nil {
			return cocktail{}, err
		}
		c.Ingredients = append(c.Ingredients, in)
	}
	return c, rows.Err()
}

// random is any cocktail, one that the user has not liked before others.
func (s *store) random(ctx context.Context, user string) (cocktail, error) {
	var id string
	if err := s.QueryRowContext(ctx, `
		SELECT id FROM cocktails
		ORDER BY id IN (SELECT cocktail FROM likes WHERE user = ?), random() LIMIT 1`, user).Scan(&id); err != nil {
		return cocktail{}, err
	}
	return s.cocktail(ctx, id)
}

// like counts each user once.
func (s *store) like(ctx context.Context, id, user string) (like, error) {
	_, err := s.ExecContext(ctx, "INSERT OR IGNORE INTO likes SELECT id, ? FROM cocktails WHERE id = ?", user, id)
	if err != nil {
		return like{}, err
	}
	found, err := s.summaries(ctx, "WHERE id = ?", id)
	if err != nil {
		return like{}, err
	}
	if len(found) == 0 {
		return like{}, errNoCocktail
	}
	return like{found[0].ID, found[0].Likes}, nil
}

package main

// A new database gets its tables, the cocktails and the demo users in one
// transaction: it is complete, or it is still new.

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
)

var (
	//go:embed data/schema.sql
	schema string
	//go:embed data/cocktails.json
	seedCocktails []byte
	//go:embed data/users.json
	seedUsers []byte
)

func (s *store) seed(ctx context.Context) error {
	var version int
	if err := s.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	if version > 0 {
		return nil
	}
	tx, err := s.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := fill(ctx, tx); err != nil {
		return fmt.Errorf("filling the database: %w", err)
	}
	return tx.Commit()
}

func fill(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	var cocktails []cocktail
	if err := json.Unmarshal(seedCocktails, &cocktails); err != nil {
		return err
	}
	for _, c := range cocktails {
		if _, err := tx.ExecContext(ctx, "INSERT INTO cocktails VALUES (?, ?, ?, ?)", c.ID, c.Name, c.Glass, c.Instructions); err != nil {
			return err
		}
		for i, in := range c.Ingredients {
			if _, err := tx.ExecContext(ctx, "INSERT INTO ingredients VALUES (?, ?, ?, ?, ?)", c.ID, i, in.Amount, in.Name, searchWords(in.Name)); err != nil {
				return err
			}
		}
	}
	var users []struct {
		user
		Password string `json:"password"`
	}
	if err := json.Unmarshal(seedUsers, &users); err != nil {
		return err
	}
	for _, u := range users {
		if _, err := tx.ExecContext(ctx, "INSERT INTO users VALUES (?, ?, ?)", u.Name, u.Password, u.Admin); err != nil {
			return err
		}
	}
	return nil
}

package main

// Who may log in, and for how long. Neither passwords nor tokens are in the
// database: of both it has only hashes.

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/fetch"
)

type user struct {
	Name  string `json:"name"`
	Admin bool   `json:"admin"`
}

const sessionLife = 12 * time.Hour

var errWrongPassword = fetch.Errorf(401, "wrong name or password")

// nobody is compared with where there is no such user, so that the time of the
// answer does not tell who exists.
const nobody = "pbkdf2-sha256$600000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (s *store) logIn(ctx context.Context, name, password string) (user, error) {
	u, hash := user{}, nobody
	err := s.QueryRowContext(ctx, "SELECT name, admin, password FROM users WHERE name = ?", name).Scan(&u.Name, &u.Admin, &hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return user{}, err
	}
	ok, hashErr := matches(hash, password)
	if hashErr != nil {
		return user{}, fmt.Errorf("the password of %q: %w", name, hashErr)
	}
	if err != nil || !ok {
		return user{}, errWrongPassword
	}
	return u, nil
}

// matches compares a password with a hash of the form
// pbkdf2-sha256$iterations$salt$key.
func matches(hash, password string) (bool, error) {
	fields := strings.Split(hash, "$")
	if len(fields) != 4 || fields[0] != "pbkdf2-sha256" {
		return false, errors.New("its hash is not of the form pbkdf2-sha256$iterations$salt$key")
	}
	iterations, err1 := strconv.Atoi(fields[1])
	salt, err2 := base64.RawStdEncoding.DecodeString(fields[2])
	key, err3 := base64.RawStdEncoding.DecodeString(fields[3])
	if err := errors.Join(err1, err2, err3); err != nil {
		return false, err
	}
	got, err := pbkdf2.Key(sha256.New, password, salt, iterations, len(key))
	return subtle.ConstantTimeCompare(got, key) == 1, err
}

// startSession returns the token of a new session.
func (s *store) startSession(ctx context.Context, u user) (token string, err error) {
	token = rand.Text()
	_, err = s.ExecContext(ctx, "INSERT INTO sessions VALUES (?, ?, ?)", hashed(token), u.Name, time.Now().Add(sessionLife).Unix())
	return token, err
}

// sessionUser returns whose session it is, or errLoggedOut.
func (s *store) sessionUser(ctx context.Context, token string) (u user, err error) {
	err = s.QueryRowContext(ctx, `
		SELECT name, admin FROM users JOIN sessions ON name = user
		WHERE token = ? AND expires > ?`, hashed(token), time.Now().Unix()).Scan(&u.Name, &u.Admin)
	if errors.Is(err, sql.ErrNoRows) {
		return user{}, errLoggedOut
	}
	return u, err
}

func (s *store) endSession(ctx context.Context, token string) error {
	_, err := s.ExecContext(ctx, "DELETE FROM sessions WHERE token = ?", hashed(token))
	return err
}

func (s *store) dropOldSessions(ctx context.Context) error {
	_, err := s.ExecContext(ctx, "DELETE FROM sessions WHERE expires <= ?", time.Now().Unix())
	return err
}

// hashed is a token as the database has it. A token is random, so it needs no
// salt.
func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

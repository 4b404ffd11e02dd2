package main

// Tokens and passwords, with the standard library.

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// lifetime is how long a token is good for.
const lifetime = 60 * 24 * time.Hour

// tokens is the secret that signs tokens: a user's id and when the token ends, and a MAC of both.
type tokens []byte

func (t tokens) issue(id int64, now time.Time) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(id))
	text = binary.BigEndian.AppendUint64(text, uint64(now.Add(lifetime).Unix()))
	return base64.RawURLEncoding.EncodeToString(append(text, t.mac(text)...))
}

// read returns the user of a token that this secret has signed and that has not ended.
func (t tokens) read(token string, now time.Time) (id int64, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(text) != 16+sha256.Size || !hmac.Equal(text[16:], t.mac(text[:16])) {
		return 0, false
	}
	if now.Unix() > int64(binary.BigEndian.Uint64(text[8:])) {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(text)), true
}

func (t tokens) mac(text []byte) []byte {
	h := hmac.New(sha256.New, t)
	h.Write(text)
	return h.Sum(nil)
}

// setPassword keeps what a password can be checked by, and not the password.
func (u *user) setPassword(password string, rounds int) (err error) {
	u.salt = []byte(rand.Text())
	u.hash, err = pbkdf2.Key(sha256.New, password, u.salt, rounds, sha256.Size)
	return err
}

func (u *user) hasPassword(password string, rounds int) bool {
	hash, err := pbkdf2.Key(sha256.New, password, u.salt, rounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(hash, u.hash) == 1
}

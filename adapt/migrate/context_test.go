package migrate_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// body counts how often it was closed.
type body struct {
	io.Reader
	closes int
}

func (b *body) Close() error { b.closes++; return nil }

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestGuardTransport(t *testing.T) {
	var sent []string
	guarded := migrate.GuardTransport(transport(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Method+r.Header.Get("Crossfade-Shadow"))
		return &http.Response{StatusCode: 204, Body: http.NoBody}, nil
	}))
	send := func(ctx context.Context, method string) error {
		r, err := http.NewRequestWithContext(ctx, method, "http://backend.example/", &body{Reader: strings.NewReader("x")})
		if err != nil {
			t.Fatal(err)
		}
		res, err := guarded.RoundTrip(r)
		if err == nil {
			defer res.Body.Close()
		}
		if r.Header.Get("Crossfade-Shadow") != "" {
			t.Error("the caller's request was changed")
		}
		if err != nil && r.Body.(*body).closes != 1 {
			t.Error("the body of a refused request was not closed")
		}
		return err
	}
	shadow := inside.MarkShadow(t.Context())
	if err := send(shadow, "GET"); err != nil {
		t.Errorf("a shadow may not read: %v", err)
	}
	if err := send(shadow, "POST"); !errors.Is(err, migrate.ErrShadowWrite) || !strings.Contains(err.Error(), "POST") {
		t.Errorf("a shadow may write: %v", err)
	}
	if err := send(t.Context(), "POST"); err != nil {
		t.Errorf("outside a shadow: %v", err)
	}
	if got := strings.Join(sent, " "); got != "GET1 POST" {
		t.Errorf("sent %q", got)
	}
}

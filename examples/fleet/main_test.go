package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// The replicas of the story are this program, which is the test here.
func TestMain(m *testing.M) {
	if os.Getenv(replicaEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The story checks itself.
func TestStory(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var told strings.Builder
	err := story(ctx, &told)
	t.Logf("\n%s", told.String())
	if err != nil {
		t.Error(err)
	}
}

// What the table counts: a small fleet whose new handlers all fail goes back.
func TestHurt(t *testing.T) {
	t.Parallel()
	failed, after, err := hurtOnce(t.Context(), 3, 100, false)
	if err != nil || failed == 0 || after >= giveUp {
		t.Errorf("%d requests are hurt within %v, %v", failed, after, err)
	}
}

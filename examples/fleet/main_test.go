package main

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
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

// What the table counts: a small fleet whose new handlers all fail goes back. Nothing of a request
// goes over the network meanwhile.
func TestHurt(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	heard := map[string]int{} // messages, by the first word of their subject
	failed, after, err := onBus(t.Context(), func(b *bus) (uint64, time.Duration, error) {
		_, err := b.nc.Subscribe(">", func(m *nats.Msg) {
			mu.Lock()
			defer mu.Unlock()
			word, _, _ := strings.Cut(m.Subject, ".")
			heard[word]++
			if strings.Contains(m.Subject+string(m.Data), "user ") {
				t.Errorf("a key is in a message to %s: %s", m.Subject, m.Data)
			}
		})
		if err != nil {
			return 0, 0, err
		}
		return hurtOnce(t.Context(), b, 3, 100, false)
	})
	if err != nil || failed == 0 || after >= giveUp {
		t.Errorf("%d requests are hurt within %v, %v", failed, after, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if heard["crossfade"] == 0 || heard["$KV"] == 0 {
		t.Errorf("there were no counts, or no document, to look into: %v", heard)
	}
}

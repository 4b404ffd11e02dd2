// Package planredis follows a document of plans in a key of Redis, and carries what replicas have
// counted over a channel.
//
//	client := redis.NewClient(&redis.Options{Addr: "redis:6379"})
//	err := mux.Follow(ctx, planredis.New(client, planredis.Config{Key: "crossfade:shop"}), migrate.FollowConfig{
//		Cache: "/var/lib/shop/plans.json",
//		Peers: planredis.Peers(client, "crossfade:shop:counts"),
//	})
//
// The key holds the whole document, as JSON. It is looked up every two seconds. A message on a
// channel is no more than a hint to look now, since Redis loses messages while a subscriber is
// away. Update sends one; a program that writes the key in another way may send one, too: `redis-cli publish
// crossfade:shop:changed now`.
package planredis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Config says where the document is.
type Config struct {
	Key     string        // of the document; empty means "crossfade:plans"
	Channel string        // for hints that it has changed; empty means the key and ":changed"
	Poll    time.Duration // until the key is looked up without a hint; 0 means 2 seconds, and 20 are the most
}

// New returns the source. It is a migrate.Writable. It does not close the client; the server may be
// away, also at the start. With a cluster or sentinels, give the client reads from the primary, or
// a replica that lags looks like a document that goes back.
func New(client redis.UniversalClient, c Config) migrate.Writable {
	if c.Key == "" {
		c.Key = "crossfade:plans"
	}
	if c.Channel == "" {
		c.Channel = c.Key + ":changed"
	}
	if c.Poll <= 0 || c.Poll > 20*time.Second {
		c.Poll = 2 * time.Second
	}
	return &source{client, c}
}

type source struct {
	client redis.UniversalClient
	Config
}

const patience = 3 * time.Second // for one answer of the server

// Watch implements migrate.Source. Only the end of ctx ends it.
func (s *source) Watch(ctx context.Context, put func(migrate.Document)) error {
	hints := s.client.Subscribe(ctx, s.Channel)
	defer func() { _ = hints.Close() }() // fails where it is closed already
	poll := time.NewTicker(s.Poll)
	defer poll.Stop()
	for changed := hints.Channel(redis.WithChannelSize(1)); ; {
		d := s.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		put(d)
		select {
		case <-ctx.Done():
			return nil
		case <-poll.C:
		case _, open := <-changed:
			if !open {
				changed = nil // there are the looks
			}
		}
	}
}

func (s *source) look(ctx context.Context) migrate.Document {
	text, err := s.get(ctx)
	if err != nil {
		return migrate.Document{Err: fmt.Errorf("planredis: key %q: %w", s.Key, err)}
	}
	return migrate.ParseDocument(text)
}

var errNothing = errors.New("nothing is there")

func (s *source) get(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := s.client.Get(ctx, s.Key).Bytes()
	if errors.Is(err, redis.Nil) {
		err = errNothing
	}
	return text, err
}

// swap sets the key if it holds what was seen, or nothing where nothing was, and gives the hint.
var swap = redis.NewScript(`
local is = redis.call('GET', KEYS[1])
if (ARGV[1] == 'none' and is == false) or (ARGV[1] == 'text' and is == ARGV[2]) then
	redis.call('SET', KEYS[1], ARGV[3])
	redis.call('PUBLISH', ARGV[4], 'now')
	return 1
end
return 0`)

// Update implements migrate.Writable, by a script that compares and sets.
func (s *source) Update(ctx context.Context, version uint64, d migrate.Document) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d.Version = version + 1
	next, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("planredis: %w", err)
	}
	seen, is, there := "none", uint64(0), migrate.Document{}
	text, err := s.get(ctx)
	switch {
	case errors.Is(err, errNothing):
	case err != nil:
		return fmt.Errorf("planredis: key %q: %w", s.Key, err)
	default:
		if there = migrate.ParseDocument(text); there.Err != nil {
			return fmt.Errorf("planredis: %w: what is there cannot be read: %w", migrate.ErrVersion, there.Err)
		}
		seen, is = "text", there.Version
	}
	if is != version {
		return fmt.Errorf("planredis: %w: it is of version %d, not %d", migrate.ErrVersion, is, version)
	}
	set, err := swap.Run(ctx, s.client, []string{s.Key}, seen, text, next, s.Channel).Int()
	switch {
	case err != nil:
		return fmt.Errorf("planredis: key %q: %w", s.Key, err)
	case set == 0:
		return fmt.Errorf("planredis: %w: somebody else was first", migrate.ErrVersion)
	}
	return nil
}

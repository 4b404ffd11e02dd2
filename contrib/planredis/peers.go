package planredis

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Peers carries counts over a channel: whoever listens hears them, and nothing is kept. All
// replicas of one service use one channel, and no others do; whoever may publish on it can hold the
// pairs of the service on their old side, so let nobody else.
func Peers(client redis.UniversalClient, channel string) migrate.Peers {
	return &peers{client, channel}
}

type peers struct {
	client  redis.UniversalClient
	channel string
}

const (
	countsSize = 64 << 10 // bytes of one message
	countsWait = 8192     // messages that may wait; the others are lost, which counts make up for
)

// Publish implements migrate.Peers.
func (p *peers) Publish(ctx context.Context, c migrate.Counts) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := json.Marshal(c)
	if err == nil {
		err = p.client.Publish(ctx, p.channel, text).Err()
	}
	if err != nil {
		return fmt.Errorf("planredis: channel %q: %w", p.channel, err)
	}
	return nil
}

// Watch implements migrate.Peers. The client subscribes again by itself when the server was away. A
// message that cannot be read is left aside.
func (p *peers) Watch(ctx context.Context, put func(migrate.Counts)) error {
	subscription := p.client.Subscribe(ctx, p.channel)
	defer func() { _ = subscription.Close() }() // fails where it is closed already
	for messages := subscription.Channel(redis.WithChannelSize(countsWait)); ; {
		select {
		case <-ctx.Done():
			return nil
		case m, open := <-messages:
			if !open {
				return fmt.Errorf("planredis: channel %q: the subscription was closed", p.channel)
			}
			var c migrate.Counts
			if len(m.Payload) <= countsSize && json.Unmarshal([]byte(m.Payload), &c) == nil {
				put(c)
			}
		}
	}
}

package plannats

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Peers carries counts over a subject of core NATS: whoever listens hears them, and nothing is
// kept. All replicas of one service use one subject, and no others do; whoever may publish on it
// can hold the pairs of the service on their old side, so let nobody else.
func Peers(nc *nats.Conn, subject string) migrate.Peers { return &peers{nc, subject} }

type peers struct {
	nc      *nats.Conn
	subject string
}

const (
	countsSize = 64 << 10 // bytes of one message
	countsWait = 8192     // messages that may wait; the others are lost, which counts make up for
)

// Publish implements migrate.Peers.
func (p *peers) Publish(ctx context.Context, c migrate.Counts) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	text, err := json.Marshal(c)
	if err == nil {
		err = p.nc.Publish(p.subject, text)
	}
	if err != nil {
		return fmt.Errorf("plannats: subject %q: %w", p.subject, err)
	}
	return nil
}

// Watch implements migrate.Peers. A message that cannot be read is left aside.
func (p *peers) Watch(ctx context.Context, put func(migrate.Counts)) error {
	messages := make(chan *nats.Msg, countsWait)
	subscription, err := p.nc.ChanSubscribe(p.subject, messages)
	if err != nil {
		return fmt.Errorf("plannats: subject %q: %w", p.subject, err)
	}
	defer func() { _ = subscription.Unsubscribe() }() // fails where the connection is closed
	closed := p.nc.StatusChanged(nats.CLOSED)
	defer p.nc.RemoveStatusListener(closed)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-closed:
			return nats.ErrConnectionClosed
		case m := <-messages:
			var c migrate.Counts
			if len(m.Data) <= countsSize && json.Unmarshal(m.Data, &c) == nil {
				put(c)
			}
		}
	}
}

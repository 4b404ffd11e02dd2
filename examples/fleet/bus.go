package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/plannats"
)

// bus is the server that holds the document, and the controller's connection to it.
type bus struct {
	options *server.Options
	server  *server.Server
	nc      *nats.Conn
	kv      jetstream.KeyValue
	source  migrate.Writable
	version uint64
}

func newBus(ctx context.Context, dir string) (*bus, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	b := &bus{options: &server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true}}
	if err := b.start(); err != nil {
		return nil, err
	}
	if b.nc, err = nats.Connect(b.url(), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond)); err != nil {
		return nil, err
	}
	js, err := jetstream.New(b.nc)
	if err != nil {
		return nil, err
	}
	if b.kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, History: 16}); err != nil {
		return nil, err
	}
	b.source = plannats.New(js, plannats.Config{Bucket: bucket})
	return b, nil
}

// freePort is one that stays free while the server is stopped: a system gives none below 30,000 to a
// connection, so no replica that comes back takes it, nor meets itself there.
func freePort() (port int, err error) {
	for range 100 {
		listener, e := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 20_000+rand.IntN(10_000)))
		if e == nil {
			return listener.Addr().(*net.TCPAddr).Port, listener.Close()
		}
		err = e
	}
	return 0, err
}

func (b *bus) url() string { return "127.0.0.1:" + strconv.Itoa(b.options.Port) }

func (b *bus) start() (err error) {
	if b.server, err = server.NewServer(b.options); err != nil {
		return err
	}
	go b.server.Start()
	if !b.server.ReadyForConnections(patience) {
		return errors.New("the NATS server does not start")
	}
	return nil
}

func (b *bus) stop() {
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// put writes a directive for the pair against the newest version, whoever has written that.
func (b *bus) put(ctx context.Context, d migrate.Directive) error {
	d.By = "ada"
	next := migrate.Document{Pairs: map[string]migrate.Directive{pairName: d}}
	for {
		err := b.source.Update(ctx, b.version, next)
		if !errors.Is(err, migrate.ErrVersion) {
			b.version++
			return err
		}
		b.version++ // a replica has written the hold of the fleet
		if b.version > 1000 {
			return err
		}
	}
}

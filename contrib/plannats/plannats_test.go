package plannats_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/contrib/plannats"
)

// bus is an embedded server that can be stopped and started again, on the same port and store.
type bus struct {
	t    *testing.T
	dir  string
	port int
	*server.Server
}

func newBus(t *testing.T) *bus {
	b := &bus{t: t, dir: t.TempDir(), port: freePort(t)}
	b.start()
	t.Cleanup(b.stop)
	return b
}

// freePort is one that stays free while nobody listens: a system gives none below 30,000 to a
// connection, so no client takes it meanwhile, nor meets itself there.
func freePort(t *testing.T) int {
	for range 100 {
		listener, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", 20_000+rand.IntN(10_000)))
		if err == nil {
			defer listener.Close()
			return listener.Addr().(*net.TCPAddr).Port
		}
	}
	t.Fatal("no port is free")
	return 0
}

func (b *bus) start() {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: b.port, JetStream: true, StoreDir: b.dir, NoSigs: true, NoLog: true})
	if err != nil {
		b.t.Fatal(err)
	}
	go s.Start()
	if !s.ReadyForConnections(time.Minute) {
		b.t.Fatal("the server does not start")
	}
	b.Server = s
}

func (b *bus) stop() {
	b.Shutdown()
	b.WaitForShutdown()
}

func (b *bus) connect() (*nats.Conn, jetstream.JetStream) {
	b.t.Helper()
	nc, err := nats.Connect("127.0.0.1:"+strconv.Itoa(b.port), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond), nats.RetryOnFailedConnect(true))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		b.t.Fatal(err)
	}
	return nc, js
}

func (b *bus) bucket(js jetstream.JetStream) jetstream.KeyValue {
	b.t.Helper()
	kv, err := js.CreateKeyValue(b.t.Context(), jetstream.KeyValueConfig{Bucket: "crossfade", MaxValueSize: 1 << 20})
	if err != nil {
		b.t.Fatal(err)
	}
	return kv
}

func TestSource(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		b := newBus(t)
		_, js := b.connect()
		kv := b.bucket(js)
		ctx := context.Background()
		return sourcetest.Place{
			Source: plannats.New(js, plannats.Config{Bucket: "crossfade", Key: "shop"}),
			Write: func(text []byte) error {
				within, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				for {
					_, err := kv.Put(within, "shop", text)
					if err == nil || within.Err() != nil {
						return err
					}
					time.Sleep(100 * time.Millisecond) // the connection of this test comes back as well
				}
			},
			Remove:  func() error { return kv.Delete(ctx, "shop") },
			Cut:     func() error { b.stop(); return nil },
			Restore: func() error { b.start(); return nil },
		}
	})
}

// A server that was away does not make a replica that stayed later than one that is new.
func TestChangeAfterARestartOfTheServerIsSeenSoon(t *testing.T) {
	b := newBus(t)
	_, writer := b.connect()
	kv := b.bucket(writer)
	_, js := b.connect()
	s := plannats.New(js, plannats.Config{Bucket: "crossfade"})
	if _, err := kv.Put(t.Context(), "plans", []byte(`{"version": 1, "pairs": {}}`)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	versions, done := make(chan uint64, 100), make(chan error, 1)
	go func() { done <- s.Watch(ctx, func(d migrate.Document) { versions <- d.Version }) }()
	until := func(version uint64) {
		t.Helper()
		for deadline := time.After(time.Minute); ; {
			select {
			case v := <-versions:
				if v == version {
					return
				}
			case <-deadline:
				t.Fatalf("version %d was not seen", version)
			}
		}
	}
	until(1)
	b.stop()
	b.start()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if _, err = kv.Put(t.Context(), "plans", []byte(`{"version": 2, "pairs": {}}`)); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	until(2)
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Watch returns %v", err)
	}
}

func TestNoBucketIsSaid(t *testing.T) {
	b := newBus(t)
	_, js := b.connect()
	s := plannats.New(js, plannats.Config{Bucket: "none"})
	ctx, cancel := context.WithCancel(t.Context())
	if err := s.Watch(ctx, func(d migrate.Document) {
		if d.Err == nil {
			t.Error("a bucket that is not there has a document")
		}
		cancel()
	}); err != nil {
		t.Errorf("Watch returns %v", err)
	}
	if err := s.Update(t.Context(), 0, migrate.Document{}); err == nil {
		t.Error("Update writes into a bucket that is not there")
	}
}

func TestPeers(t *testing.T) {
	b := newBus(t)
	nc, _ := b.connect()
	p := plannats.Peers(nc, "crossfade.shop")
	ctx, cancel := context.WithCancel(t.Context())
	got, done := make(chan migrate.Counts, 10), make(chan error, 1)
	go func() { done <- p.Watch(ctx, func(c migrate.Counts) { got <- c }) }()
	want := migrate.Counts{Pair: "GET /users/:id", Replica: "a", Version: 3, Epoch: 1 << 60, Old: migrate.Share{Bad: 1, Of: 10}, New: migrate.Share{Bad: 2, Of: 20}, Tripped: true}
	deadline := time.After(time.Minute)
	for sent := false; !sent; {
		for _, text := range []string{"{", "7", `{"new": {"bad": -1}}`} {
			if err := nc.Publish("crossfade.shop", []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Publish(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		select {
		case c := <-got:
			if diff := cmp.Diff(want, c); diff != "" {
				t.Errorf("what was published is not what is heard (-want +got):\n%s", diff)
			}
			sent = true
		case <-time.After(100 * time.Millisecond): // until the subscription is there
		case <-deadline:
			t.Fatal("nothing is heard")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Watch returns %v", err)
	}
	if err := p.Publish(ctx, want); err == nil {
		t.Error("Publish after the end of its context returns nil")
	}
	nc.Close()
	if err := p.Watch(t.Context(), func(migrate.Counts) {}); err == nil {
		t.Error("Watch of a closed connection returns nil")
	}
}
